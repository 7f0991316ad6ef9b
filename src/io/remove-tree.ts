import { closeSync, constants, fstatSync, openSync, readdirSync, rmdirSync, type Stats, unlinkSync } from 'node:fs';

const FOLDER = constants.O_RDONLY | (constants.O_DIRECTORY ?? 0) | (constants.O_NOFOLLOW ?? 0);

/**
 * Remove a folder and all that is in it, each folder through its descriptor: one that is swapped for a link meanwhile is not followed,
 * and the link itself goes. What is gone already is fine.
 *
 * @param way as `reach` gives it
 * @param mayGo asked of the opened folder itself, not of its name; one that may not go stays as it is
 * @throws an error of Node
 */
export function removeTree(way: string, mayGo: (stats: Stats) => boolean = () => true): void {
  let descriptor: number;
  try {
    descriptor = openSync(way, FOLDER);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return;
    if (code !== 'ENOTDIR' && code !== 'ELOOP') throw error;
    unlessGone(() => unlinkSync(way)); // a file, or a link
    return;
  }
  try {
    if (!mayGo(fstatSync(descriptor))) return;
    const here = `/proc/self/fd/${descriptor}`;
    for (const entry of readdirSync(here, { withFileTypes: true })) {
      const below = `${here}/${entry.name}`;
      if (entry.isDirectory()) removeTree(below);
      else unlessGone(() => unlinkSync(below));
    }
  } finally {
    closeSync(descriptor);
  }
  unlessGone(() => rmdirSync(way));
}

function unlessGone(act: () => void): void {
  try {
    act();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
