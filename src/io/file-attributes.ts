import { closeSync, fchmodSync, futimesSync } from 'node:fs';
import { change } from './disk.ts';
import { whereKnown } from './disk-lacks.ts';
import type { FileIdentity } from './file-stamp.ts';
import { openFile } from './open-file.ts';

/** Set the permission bits of a file, where its disk knows any; a link is refused, not followed. Only a file's owner may. */
export function setMode(path: string, mode: number, seen?: FileIdentity): void {
  setOf(path, seen, (descriptor) => fchmodSync(descriptor, mode));
}

/** Set when a file was changed last, where its disk knows that. @param modifiedMs since 1970 */
export function setModified(path: string, modifiedMs: number): void {
  setOf(path, undefined, (descriptor) => futimesSync(descriptor, modifiedMs / 1000, modifiedMs / 1000));
}

function setOf(path: string, seen: FileIdentity | undefined, set: (descriptor: number) => void): void {
  change('mode', path, () => {
    const descriptor = openFile(path, seen);
    try {
      whereKnown(() => set(descriptor));
    } finally {
      closeSync(descriptor);
    }
  });
}
