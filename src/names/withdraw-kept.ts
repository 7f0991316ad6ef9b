/**
 * What is kept of other indexes gives way to what the site publishes. Web servers read it without asking kho: a page of what is at hand lists
 * files of the site as they were when it was made, and a name that has become the site's own must not be had from anywhere else.
 */
import { hash } from 'node:crypto';
import { join } from 'node:path';
import { UPSTREAM_FOLDER } from '../config/repository-name.ts';
import type { SiteConfig } from '../config/site-config.ts';
import { KhoError } from '../errors.ts';
import { removeFolder } from '../io/disk.ts';
import { flushBatch } from '../io/flush.ts';
import { readKeptLines, writeKeptLines } from '../io/kept-lines.ts';
import { look } from '../io/open-file.ts';
import { closeFolders } from '../io/reach.ts';
import { allAtHandFolder, upstreamFolder } from '../kept-upstream/kept-places.ts';
import { keptNames, keptPackages, removeAtHand, removeKeptProject } from '../kept-upstream/remove-kept.ts';
import { appendEvents } from '../log/append-event.ts';
import type { Problem } from '../problems.ts';
import { holdSite } from '../publish/hold-site.ts';
import type { LockOptions } from '../publish/lock.ts';
import { stateFolder } from '../publish/state-folder.ts';
import type { NormalizedName } from '../standards/name.ts';
import { type FilesOf, openNameBook } from './name-book.ts';
import { notKept } from './remember-names.ts';

/** Raised when pages of what is at hand are made otherwise: then older ones go. */
const FORMAT = 1;

/**
 * For who publishes, before readers see any of it: pages of what is at hand go that tell of these projects, and all that is kept of those
 * that are the site's own by now. `kho serve` and `kho build` make the pages anew. The lock must be held: who makes them holds it too.
 *
 * @param projects that change or go
 * @param filesOf as they are once it is published
 * @param later gets what is to be flushed by then
 * @returns notes
 * @throws {KhoError} SITE, WRITE: then nothing may be published
 */
export function withdrawKept(
  config: SiteConfig,
  projects: readonly string[],
  filesOf: FilesOf,
  later: string[],
): Problem[] {
  if (!mayKeepOthers(config)) return [];
  const names = new Set(projects);
  later.push(...removeAtHand(config.root, names));
  return unlessUnreadable(() => removeOwn(config, ownAmong(config, keptNames(config.root, names), filesOf), later));
}

/**
 * After a whole build: names may have become the site's own without a file that changed, by kho.toml or `kho names`, and repositories may
 * pass on less than before.
 *
 * @returns notes
 * @throws {KhoError} SITE, LOCKED, WRITE
 */
export async function sweepKept(config: SiteConfig, filesOf: FilesOf, lock: LockOptions): Promise<Problem[]> {
  if (!mayKeepOthers(config)) return [];
  const { root } = config;
  const rules = rulesOf(config);
  const isSame = readRules(root) === rules;
  const notes: Problem[] = [];
  const findOwn = () => {
    let own: NormalizedName[] = [];
    notes.splice(0, notes.length, ...unlessUnreadable(() => (own = ownAmong(config, keptNames(root), filesOf))));
    return own;
  };
  if (isSame && findOwn().length === 0) return notes;
  await holdSite(config, lock, async () => {
    const later: string[] = [];
    if (!isSame && look(allAtHandFolder(root))) {
      removeFolder(allAtHandFolder(root));
      later.push(upstreamFolder(root));
    }
    const own = findOwn();
    later.push(...removeAtHand(root, new Set(own)));
    removeOwn(config, own, later);
    await flushBatch(later, later);
    if (rules === undefined) removeFolder(rulesPath(root));
    else writeKeptLines(rulesPath(root), [rules]);
  });
  return notes;
}

function removeOwn({ root }: SiteConfig, own: readonly NormalizedName[], later: string[]): void {
  const reason = 'removed what was kept: the name is your own';
  appendEvents(
    root,
    own.flatMap((project) =>
      keptPackages(root, project).map((file) => ({ event: 'cleared' as const, file, project, reason })),
    ),
  );
  for (const project of own) later.push(...removeKeptProject(root, project));
}

/** @throws {KhoError} SITE, READ */
function ownAmong(config: SiteConfig, names: readonly NormalizedName[], filesOf: FilesOf): NormalizedName[] {
  if (names.length === 0) return [];
  const book = openNameBook(config, filesOf);
  return names.filter((name) => book.originOf(name).is === 'own');
}

/** What cannot be told of names keeps nobody from publishing: no other index is asked then, and kho serve answers for none. */
function unlessUnreadable(act: () => unknown): Problem[] {
  try {
    act();
    return [];
  } catch (error) {
    if (!(error instanceof KhoError) || error.code !== 'READ') throw error;
    return [notKept(error)];
  }
}

/** A folder of that name may be a repository, or anything, where kho.toml never had another index. */
function mayKeepOthers({ root, repositories, upstreams }: SiteConfig): boolean {
  if (repositories.some(({ name }) => name === UPSTREAM_FOLDER)) return false;
  closeFolders(upstreamFolder(root)); // a folder that this process holds open may have been replaced since
  return upstreams.size > 0 || look(rulesPath(root)) !== undefined;
}

/** By what pages of what is at hand are made, but for names and files; undefined where there are to be none. */
function rulesOf({ repositories, upstreams }: SiteConfig): string | undefined {
  if (upstreams.size === 0) return undefined;
  const passing = repositories.map(({ name, upstreams: from, private: isPrivate }) => [name, from, isPrivate]);
  const asked = [...upstreams.values()].map(({ name, url, projects }) => [name, url, projects]);
  return hash('sha256', JSON.stringify([FORMAT, passing, asked]), 'hex');
}

function rulesPath(root: string): string {
  return join(stateFolder(root), 'at-hand-rules');
}

function readRules(root: string): string | undefined {
  try {
    return readKeptLines(rulesPath(root)).lines[0];
  } catch {
    return undefined; // never
  }
}
