import { join } from 'node:path';
import { KhoError } from '../errors.ts';
import { isForeignName } from '../standards/passed-over.ts';
import { listFolder } from './open-file.ts';
import { openingHint } from './opening-line.ts';

/**
 * Every file below a folder that may not exist, but for what systems put there. Links are files here: they are not followed.
 *
 * @throws {KhoError} READ
 */
export function walkFiles(folder: string, visit: (path: string, name: string) => void): void {
  let entries: ReturnType<typeof listFolder>;
  try {
    entries = listFolder(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return;
    const hint =
      code === 'ENOTDIR' ? 'a file is where kho needs a folder: move it away' : openingHint(folder, code ?? '');
    throw new KhoError('READ', `Cannot list "${folder}"`, { hint, cause: error });
  }
  for (const entry of entries) {
    if (isForeignName(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) walkFiles(path, visit);
    else visit(path, entry.name);
  }
}
