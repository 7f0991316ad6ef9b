import { type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { shellWord } from '../standards/shell-word.ts';

/** Who asks to look: the user that runs kho, and the groups it is in. */
export interface Viewer {
  uid: number;
  groups: readonly number[];
}

function viewer(): Viewer {
  return {
    uid: process.geteuid?.() ?? 0,
    groups: [...new Set([process.getegid?.() ?? 0, ...(process.getgroups?.() ?? [])])],
  };
}

/** What the system says where rights are missing; anything else is the disk's fault. */
const DENIED: ReadonlySet<string> = new Set(['EACCES', 'EPERM']);

/**
 * The way out where kho may not look into a folder, or read a file: who has to type what. One line; no full stop.
 *
 * @param path absolute
 * @param code of the error, as Node names it
 * @param shownPath the path as it is to be typed: where the hint may be published, from the site's root
 */
export function openingHint(path: string, code: string, shownPath = path, who: Viewer = viewer()): string {
  if (!DENIED.has(code)) return `the system cannot read it (${code}): look after its disk`;
  const found = statOf(path);
  // What is closed is a folder around it.
  if (!found)
    return dirname(shownPath) === shownPath
      ? 'let kho read it'
      : openingHint(dirname(path), code, dirname(shownPath), who);
  const bits = found.isDirectory() ? 'rx' : 'r';
  const target = shellWord(shownPath);
  if (found.uid === who.uid) return `let kho read it: chmod u+${bits} ${target}`;
  const by = `let kho read it, as user ${found.uid} or root:`;
  if (who.groups.includes(found.gid)) return `${by} chmod g+${bits} ${target}`;
  const around = statOf(dirname(path));
  if (around && who.groups.includes(around.gid))
    return `${by} chgrp --reference=${shellWord(dirname(shownPath))} ${target} && chmod g+${bits} ${target}`;
  return `${by} chmod o+${bits} ${target}`;
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
