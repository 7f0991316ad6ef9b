import { accessSync, constants, statSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { shellWord } from '../standards/shell-word.ts';
import type { IncomingFile } from './scan-incoming.ts';

/**
 * Why a file cannot be taken out of its folder, where that is the reason: an uploader made the folder, and kho may not write to it.
 *
 * @param root of the site
 * @returns what is wrong, and the line that mends it, for the folder's owner
 */
export function whatToOpen({ folder }: IncomingFile, root: string): { what: string; hint: string } | undefined {
  try {
    accessSync(folder, constants.W_OK);
    return undefined;
  } catch {
    const { uid } = statSync(folder);
    const shown = relative(root, folder).replaceAll(sep, '/');
    return {
      what: `stays where it is: kho may not take files out of "${shown}", a folder of user ${uid}`,
      hint: `let the group of incoming/ write there, as user ${uid} or root: chgrp --reference=${shellWord(`${root}/incoming`)} ${shellWord(folder)} && chmod g+rwxs ${shellWord(folder)}`,
    };
  }
}
