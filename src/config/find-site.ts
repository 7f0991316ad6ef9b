/**
 * Which folder is the site. docs/cli.md#which-site tells it to people.
 *
 * A folder is known for a site by kho.toml, .kho (there since its first build) or .kho-keep. Before its first build a site without
 * kho.toml shows only by its sub-folders with packages/; they are believed when the site is looked for, unless anybody
 * may write to the folder (like /tmp): strangers could put folders there and have them published.
 */
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { KhoError } from '../errors.ts';
import { isReservedName } from './repository-name.ts';

export interface FoundSite {
  /** Absolute and real. */
  root: string;
  notes: string[];
}

export const SETTINGS_FILE = 'kho.toml';
/** kho's own folders in a site's root. */
const OWN_FOLDERS = ['.kho', '.kho-keep'];

const HOW_TO_BEGIN =
  'make a first repository with "mkdir -p glibc/packages" in the site\'s folder, and put wheels and sdists into it';

/**
 * @param given the folder that the user named; then only a repository's folder leads elsewhere, to the site around it
 * @param currentFolder where to begin when none was named; the search goes up from there
 * @throws {KhoError} SITE when there is none
 */
export async function findSite(given: string | undefined, currentFolder = process.cwd()): Promise<FoundSite> {
  const start = await realFolder(resolve(currentFolder, given ?? '.'));
  if (given !== undefined) {
    if ((await isMarked(start)) || (await holdsRepositories(start))) return { root: start, notes: [] };
    const root = (await siteAroundRepository(start, isMarked)) ?? start;
    return { root, notes: root === start ? [] : [`"${start}" is a repository of the site "${root}": that is used`] };
  }
  for (let folder = start; ; folder = dirname(folder)) {
    const root = await siteAt(folder, folder === start);
    if (root !== undefined) {
      return { root, notes: root === start ? [] : [`the site is "${root}", found above the current folder`] };
    }
    if (folder === dirname(folder)) break;
  }
  throw new KhoError('SITE', `Cannot find a site: neither "${start}" nor a folder above it has a repository`, {
    hint: `name the site's folder (kho build /srv/PyPI), or ${HOW_TO_BEGIN}`,
  });
}

/** Said once the settings are read too, since a repository may be nothing but includes. */
export function noRepository(root: string): KhoError {
  return new KhoError('SITE', `Cannot find a repository in "${root}": no folder in it has a "packages" folder`, {
    hint: HOW_TO_BEGIN,
  });
}

async function siteAt(folder: string, isStart: boolean): Promise<string | undefined> {
  if (await isMarked(folder)) return folder;
  const isTrusted = isStart || (await isWrittenByFew(folder));
  if (isTrusted && (await holdsRepositories(folder))) return folder;
  if (!(await hasPackages(folder))) return undefined;
  const around = await siteAroundRepository(folder, async (parent) => {
    if (await isMarked(parent)) return true;
    return (await isWrittenByFew(parent)) && (await holdsRepositories(parent, basename(folder)));
  });
  return around ?? (isTrusted ? folder : undefined);
}

async function siteAroundRepository(
  folder: string,
  isSite: (parent: string) => Promise<boolean>,
): Promise<string | undefined> {
  const parent = dirname(folder);
  if (parent === folder || isReservedName(basename(folder)) || !(await hasPackages(folder))) return undefined;
  return (await isSite(parent)) ? parent : undefined;
}

/** Whether a sub-folder other than `except` looks like a repository: has packages/, and is no site of its own. */
async function holdsRepositories(folder: string, except?: string): Promise<boolean> {
  // Folders above the start need not be ours to read; then they are no site of ours.
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const { name } = entry;
    if (name === except || name.startsWith('.') || isReservedName(name) || entry.isFile()) continue;
    const path = join(folder, name);
    if ((await hasPackages(path)) && !(await isMarked(path))) return true;
  }
  return false;
}

async function isMarked(folder: string): Promise<boolean> {
  for (const name of [SETTINGS_FILE, ...OWN_FOLDERS]) if (await exists(join(folder, name))) return true;
  return false;
}

async function hasPackages(folder: string): Promise<boolean> {
  const found = await stat(join(folder, 'packages')).catch(() => undefined);
  return found?.isDirectory() ?? false;
}

async function isWrittenByFew(folder: string): Promise<boolean> {
  const found = await stat(folder).catch(() => undefined);
  return found !== undefined && (found.mode & 0o002) === 0;
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

async function realFolder(path: string): Promise<string> {
  try {
    const real = await realpath(path);
    if ((await stat(real)).isDirectory()) return real;
  } catch (cause) {
    const isAbsent = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    throw new KhoError(isAbsent ? 'SITE' : 'READ', `Cannot look into "${path}"`, {
      cause,
      hint: isAbsent ? 'check the name, or make the folder' : 'let kho read it (chmod u+rx)',
    });
  }
  throw new KhoError('SITE', `Cannot use "${path}" as a site: it is no folder`, { hint: 'name the folder it is in' });
}
