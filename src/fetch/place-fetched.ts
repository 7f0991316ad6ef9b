import { join } from 'node:path';
import { KhoError } from '../errors.ts';
import type { WholeSource } from '../intake/place-whole.ts';
import { Placing } from '../intake/placing.ts';
import { removeFile } from '../io/disk.ts';

/**
 * Put a file that was brought into folders of packages, and remove it where it was. The lock must be held.
 *
 * @param folders absolute; at least one
 * @throws {KhoError} WRITE when something else came there meanwhile
 */
export async function placeFetched(source: WholeSource, filename: string, folders: readonly string[]): Promise<void> {
  const placing = new Placing(folders);
  try {
    for (const [index, folder] of folders.entries()) {
      const to = join(folder, filename);
      const isApart = index < folders.length - 1; // the last one may have the inode of what was brought
      if ((await placing.place(source, to, { isApart })) !== 'other bytes there') continue;
      removeFile(source.path);
      throw new KhoError('WRITE', `Cannot put "${to}" there: something of that name came meanwhile`);
    }
    placing.drop(source, join(folders.at(-1) as string, filename));
    await placing.finish();
  } finally {
    placing.close();
  }
}
