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

/** The names under which files called `name` are kept: `FILE`, `FILE.2`, `FILE.3`. */
export function keptNames(folder: string, name: string): string[] {
  const names: string[] = [];
  for (let next = name; existsSync(join(folder, next)); next = `${name}.${names.length + 1}`) names.push(next);
  return names;
}

/** The name under which other bytes than those there can be kept. */
export function freeName(folder: string, name: string): string {
  const kept = keptNames(folder, name).length;
  return kept === 0 ? name : `${name}.${kept + 1}`;
}
