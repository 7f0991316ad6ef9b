import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** In the site's root, beside the repositories: never published, and kho's to add to only. */
const ORIGINALS = 'originals';

/** Where the wheels of a repository are kept that bear another name there now. Absolute; it may not be there yet. */
export function originalsFolder(root: string, repository: string): string {
  return join(root, ORIGINALS, repository);
}

/** From the site's root. */
export function originalsPath(repository: string, name: string): string {
  return repository === '.' ? `${ORIGINALS}/${name}` : `${ORIGINALS}/${repository}/${name}`;
}

/** The name under which other bytes than those there can be kept: `FILE`, `FILE.2`, `FILE.3`. */
export function freeName(folder: string, name: string): string {
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${name}.${number}`;
    if (!existsSync(join(folder, candidate))) return candidate;
  }
}
