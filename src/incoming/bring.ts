import { dirname } from 'node:path';
import { flushPath, makeFolder } from '../io/disk.ts';
import { copyInto, moveFile } from './move-file.ts';
import type { PublishedFile } from './published-files.ts';
import type { IncomingFile } from './scan-incoming.ts';
import type { TakingRun } from './taking-run.ts';

/** To all places, the last of them by moving: until then it is where it came from, and a run that is stopped begins again. */
export async function bring(
  run: TakingRun,
  from: IncomingFile,
  places: readonly PublishedFile[],
  sha256: string,
): Promise<void> {
  const last = places.at(-1) as PublishedFile;
  for (const place of places) {
    makeFolder(dirname(place.full));
    if (place === last) {
      if (await moveFile(from, place.full, sha256)) run.drop(from, place.full);
    } else {
      await copyInto(from, place.full, sha256);
      if (process.platform !== 'win32') flushPath(dirname(place.full));
    }
    if (!place.file.startsWith('originals/')) run.taken.moved.push({ file: from.file, to: place.file });
  }
}
