import { join } from 'node:path';
import { KhoError } from '../errors.ts';
import { makeFolder } from '../io/disk.ts';
import { isWritable } from '../io/is-writable.ts';
import { HOW_TO_MOUNT, knowsModes } from '../io/knows-modes.ts';
import { look } from '../io/open-file.ts';
import { isWrittenByTrusted } from '../io/trusted-owners.ts';

/** The folder, in the published site's root, that kho may lose any time: it costs only the time of one full build. */
const STATE_FOLDER = '.kho';

export function stateFolder(root: string): string {
  return join(root, STATE_FOLDER);
}

/** What `kho fetch` goes on with another time. */
export function lastingParts(root: string): string {
  return join(stateFolder(root), 'parts');
}

/** What `kho pull` has of files that are not all there yet, from the site's root: whole ones are called by their sha256. */
export const PULL_FOLDER = `${STATE_FOLDER}/pull`;

/** Whether what kho kept may be believed: nobody else can have written it. */
export function isStateTrusted(root: string): boolean {
  return isWrittenByTrusted(stateFolder(root));
}

/** @throws {KhoError} WRITE, and as `checkStateFolder`: its disk may have made it as no other does */
export function makeStateFolder(root: string): void {
  makeFolder(stateFolder(root));
  checkStateFolder(root);
}

/** @throws {KhoError} SITE for one that others may have written in: what it says could lead kho anywhere */
export function checkStateFolder(root: string): void {
  const path = stateFolder(root);
  const stats = look(path);
  if (!stats || isStateTrusted(root)) return;
  const why = stats.isSymbolicLink()
    ? 'it is a link'
    : stats.isDirectory()
      ? `others than the site's owner may have written in it (owner ${stats.uid}, mode ${(stats.mode & 0o7777).toString(8)})`
      : 'it is no folder';
  if (stats.isDirectory() && isWritable(path) && !knowsModes(path)) {
    throw new KhoError('SITE', `Cannot use "${path}": others may write there`, {
      hint: HOW_TO_MOUNT,
    });
  }
  throw new KhoError('SITE', `Cannot use "${path}": ${why}`, {
    hint: `remove it: kho makes a new one, and one slower run; nobody but the site's owner should be able to write in "${root}"`,
  });
}
