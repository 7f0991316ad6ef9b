import { linkFile, renameOverEmpty, writeNewFile } from './disk.ts';
import { knowsNoLinks, systemCode } from './disk-lacks.ts';
import { look } from './open-file.ts';
import { isOwn } from './trusted-owners.ts';

/** An empty file of this age is nobody's that is being written. */
const CLAIM_MS = 60_000;

/**
 * Give a file another name, unless something has it already: also when it comes at this very moment. In one step the whole file is there.
 * The first name may stay; the caller removes it.
 *
 * Where the disk knows no second names, an empty file claims the name, which fails where something has it; then the file is moved over
 * that. A run that is killed in between leaves the empty file: see `isLeftClaim`.
 *
 * @returns whether it has the name now
 * @throws {KhoError} WRITE
 */
export function takeName(from: string, to: string): boolean {
  if (linkedOrClaimed(from, to)) return true;
  const stats = look(to);
  return stats !== undefined && isLeftClaim(to) && renameOverEmpty(from, to, stats.ino);
}

function linkedOrClaimed(from: string, to: string): boolean {
  try {
    return linkFile(from, to);
  } catch (error) {
    if (!knowsNoLinks(error)) throw error;
  }
  try {
    writeNewFile(to, '');
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  }
  return renameOverEmpty(from, to, look(to)?.ino);
}

/** Whether a run of kho that was killed left this empty file, to keep a name. It holds nobody's bytes. */
export function isLeftClaim(path: string): boolean {
  const stats = look(path);
  if (!stats?.isFile() || stats.size > 0 || !isOwn(stats.uid)) return false;
  return Math.abs(Date.now() - stats.mtimeMs) > CLAIM_MS;
}
