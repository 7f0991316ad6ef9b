import { randomBytes } from 'node:crypto';
import { collectProblems, sortProblems } from './build/collect-problems.ts';
import { type Changes, compare, settingsText } from './build/compare.ts';
import { fileChanges } from './build/file-changes.ts';
import { listPages, listsStand, spareForeignPages } from './build/list-pages.ts';
import { openTarget } from './build/open-target.ts';
import { catalogProject, type JobSettings } from './build/project-job.ts';
import { type Progress, runAllJobs, startEarly } from './build/run-jobs.ts';
import { checkMounted, type SiteScan, scanSite } from './build/scan-site.ts';
import { SiteSummary } from './build/site-summary.ts';
import type { BuildReport, FileChange } from './build-report.ts';
import { type HeldFile, MISPLACED_CODES } from './catalog/held-files.ts';
import type { Project } from './catalog/model.ts';
import { sitePath } from './catalog/resolve-listing.ts';
import { withIncluded } from './config/included.ts';
import type { SiteConfig } from './config/site-config.ts';
import { takeIncoming } from './incoming/take-incoming.ts';
import type { Taken } from './incoming/taking-run.ts';
import { makeFolder } from './io/disk.ts';
import { temporaryName } from './io/temporary-name.ts';
import { checkPagesFolders } from './pages/check-folders.ts';
import { publishPages } from './pages/publish-pages.ts';
import type { Problem } from './problems.ts';
import { applyPlan } from './publish/apply.ts';
import { readJournal } from './publish/journal.ts';
import { lockSite } from './publish/lock.ts';
import { emptyManifest, type Manifest, readGeneration, readManifest, stateFolder } from './publish/manifest.ts';
import { findOldCopies } from './publish/old-copies.ts';
import { nothingStaged, Stager } from './publish/stage.ts';
import { inPlaceTarget, splitRepository, type Target } from './publish/target.ts';
import type { NormalizedName } from './standards/name.ts';

export interface BuildOptions {
  /** Publish into this folder instead of beside the packages. */
  out?: string;
  /** With `out`: packages get there as hard links. */
  link?: boolean;
  /** Number of threads; decided by kho when absent. */
  jobs?: number;
  onProgress?: (progress: Progress) => void;
  /** Paths from the site's root of files that are being written: new ones count as not there yet. */
  busy?: ReadonlySet<string>;
  /** Called with what became of each file since the run before. Costs memory on a first build. */
  onChanges?: (changes: FileChange[]) => void;
  /** Called with the folders that hold packages, absolute. */
  onFolders?: (folders: string[]) => void;
  /** Called once, with words that name the run that publishes at the moment, when this one has to wait for it. */
  onWait?: (holder: string) => void;
}

/**
 * Publish a site: the stages in their order. Everything up to the lock only reads, and writes under names that nobody
 * reads; what readers see changes in `applyPlan`.
 *
 * @throws {KhoError} when nothing could be published; what was published before still stands
 */
export async function buildSite(config: SiteConfig, options: BuildOptions = {}): Promise<BuildReport> {
  const began = performance.now();
  const { target, manifest } = openTarget(config, options);
  checkPagesFolders(config, target);
  makeFolder(stateFolder(target.root));
  for (const { name } of config.repositories) makeFolder(target.folderOf(name));

  const { busy, onWait } = options;
  const incoming: Taken = target.copies
    ? { moved: [], problems: [], events: [] }
    : await takeIncoming(config, { now: Date.now(), ...(busy && { busy }), ...(onWait && { onWait }) });
  let prepared = await prepare(config, target, manifest, options);
  let removed = 0;
  if (prepared.hasWork) {
    try {
      const unlock = await lockSite(target.root, options.onWait ? { onWait: options.onWait } : {});
      try {
        if (readGeneration(target.root) !== prepared.known.generation) {
          prepared.discard(); // another run published since we looked: look again, now that nobody else can
          prepared = await prepare(config, target, readManifest(target.root), options);
        }
        if (prepared.hasWork) removed = applyPlan(prepared.plan); // the other may have done it all
      } finally {
        unlock();
      }
    } finally {
      prepared.discard();
    }
  }
  options.onChanges?.(prepared.changes);
  const isWatched = options.busy !== undefined;
  const source = inPlaceTarget(config);
  const { problems, notes } = await collectProblems(config, source, prepared.scan, prepared.summary, isWatched);
  const pages = await publishPages({
    ...{ config, target, problems },
    manifest: prepared.hasWork ? prepared.plan.manifest : prepared.known,
    since: { generation: prepared.known.generation, names: prepared.plan.touched },
    ...(options.jobs !== undefined && { jobs: options.jobs }),
    ...(onWait && { onWait }),
  });
  return {
    site: config.root,
    repositories: [...prepared.summary.listings.values()].map((listing) => listing.summary),
    problems: sortProblems([...incoming.problems, ...problems]),
    notes: [...incoming.events, ...prepared.events, ...pages.notes, ...notes],
    moved: incoming.moved,
    written: prepared.written + pages.written,
    unchanged: prepared.summary.published + prepared.plan.manifest.roots.size - prepared.written + pages.unchanged,
    removed: removed + pages.removed,
    durationMs: Math.round(performance.now() - began),
  };
}

export interface RepositoryCatalog {
  repository: string;
  /** Sorted by name. */
  projects: Project[];
  /** Files that are held, its own, of what it includes, and elsewhere in the site what is whole and lies in the wrong place. */
  held: Map<NormalizedName, HeldFile[]>;
}

/** What a site holds, published or not. */
export interface Survey {
  catalogs: RepositoryCatalog[];
  problems: Problem[];
  notes: Problem[];
}

/** Look at a site without changing anything. Uses what the last build remembers, as far as it still holds. @throws {KhoError} */
export async function surveySite(config: SiteConfig): Promise<Survey> {
  const source = inPlaceTarget(config);
  const known = readManifest(config.root) ?? emptyManifest();
  const settings: JobSettings = { config, now: Date.now() };
  const { manifest, scan, summary } = await examine(config, source, known, settings, {});
  const catalogs = config.repositories.map(
    ({ name }): RepositoryCatalog => ({ repository: name, projects: [], held: new Map() }),
  );
  for (const name of [...manifest.projects.names()].sort() as NormalizedName[]) {
    const files = manifest.projects.get(name)?.files ?? [];
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
  return { catalogs, problems, notes };
}

/** Scan the folders and inspect what changed. With a staging name in the settings, pages are staged too. */
async function examine(
  config: SiteConfig,
  target: Target,
  known: Manifest,
  settings: JobSettings,
  options: Pick<BuildOptions, 'jobs' | 'onProgress' | 'busy' | 'onFolders'>,
) {
  const summary = new SiteSummary(config);
  const text = settingsText(config);
  const sameSettings = known.settings === text;
  const unsure = settings.stagingName === undefined ? new Set<string>() : readJournal(target.root);
  const pool = startEarly(config, known, settings, options);
  let scan: SiteScan;
  let changes: Changes;
  try {
    scan = scanSite(config, known.strays, options.busy);
    options.onFolders?.(scan.folders);
    checkMounted(scan.disks, known.disks);
    const source = inPlaceTarget(config);
    changes = compare(scan, known, summary, { source, target, unsure, sameSettings, now: settings.now });
  } catch (error) {
    await pool?.close();
    throw error;
  }
  const { touched, gone } = changes;
  const results = await runAllJobs(touched, scan, known, settings, options, pool);
  const manifest: Manifest = {
    generation: randomBytes(9).toString('base64url'),
    copies: target.copies !== undefined,
    settings: text,
    strays: keepStrays(known, scan),
    disks: scan.disks,
    projects: known.projects.copy(),
    roots: new Map(),
  };
  for (const name of gone) manifest.projects.delete(name);
  for (const [name, { line, share, strays }] of results) {
    for (const { file, project } of strays) manifest.strays[sitePath(file)] = project;
    if (line === undefined) manifest.projects.delete(name);
    else manifest.projects.set(name, line);
    if (share) summary.add(name, share);
  }
  return { scan, summary, unsure, sameSettings, gone, results, manifest };
}

async function prepare(config: SiteConfig, target: Target, known: Manifest | undefined, options: BuildOptions) {
  const before = known ?? emptyManifest();
  const repositories = config.repositories.map(({ name }) => name);
  const stagingName = temporaryName();
  const discard = () => new Stager(target, stagingName).close(['.', ...repositories]);
  const out = target.copies && { root: target.root, link: target.copies.link };
  const tellChanges = options.onChanges !== undefined;
  const settings: JobSettings = { config, stagingName, tellChanges, now: Date.now(), ...(out && { out }) };
  try {
    const examined = await examine(config, target, before, settings, options);
    const { scan, summary, unsure, sameSettings, gone, results, manifest } = examined;
    const all = [...results.values()];
    const lists = nothingStaged();
    let foreign: Problem[] = [];
    const isAsBefore = sameSettings && all.length + gone.length + unsure.size === 0;
    if (isAsBefore && listsStand(config, target, before)) lists.published = before.roots;
    else {
      const pages = listPages(config, summary.listings);
      foreign = spareForeignPages(pages, target, before);
      const stager = new Stager(target, stagingName, config.precompress);
      for (const [repository, ofRepository] of pages) await stager.stage(repository, ofRepository, before.roots, lists);
    }
    manifest.roots = lists.published;

    const removals = [
      ...findRemovals(
        before,
        manifest,
        gone,
        config,
        all.flatMap((result) => result.removals),
      ).filter((path) => !foreign.some(({ file }) => file === path)),
      ...(known === undefined && target.copies ? findOldCopies(target, repositories, manifest) : []),
    ];
    const leftovers = [...scan.orphans, ...scan.abandoned];
    const hasWork =
      known === undefined ||
      !sameSettings ||
      all.length + gone.length + lists.moves.length + removals.length + leftovers.length + unsure.size > 0;
    return {
      known: before,
      scan,
      hasWork,
      changes: [
        ...all.flatMap((result) => result.changes),
        ...gone.flatMap((name) => fileChanges(before.projects.get(name)?.files ?? [], [])),
      ],
      discard,
      summary,
      written: all.reduce((sum, result) => sum + result.written, lists.written),
      events: [...all.flatMap((result) => result.events), ...foreign],
      plan: {
        target,
        repositories,
        touched: [...results.keys(), ...gone],
        toFlush: [...all.flatMap((result) => result.toFlush), ...lists.toFlush],
        shown: new Map([...summary.listings].map(([name, listing]) => [name, listing.all])),
        projectMoves: all.flatMap((result) => result.moves),
        listMoves: lists.moves,
        removals,
        leftovers,
        unsure: known === undefined ? ('all' as const) : unsure,
        manifest,
      },
    };
  } catch (error) {
    discard();
    throw error;
  }
}

/**
 * What was published before and is no longer; not of repositories that are gone with their folder.
 *
 * @param ofTouched what the jobs of touched projects found
 */
function findRemovals(
  before: Manifest,
  after: Manifest,
  gone: readonly string[],
  config: SiteConfig,
  ofTouched: readonly string[],
): string[] {
  const present = new Set(['.', ...config.repositories.map(({ name }) => name)]);
  const removals = [...ofTouched, ...gone.flatMap((name) => [...(before.projects.get(name)?.published.keys() ?? [])])];
  for (const path of before.roots.keys()) {
    const isFront = config.pages !== false && splitRepository(path).rest.startsWith('index.html'); // its place is about to be taken
    if (!after.roots.has(path) && !isFront) removals.push(path);
  }
  return removals.filter((path) => present.has(splitRepository(path).repository));
}

/** Of the files known to be of another project than their name says, those that are still there. */
function keepStrays(known: Manifest, scan: SiteScan): Manifest['strays'] {
  const present = new Set(Object.values(known.strays).flatMap((name) => (scan.projects.get(name) ?? []).map(sitePath)));
  return Object.fromEntries(Object.entries(known.strays).filter(([path]) => present.has(path)));
}
