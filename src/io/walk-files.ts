import { join } from 'node:path';
import { KhoError } from '../errors.ts';
import { listFolder } from './open-file.ts';

/** Every file below a folder that may not exist. Links are files here: they are not followed. */
export function walkFiles(folder: string, visit: (path: string, name: string) => void): void {
  let entries: ReturnType<typeof listFolder>;
  try {
    entries = listFolder(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return;
    const hint =
      code === 'ENOTDIR'
        ? 'a file is where kho needs a folder: move it away'
        : 'let the user that runs kho look into this folder (chmod u+rx)';
    throw new KhoError('READ', `Cannot list "${folder}"`, { hint, cause: error });
  }
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) walkFiles(path, visit);
    else visit(path, entry.name);
  }
}
