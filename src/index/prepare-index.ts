import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';
import type { FileChange } from '../build-report.ts';
import { sitePath } from '../catalog/resolve-listing.ts';
import type { SiteConfig } from '../config/site-config.ts';
import { isWritable } from '../io/is-writable.ts';
import { look } from '../io/open-file.ts';
import { temporaryName } from '../io/temporary-name.ts';
import { type NamesToRemember, rememberNames } from '../names/remember-names.ts';
import { withdrawKept } from '../names/withdraw-kept.ts';
import type { Problem } from '../problems.ts';
import type { PublishPlan } from '../publish/apply.ts';
import { Journal } from '../publish/journal.ts';
import { findLeftovers } from '../publish/leftovers.ts';
import { emptyManifest, type FileRecord, type Manifest, writeManifest } from '../publish/manifest.ts';
import { announceCopies, announcedCopies, findOldCopies, forgetAnnouncement } from '../publish/old-copies.ts';
import { INDEX_FOLDERS } from '../publish/own-files.ts';
import { nothingStaged, Stager } from '../publish/stage.ts';
import { inPlaceTarget, locate, splitRepository, type Target } from '../publish/target.ts';
import type { NormalizedName } from '../standards/name.ts';
import type { BuildOptions } from './build-options.ts';
import { type Changes, compare, settingsText } from './compare.ts';
import { fileChanges } from './file-changes.ts';
import { keepUnseen } from './keep-unseen.ts';
import { KnownMalware } from './known-malware.ts';
import { listPages, listsStand, spareForeignPages } from './list-pages.ts';
import type { JobSettings, ProjectResult } from './project-job.ts';
import { type JobOptions, runAllJobs, startEarly } from './run-jobs.ts';
import { checkMounted, type SiteScan, scanSite } from './scan-site.ts';
import { SiteSummary } from './site-summary.ts';

/** Scan the folders and inspect what changed. With a staging name in the settings, pages are staged too. */
export async function examine(
  config: SiteConfig,
  target: Target,
  manifestBefore: Manifest,
  settings: JobSettings,
  options: Pick<BuildOptions, 'jobs' | 'onProgress' | 'busy' | 'onFolders'> &
    Pick<JobOptions, 'known' | 'packages'> & { malware?: KnownMalware },
) {
  const summary = new SiteSummary(config);
  const text = settingsText(config);
  const sameSettings = manifestBefore.settings === text;
  const journal = new Journal(target.root, 'journal');
  const left = settings.stagingName === undefined ? undefined : journal.read();
  const pool = startEarly(config, manifestBefore, settings, options);
  let scan: SiteScan;
  let changes: Changes;
  try {
    scan = scanSite(config, manifestBefore.strays, options.busy);
    options.onFolders?.(scan.folders);
    keepUnseen(scan, manifestBefore, target);
    checkMounted(scan.disks, manifestBefore.disks);
    const source = inPlaceTarget(config);
    const { judgesAnew = false, now } = settings;
    const { malware = new KnownMalware(config) } = options;
    changes = compare(scan, manifestBefore, summary, {
      ...{ source, target, unsure: left, sameSettings, judgesAnew, malware, now },
    });
  } catch (error) {
    await pool?.close();
    throw error;
  }
  const { touched, gone, isDamaged } = changes;
  if (target.copies && settings.stagingName !== undefined && touched.length > 0) {
    announceCopies(
      target,
      touched.flatMap((name) => (scan.projects.get(name) ?? []).map(sitePath)),
    );
  }
  const results = await runAllJobs(touched, scan, manifestBefore, settings, options, pool);
  const manifest: Manifest = {
    generation: randomBytes(9).toString('base64url'),
    copies: target.copies !== undefined,
    settings: text,
    strays: keepStrays(manifestBefore, scan),
    disks: scan.disks,
    projects: manifestBefore.projects.copy(),
    roots: new Map(),
  };
  for (const name of gone) manifest.projects.delete(name);
  for (const [name, { line, share, strays }] of results) {
    for (const { file, project } of strays) manifest.strays[sitePath(file)] = project;
    if (line === undefined) manifest.projects.delete(name);
    else manifest.projects.setLine(name, line);
    if (share) summary.add(name, share);
  }
  const unsure = isDamaged || manifestBefore.generation === '' ? 'all' : (left ?? new Set<string>());
  return { scan, summary, journal, unsure, sameSettings, gone, results, manifest };
}

/** A publish of the indexes that waits for the lock, or nothing to do. */
export interface Prepared {
  hasWork: boolean;
  /** What was known of the run before. */
  manifestBefore: Manifest;
  /** Of what is published once the plan is carried out. */
  manifest: Manifest;
  plan: PublishPlan;
  /** See `removeLeftovers`. */
  leftovers: string[];
  scan: SiteScan;
  summary: SiteSummary;
  /** Of projects that were looked at, by name. */
  results: ReadonlyMap<NormalizedName, ProjectResult>;
  changes: FileChange[];
  written: number;
  /** What happened in this run only. */
  events: Problem[];
  /** Remove what was staged. */
  discard(): void;
}

/** Everything up to the lock: look at the folders, and stage what changed beside the pages that readers see. @throws {KhoError} */
export async function prepareIndex(
  config: SiteConfig,
  target: Target,
  manifestBefore: Manifest | undefined,
  options: BuildOptions &
    Pick<JobSettings, 'whole'> &
    Pick<JobOptions, 'known' | 'packages'> & { malware?: KnownMalware },
): Promise<Prepared> {
  const before = manifestBefore ?? emptyManifest();
  const repositories = config.repositories.map(({ name }) => name);
  const left = findLeftovers(target, repositories); // before this run makes anything under such names
  const stagingName = temporaryName();
  const discard = () => new Stager(target, stagingName).close(['.', ...repositories]);
  const out = target.copies && { root: target.root, link: target.copies.link };
  const tellChanges = options.onChanges !== undefined;
  const hasAnnounced = announcedCopies(target).length > 0;
  const { whole } = options;
  const settings: JobSettings = {
    ...{ config, stagingName, tellChanges, now: Date.now() },
    ...(out && { out }),
    ...(whole && { whole }),
  };
  try {
    const examined = await examine(config, target, before, settings, options);
    const { scan, summary, journal, unsure, sameSettings, gone, results, manifest } = examined;
    const all = [...results.values()];
    const lists = nothingStaged();
    let foreign: Problem[] = [];
    const hasAdded = before.added !== undefined;
    const isAsBefore =
      !hasAdded && sameSettings && all.length + gone.length === 0 && unsure !== 'all' && unsure.size === 0;
    if (isAsBefore && listsStand(config, target, before)) lists.published = before.roots;
    else {
      const pages = listPages(config, summary.listings);
      foreign = spareForeignPages(pages, target, before);
      const stager = new Stager(target, stagingName, config.precompress);
      for (const [repository, ofRepository] of pages) await stager.stage(repository, ofRepository, before.roots, lists);
    }
    manifest.roots = lists.published;

    const mayHaveOldCopies = target.copies !== undefined && (unsure === 'all' || hasAnnounced);
    const removals = [
      ...findRemovals(
        target,
        before,
        manifest,
        gone,
        config,
        all.flatMap((result) => result.removals),
      ).filter((path) => !foreign.some(({ file }) => file === path)),
      ...(mayHaveOldCopies ? findOldCopies(target, repositories, manifest) : []),
    ];
    const leftovers = [...scan.orphans, ...scan.abandoned, ...left].filter((path) => isWritable(dirname(path)));
    const hasWork =
      manifestBefore === undefined ||
      !isAsBefore ||
      hasAnnounced ||
      lists.moves.length + removals.length + leftovers.length > 0;
    return {
      manifestBefore: before,
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
      manifest,
      leftovers,
      results,
      plan: {
        ...{ target, journal, changing: [...results.keys(), ...gone], removals: pagesFirst(removals) },
        toFlush: [...all.flatMap((result) => result.toFlush), ...lists.toFlush],
        folders: foldersOf(target, repositories),
        moves: [...all.flatMap((result) => result.moves), ...lists.moves],
        owned: {
          ...{ repositories, folders: INDEX_FOLDERS, unsure },
          isRoot: (path) => manifest.roots.has(path),
          lists: (repository, project) => summary.listings.get(repository)?.all.has(project) === true,
          published: (project) => manifest.projects.get(project)?.published,
        },
        ...(!target.copies && {
          writeAhead: (later) => [
            ...rememberNames(target.root, namesOf(manifest, before, [...results.keys()])),
            ...withdrawKept(config, [...results.keys(), ...gone], (name) => filesIn(manifest, name), later),
          ],
        }),
        remember: () => {
          writeManifest(target.root, manifest);
          forgetAnnouncement(target);
        },
      },
    };
  } catch (error) {
    discard();
    throw error;
  }
}

/** All that is known of a project's, listed or held. */
export function filesIn({ projects }: Pick<Manifest, 'projects'>, name: string): readonly FileRecord[] {
  return projects.get(name)?.files ?? [];
}

function namesOf({ projects }: Manifest, before: Manifest, changing: readonly string[]): NamesToRemember {
  return {
    changing,
    all: () => projects.names(),
    before: (name) => before.projects.line(name),
    after: (name) => projects.line(name),
  };
}

/** Pages before the files that they name. */
export function pagesFirst(removals: readonly string[]): string[] {
  const isCompanion = (path: string) => Number(path.includes('packages/'));
  return [...removals].sort((a, b) => isCompanion(a) - isCompanion(b));
}

/** Where staged pages are, and where packages may have got company. */
function foldersOf(target: Target, repositories: readonly string[]): string[] {
  const packages = repositories.map((repository) => target.packagesOf(repository)).filter((path) => look(path));
  return [...new Set([...repositories.map((repository) => target.folderOf(repository)), ...packages])];
}

/**
 * What was published before and is no longer; not of repositories that are gone with their folder.
 *
 * @param ofTouched what the jobs of touched projects found
 */
function findRemovals(
  target: Target,
  before: Manifest,
  after: Manifest,
  gone: readonly string[],
  config: SiteConfig,
  ofTouched: readonly string[],
): string[] {
  const removals = [...ofTouched, ...gone.flatMap((name) => [...(before.projects.get(name)?.published.keys() ?? [])])];
  for (const path of before.roots.keys()) {
    const isFront = config.pages !== false && splitRepository(path).rest.startsWith('index.html'); // its place is about to be taken
    if (!after.roots.has(path) && !isFront) removals.push(path);
  }
  return removals.filter(mayGo(config, target));
}

/** Of what was published before, by its path from the site's root. */
export function mayGo(config: SiteConfig, target: Target): (path: string) => boolean {
  const present = new Set(['.', ...config.repositories.map(({ name }) => name)]);
  return (path) => {
    const { repository, rest } = splitRepository(path);
    if (!present.has(repository)) return false;
    // What stands in a folder that kho may not write to stays, and is an orphan as soon as it may.
    return target.copies !== undefined || !rest.startsWith('packages/') || isWritable(dirname(locate(target, path)));
  };
}

/** Of the files known to be of another project than their name says, those that are still there. */
function keepStrays(manifestBefore: Manifest, scan: SiteScan): Manifest['strays'] {
  const present = new Set(
    Object.values(manifestBefore.strays).flatMap((name) => (scan.projects.get(name) ?? []).map(sitePath)),
  );
  return Object.fromEntries(Object.entries(manifestBefore.strays).filter(([path]) => present.has(path)));
}
