import { join } from 'node:path';
import type { SiteConfig } from '../config/site-config.ts';
import { KhoError } from '../errors.ts';
import { makeFolder } from '../io/disk.ts';
import { look } from '../io/open-file.ts';

/** In the site's root, beside the repositories: never published, and kho's to add to only. */
const ORIGINALS = 'originals';

/** Where the wheels of a repository are kept that bear another name there now. Absolute; it may not be there yet. */
export function originalsFolder(root: string, repository: string): string {
  return repository === '.' ? join(root, ORIGINALS) : join(root, ORIGINALS, repository);
}

/** Absolute; it may not be there yet. */
export function originalsTop(root: string): string {
  return originalsFolder(root, '.');
}

/** Those that are there. */
export function originalsFolders({ root, repositories }: SiteConfig): string[] {
  if (!look(join(root, ORIGINALS))?.isDirectory()) return [];
  return [originalsFolder(root, '.'), ...repositories.map(({ name }) => originalsFolder(root, name))].filter(
    (folder, index, all) => all.indexOf(folder) === index && look(folder)?.isDirectory(),
  );
}

/** From the site's root. */
export function originalsPath(repository: string, name: string): string {
  return repository === '.' ? `${ORIGINALS}/${name}` : `${ORIGINALS}/${repository}/${name}`;
}

/** @returns whether there is one @throws {KhoError} WRITE where something else stands in its place: a link could lead anywhere */
export function checkOriginalsFolder(root: string, repository: string): boolean {
  for (const path of [join(root, ORIGINALS), originalsFolder(root, repository)]) {
    const stats = look(path);
    if (stats === undefined) return false;
    if (stats.isDirectory()) continue;
    throw new KhoError('WRITE', `Cannot move to "${path}": it is no folder`, { hint: 'move it away' });
  }
  return true;
}

/** @throws {KhoError} WRITE */
export function makeOriginalsFolder(root: string, repository: string): void {
  checkOriginalsFolder(root, repository);
  makeFolder(originalsFolder(root, repository));
}

/** The names under which files called `name` are kept: `FILE`, `FILE.2`, `FILE.3`. */
export function keptNames(folder: string, name: string): string[] {
  const names: string[] = [];
  for (let next = name; look(join(folder, next)); next = `${name}.${names.length + 1}`) names.push(next);
  return names;
}

/** The name under which other bytes than those there can be kept. */
export function freeName(folder: string, name: string): string {
  const kept = keptNames(folder, name).length;
  return kept === 0 ? name : `${name}.${kept + 1}`;
}
