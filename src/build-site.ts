import type { BuildReport, DryRunReport } from './build-report.ts';
import { MISPLACED_CODES } from './catalog/held-files.ts';
import type { RepositoryCatalog } from './catalog/repository-catalog.ts';
import { withIncluded } from './config/included.ts';
import type { SiteConfig } from './config/site-config.ts';
import { finishHousekeeping } from './housekeeping/housekeeping.ts';
import { trashedMalware, trashMalware } from './housekeeping/trash-malware.ts';
import type { BuildOptions } from './index/build-options.ts';
import { collectProblems, sortProblems } from './index/collect-problems.ts';
import { fileChanges } from './index/file-changes.ts';
import { freshAdvisories } from './index/fresh-advisories.ts';
import { keepAdded } from './index/keep-added.ts';
import { KnownMalware } from './index/known-malware.ts';
import { openTarget, publishedTarget } from './index/open-target.ts';
import { examine, filesIn, prepareIndex } from './index/prepare-index.ts';
import { catalogProject, type JobSettings } from './index/project-job.ts';
import { sumOf, withSecondLook } from './index/report-second-look.ts';
import { isOutdated } from './index/rules.ts';
import type { SiteScan } from './index/scan-site.ts';
import { takeSecondLook } from './index/second-look.ts';
import type { SiteSummary } from './index/site-summary.ts';
import { untilSettled } from './index/until-settled.ts';
import { type LearnedFile, LearnedFiles } from './inspect/learned-files.ts';
import { PackageReader } from './inspect/package-reader.ts';
import { previewIncoming } from './intake/preview-incoming.ts';
import { takeIncoming } from './intake/take-incoming.ts';
import type { Taken } from './intake/taking-run.ts';
import { makeFolder } from './io/disk.ts';
import { closeFolders } from './io/reach.ts';
import { sweepKept } from './names/withdraw-kept.ts';
import { checkPagesFolders } from './pages/check-folders.ts';
import { publishPages } from './pages/publish-pages.ts';
import type { Problem } from './problems.ts';
import { type Applied, applyPlan } from './publish/apply.ts';
import { removeLeftovers } from './publish/leftovers.ts';
import { lockSite } from './publish/lock.ts';
import { emptyManifest, type FileRecord, type Manifest, readGeneration, readManifest } from './publish/manifest.ts';
import { makeStateFolder } from './publish/state-folder.ts';
import { inPlaceTarget, type Target } from './publish/target.ts';
import type { NormalizedName } from './standards/name.ts';
import { publishSync } from './sync/publish-sync.ts';

export type { BuildOptions };

/**
 * Publish a site: the stages in their order. Everything up to the lock only reads, and writes under names that nobody
 * reads; what readers see changes in `applyPlan`.
 *
 * @throws {KhoError} when nothing could be published; what was published before still stands
 */
export async function buildSite(config: SiteConfig, options: BuildOptions = {}): Promise<BuildReport> {
  closeFolders();
  try {
    return await publishAndLookAgain(config, options);
  } finally {
    closeFolders(); // a service that waits for the next build keeps no disk from being unmounted
  }
}

/** What is new comes first. Then files are looked at that were published before, and what comes out otherwise is published in its turn. */
async function publishAndLookAgain(config: SiteConfig, options: BuildOptions): Promise<BuildReport> {
  const published = await publishSite(config, options);
  const { target, due, isFirst } = published;
  const budget = options.secondLook && { ...options.secondLook, ...(isFirst && { membersMs: 0 }) };
  const second = budget && due.size > 0 ? await takeSecondLook(config, target, published, budget) : undefined;
  if (!second) return published.report;
  const again = second.touched.size > 0 ? await publishSite(config, options) : undefined;
  return withSecondLook(published.report, second, again);
}

interface PublishedSite {
  report: BuildReport;
  target: Target;
  scan: SiteScan;
  /** What is remembered of it. */
  manifest: Manifest;
  due: SiteSummary['due'];
  /** Nothing was known of it before. */
  isFirst: boolean;
}

async function publishSite(config: SiteConfig, options: BuildOptions): Promise<PublishedSite> {
  const began = performance.now();
  const { target, manifest } = openTarget(config, options);
  checkPagesFolders(config, target);
  makeStateFolder(target.root);
  for (const { name } of config.repositories) makeFolder(target.folderOf(name));

  const { busy, onWait } = options;
  const lock = onWait ? { onWait } : {};
  if (!target.copies) await finishHousekeeping(config, lock);
  const unread = await freshAdvisories(config);
  const malware = new KnownMalware(config);
  if (!target.copies && manifest) await trashMalware(config, manifest, malware, lock);
  const whole: string[] = [];
  const onWhole = (sha256: string) => whole.push(sha256);
  const known = new LearnedFiles();
  const onKnown = (file: LearnedFile) => known.add(file);
  const incoming: Taken = target.copies
    ? { moved: [], problems: [], events: [] }
    : await takeIncoming(config, {
        now: Date.now(),
        onWhole,
        onKnown,
        ...(busy && { busy }),
        ...lock,
      });
  await untilSettled(known.values());
  const packages = new PackageReader();
  const settings = { ...options, whole, known, packages };
  const prepare = (before: Manifest | undefined) => prepareIndex(config, target, before, { ...settings, malware });
  let prepared = await prepare(manifest);
  let applied: Applied = { removed: 0, notes: [] };
  if (prepared.hasWork) {
    try {
      const unlock = await lockSite(target.root, lock);
      try {
        const isSame = readGeneration(target.root) === prepared.manifestBefore.generation;
        if (!isSame && !keepAdded(prepared, target.root)) {
          prepared.discard(); // another run published since we looked: look again, now that nobody else can
          prepared = await prepare(readManifest(target.root));
        }
        if (prepared.hasWork) applied = await applyPlan(prepared.plan); // else the other has done it all
        removeLeftovers(prepared.leftovers);
      } finally {
        unlock();
      }
    } finally {
      prepared.discard();
    }
  }
  const remembered = prepared.hasWork ? prepared.manifest : prepared.manifestBefore;
  const withdrawn = target.copies ? [] : await sweepKept(config, (name) => filesIn(remembered, name), lock);
  options.onChanges?.(prepared.changes);
  const isWatched = options.busy !== undefined;
  const source = inPlaceTarget(config);
  const { notes, ...faults } = await collectProblems(config, source, prepared.scan, prepared.summary, isWatched);
  const problems = sortProblems([...faults.problems, ...trashedMalware(config, malware)]);
  const pages = await publishPages({
    ...{ config, target, problems, packages },
    manifest: remembered,
    since: { generation: prepared.manifestBefore.generation, names: prepared.plan.changing },
    ...(options.jobs !== undefined && { jobs: options.jobs }),
    ...lock,
  });
  const sync = await publishSync({
    ...{ config, target, packages, manifest: remembered, ...lock },
    ...(options.onSyncDue && { onSyncDue: options.onSyncDue }),
  });
  const { scan, summary } = prepared;
  const report: BuildReport = {
    site: config.root,
    repositories: [...prepared.summary.listings.values()].map((listing) => listing.summary),
    problems: sortProblems([...incoming.problems, ...problems]),
    notes: [
      ...incoming.events,
      ...prepared.events,
      ...applied.notes,
      ...withdrawn,
      ...unread,
      ...pages.notes,
      ...sync.notes,
      ...notes,
    ],
    moved: incoming.moved,
    written: prepared.written + pages.written + sync.written,
    unchanged: prepared.summary.published + prepared.manifest.roots.size - prepared.written + pages.unchanged,
    removed: applied.removed + pages.removed + sync.removed,
    durationMs: Math.round(performance.now() - began),
    due: sumOf(summary.due),
  };
  return { report, target, scan, manifest: remembered, due: summary.due, isFirst: manifest === undefined };
}

/**
 * What `buildSite` would do, without changing anything on a disk. Files that were inspected under older rules are judged by those of today,
 * all of them, however long it takes.
 *
 * @throws {KhoError} as `buildSite`
 */
export async function previewBuild(config: SiteConfig, options: BuildOptions = {}): Promise<DryRunReport> {
  closeFolders();
  try {
    const now = Date.now();
    const { target, manifest = emptyManifest() } = openTarget(config, { ...options, isDry: true });
    const taken: Taken = target.copies
      ? { moved: [], problems: [], events: [] }
      : await previewIncoming(config, { now });
    const out = target.copies && { root: target.root, link: target.copies.link };
    const settings: JobSettings = { config, now, tellChanges: true, judgesAnew: true, ...(out && { out }) };
    const malware = new KnownMalware(config);
    const { scan, summary, results, gone } = await examine(config, target, manifest, settings, { ...options, malware });
    const { problems, notes } = await collectProblems(config, inPlaceTarget(config), scan, summary);
    const outdated = [...manifest.projects.names()].flatMap((name) => manifest.projects.get(name)?.files ?? []);
    return {
      site: config.root,
      dryRun: true,
      repositories: [...summary.listings.values()].map((listing) => listing.summary),
      problems: sortProblems([...taken.problems, ...problems, ...trashedMalware(config, malware)]),
      notes: [...taken.events, ...[...results.values()].flatMap(({ events }) => events), ...notes],
      moved: taken.moved,
      changes: [
        ...[...results.values()].flatMap(({ changes }) => changes),
        ...gone.flatMap((name) => fileChanges(manifest.projects.get(name)?.files ?? [], [])),
      ],
      outdated: outdated.filter(isOutdated).length,
    };
  } finally {
    closeFolders();
  }
}

/** What a site holds, published or not. */
export interface Survey {
  catalogs: RepositoryCatalog[];
  /** Of all projects, sorted. */
  names: readonly NormalizedName[];
  /** All files of one, listed or held. */
  filesOf(name: string): readonly FileRecord[];
  problems: Problem[];
  notes: Problem[];
}

/**
 * Look at a site without changing anything. Uses what the last build remembers, as far as it still holds.
 *
 * @param out where `kho build --out` published it: what is remembered there is used, as that build would
 * @throws {KhoError}
 */
export async function surveySite(config: SiteConfig, out?: string): Promise<Survey> {
  closeFolders();
  const source = inPlaceTarget(config);
  const target = publishedTarget(config, out);
  const manifestBefore = readManifest(target.root) ?? emptyManifest();
  const settings: JobSettings = {
    config,
    now: Date.now(),
    ...(target.copies && { out: { root: target.root, link: false } }),
  };
  const malware = new KnownMalware(config);
  const { manifest, scan, summary } = await examine(config, target, manifestBefore, settings, { malware });
  const catalogs = config.repositories.map(
    ({ name }): RepositoryCatalog => ({ repository: name, projects: [], held: new Map() }),
  );
  const names = [...manifest.projects.names()].sort() as NormalizedName[];
  const filesOf = (name: string) => filesIn(manifest, name);
  for (const name of names) {
    const files = filesOf(name);
    const { projects } = catalogProject(name, files, config);
    for (const catalog of catalogs) {
      const project = projects.get(catalog.repository);
      if (project) catalog.projects.push(project);
      const sources = withIncluded(catalog.repository, config.repositories);
      const held = files.flatMap(({ repository, problem, facts }) =>
        problem && (sources.has(repository) || MISPLACED_CODES.has(problem.code))
          ? [{ ...problem, ...(facts?.binaries && { binaries: facts.binaries }) }]
          : [],
      );
      if (held.length > 0) catalog.held.set(name, held);
    }
  }
  const { problems, notes } = await collectProblems(config, source, scan, summary);
  const trashed = trashedMalware(config, malware);
  return { catalogs, names, filesOf, problems: sortProblems([...problems, ...trashed]), notes };
}
