import { relative, sep } from 'node:path';
import { isWritable } from '../io/is-writable.ts';
import { look } from '../io/open-file.ts';
import { shellWord } from '../standards/shell-word.ts';

/**
 * Why a file cannot be taken out of its folder, where that is the reason: an uploader made the folder, and kho may not write to it.
 *
 * @param root of the site
 * @returns what is wrong, and the line that mends it, for the folder's owner
 */
export function whatToOpen({ folder }: { folder: string }, root: string): { what: string; hint: string } | undefined {
  const stats = look(folder);
  if (!stats || isWritable(folder)) return undefined;
  const shownPath = relative(root, folder).replaceAll(sep, '/');
  return {
    what: `stays where it is: kho may not take files out of "${shownPath}", a folder of user ${stats.uid}`,
    hint: lineThatOpens(folder, stats.uid, root),
  };
}

/** To take files out of a folder, kho has to write there: one line for that, and for looking into it. */
export function lineThatOpens(folder: string, uid: number, root: string): string {
  const path = shellWord(folder);
  return `let the group of incoming/ write there, as user ${uid} or root: chgrp --reference=${shellWord(`${root}/incoming`)} ${path} && chmod g+rwxs ${path}`;
}
