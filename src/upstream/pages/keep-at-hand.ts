/**
 * Pages of what is at hand, which web servers send while kho does not run. Nobody is asked then, so what stands there has to be true as long as
 * it stands there: it is written under the site's lock, by what decides at that moment, and whoever publishes takes it away before.
 */
import { join } from 'node:path';
import { loadSite } from '../../config/load-config.ts';
import { KhoError } from '../../errors.ts';
import { makeFolder, removeFolder } from '../../io/disk.ts';
import { look, readText } from '../../io/open-file.ts';
import { closeFolders } from '../../io/reach.ts';
import { putFile } from '../../io/write-file-atomic.ts';
import { allAtHandFolder, atHandFolder } from '../../kept-upstream/kept-places.ts';
import { Journal } from '../../publish/journal.ts';
import { lockSite } from '../../publish/lock.ts';
import type { NormalizedName } from '../../standards/name.ts';
import { renderProjectDetailHtml } from '../../standards/simple-api/html.ts';
import { serializeProjectDetail } from '../../standards/simple-api/json.ts';
import type { LooseDetail } from '../../standards/simple-api/types.ts';
import { NameKeeper } from './name-keeper.ts';

export interface AtHandPlace {
  /** Of the site. */
  root: string;
  repository: string;
  /** Of the repository's pages. */
  folder: string;
  project: NormalizedName;
  upstream: string;
}

/** `late`: somebody publishes at this moment, or died of it, or nobody can tell whose the name is: to be tried again. */
export type AtHandState = 'as it is to be' | 'other' | 'late';

/** Whether the page that is there is this one. A page of nothing is none, and one that is there goes at once. @throws {KhoError} WRITE, SITE */
export function lookAtHand(place: AtHandPlace, detail: LooseDetail | undefined): AtHandState {
  const folder = folderOf(place);
  if (detail === undefined) {
    if (look(folder)) removeFolder(folder);
    return 'as it is to be';
  }
  return textsOf(detail).every(([name, text]) => isSame(join(folder, name), text)) ? 'as it is to be' : 'other';
}

/**
 * Write the page that is there from now on.
 *
 * @param make of what the repository has by itself at this moment
 * @throws {KhoError} WRITE, SITE
 */
export async function keepAtHand(
  place: AtHandPlace,
  make: () => LooseDetail | undefined,
): Promise<Exclude<AtHandState, 'other'>> {
  const before = make();
  if (lookAtHand(place, before) !== 'other') return 'as it is to be';
  const unlock = await tryLock(place.root);
  if (!unlock) return 'late';
  try {
    closeFolders(place.folder);
    closeFolders(allAtHandFolder(place.root));
    if (new Journal(place.root, 'journal').isLeft) return 'late'; // pages may be others than is known
    const decided = await mayStand(place);
    if (decided === undefined) return 'late';
    const detail = decided ? make() : undefined;
    if (lookAtHand(place, detail) === 'other') write(folderOf(place), detail as LooseDetail);
    return 'as it is to be';
  } finally {
    unlock();
  }
}

function write(folder: string, detail: LooseDetail): void {
  makeFolder(folder);
  for (const [name, text] of textsOf(detail)) {
    // Replacing a file costs more than reading it, and most come out as they were.
    if (!isSame(join(folder, name), text)) putFile(join(folder, name), text);
  }
}

/** By kho.toml and what is remembered of names, as they are on disk: a server may not have read them yet. Undefined where they cannot tell. */
async function mayStand({ root, repository, folder, project, upstream }: AtHandPlace): Promise<boolean | undefined> {
  try {
    const { config } = await loadSite(root);
    const now = config.repositories.find(({ name }) => name === repository);
    if (now?.upstreams?.includes(upstream) !== true || now.private || now.folder !== folder) return false;
    return config.upstreams.has(upstream) && new NameKeeper(() => config).originOf(project).is !== 'own';
  } catch (error) {
    if (!(error instanceof KhoError)) throw error;
    return undefined;
  }
}

/** Nobody waits: clients get their pages from the same thread. */
async function tryLock(root: string): Promise<(() => void) | undefined> {
  try {
    return await lockSite(root, { waitMs: 0 });
  } catch (error) {
    if (error instanceof KhoError && error.code === 'LOCKED') return undefined;
    throw error;
  }
}

function folderOf({ root, repository, project }: AtHandPlace): string {
  return join(atHandFolder(root, repository), project);
}

function textsOf(detail: LooseDetail): [name: string, text: string][] {
  return [
    ['index.html', renderProjectDetailHtml(detail)],
    ['index.json', serializeProjectDetail(detail)],
  ];
}

function isSame(path: string, text: string): boolean {
  return look(path)?.isFile() === true && readText(path) === text;
}
