/** Names of files that are being fetched: they tell what will be in them, and which process writes. No two write to one. */
import { join } from 'node:path';
import { rename } from './disk.ts';
import { look, namesIn } from './open-file.ts';
import { processIsAlive } from './process-is-alive.ts';

const PATTERN = /^\.kho-fetch-([0-9a-f]{32})\.(\d+)\.part$/;

/** Milliseconds after which nobody is expected to go on with what a run left. */
const FORGOTTEN_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * The path of this process's own part, in which there may be already what a run that is dead left of the same.
 *
 * @param key 32 hexadecimal digits that stand for what will be in it
 */
export function claimPart(folder: string, key: string): string {
  const own = join(folder, `.kho-fetch-${key}.${process.pid}.part`);
  const left = namesIn(folder)
    .filter((name) => PATTERN.exec(name)?.[1] === key && isLeft(name))
    .map((name) => join(folder, name));
  const [longest] = left.sort((a, b) => sizeOf(b) - sizeOf(a));
  if (longest !== undefined && longest !== own) {
    try {
      rename(longest, own);
    } catch {
      // Another run was quicker to take it: this one begins anew.
    }
  }
  return own;
}

/**
 * All parts in a folder belong to runs that are dead, whatever process has their numbers by now: they get ours.
 *
 * @param folder in which nobody but this process and such as died before this boot wrote
 */
export function takeOverParts(folder: string): void {
  for (const name of namesIn(folder)) {
    const [, key, pid] = PATTERN.exec(name) ?? [];
    if (key !== undefined && Number(pid) !== process.pid)
      rename(join(folder, name), join(folder, `.kho-fetch-${key}.${process.pid}.part`));
  }
}

/** How much there is of what runs that are dead left, in bytes, by what stands for it; of several the most. */
export function leftParts(folder: string): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const name of namesIn(folder)) {
    const key = PATTERN.exec(name)?.[1];
    if (key === undefined || !isLeft(name)) continue;
    sizes.set(key, Math.max(sizes.get(key) ?? 0, sizeOf(join(folder, name))));
  }
  return sizes;
}

/** What another process that lives has of the same; undefined where none brings it. */
export function livingPart(folder: string, key: string): string | undefined {
  const name = namesIn(folder).find((each) => PATTERN.exec(each)?.[1] === key && !isLeft(each));
  return name === undefined ? undefined : join(folder, name);
}

/** Whether a run left a part behind that is too old to be gone on with. */
export function isForgottenPart(name: string, path: string, now = Date.now()): boolean {
  if (!PATTERN.test(name) || !isLeft(name)) return false;
  const stats = look(path);
  return stats !== undefined && now - stats.mtimeMs > FORGOTTEN_MS;
}

/** One with our own number is of an earlier process, since none of ours is fetched twice at once. */
function isLeft(name: string): boolean {
  const pid = Number(PATTERN.exec(name)?.[2]);
  return pid === process.pid || !processIsAlive(pid);
}

function sizeOf(path: string): number {
  return look(path)?.size ?? 0;
}
