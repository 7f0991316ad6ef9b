import { closeSync, fchmodSync, futimesSync } from 'node:fs';
import { copyAndHash } from './copy-bytes.ts';
import { change } from './disk.ts';
import { whereKnown } from './disk-lacks.ts';
import type { FileIdentity } from './file-stamp.ts';
import { openFile } from './open-file.ts';

/**
 * Copy a package that is to be kept, to be read by all, and tell what came out: as a clone where the disk can.
 *
 * @param seen what was seen at `from`
 * @returns the sha256 of the copy, hexadecimal; undefined for a clone, of which nothing was read
 */
export function copyWhole(
  from: string,
  to: string,
  { modifiedMs, seen }: { modifiedMs: number; seen: FileIdentity },
): string | undefined {
  return change('copy', to, () => {
    const source = openFile(from, seen);
    let sha256: string | undefined;
    try {
      sha256 = copyAndHash(source, from, to);
    } finally {
      closeSync(source);
    }
    const descriptor = openFile(to);
    try {
      whereKnown(() => fchmodSync(descriptor, 0o644));
      whereKnown(() => futimesSync(descriptor, Date.now() / 1000, modifiedMs / 1000));
      return sha256;
    } finally {
      closeSync(descriptor);
    }
  });
}
