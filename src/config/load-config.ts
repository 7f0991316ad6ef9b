import { lstat, readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { KhoError } from '../errors.ts';
import { khoVersion } from '../kho-version.ts';
import type { SettingsFault } from './check-settings.ts';
import { discoverRepositories } from './discover-repositories.ts';
import { findSite, noRepository, SETTINGS_FILE } from './find-site.ts';
import { joinRepositories } from './join-repositories.ts';
import type { LoadedSettings } from './load-settings.ts';
import { tooOld } from './needed-version.ts';
import { readLogo } from './read-logo.ts';
import { sometimesReservedNote } from './repository-name.ts';
import type { RepositoryConfig, SiteConfig } from './site-config.ts';
import { normalizeSiteUrl } from './site-url.ts';

const DEFAULT_TITLE = 'Python packages';

/**
 * Find the site, look which repositories it has, and read its kho.toml if there is one.
 *
 * @param start the site's folder as the user named it; looked for from the current folder upwards when absent
 * @param currentFolder absolute
 * @returns with notes that the user should see: one line each, no full stop
 * @throws {KhoError} SITE when there is no site, READ when a folder cannot be looked into, CONFIG with all faults of kho.toml
 */
export async function loadSite(
  start: string | undefined,
  currentFolder = process.cwd(),
): Promise<{ config: SiteConfig; notes: string[] }> {
  const site = await findSite(start, currentFolder);
  const { root } = site;
  const settingsPath = join(root, SETTINGS_FILE);
  const settings = await readSettings(settingsPath);
  if (settings.unmetNeed !== undefined) throw tooOld(settingsPath, settings.unmetNeed, khoVersion());
  const found = await discoverRepositories(root, settings.site.ignore);
  const { repositories, faults } = joinRepositories(root, found.repositories, settings);
  // A file that could not be understood to its end says nothing sure about repositories.
  const allFaults = settings.isUnderstood ? [...settings.faults, ...faults] : settings.faults;
  if (allFaults.length > 0) throw configError(settingsPath, allFaults);
  if (repositories.length === 0) throw noRepository(root);
  if (settings.site.logo !== undefined) readLogo(root, settings.site.logo);

  const config: SiteConfig = {
    ...settings.site,
    root,
    title: settings.title ?? DEFAULT_TITLE,
    ...(settings.url !== undefined && { url: normalizeSiteUrl(settings.url) }),
    repositories: await Promise.all(repositories.map(withRealFolder)),
    upstreams: settings.upstreams,
  };
  return {
    config,
    notes: [...site.notes, ...found.notes, ...repositories.flatMap(({ name }) => sometimesReservedNote(name))],
  };
}

async function readSettings(path: string): Promise<LoadedSettings> {
  let bytes: Uint8Array;
  try {
    const stats = await stat(path);
    if (!stats.isFile() && !stats.isDirectory()) throw new Error('it is no file'); // a pipe would be waited for
    bytes = await readFile(path);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT' && !(await isThere(path)))
      return { site: {}, repositories: new Map(), upstreams: new Map(), faults: [], isUnderstood: true };
    const isFolder = (cause as NodeJS.ErrnoException).code === 'EISDIR';
    const hint = isFolder ? 'rename this folder: settings are a file of this name' : 'let kho read it (chmod u+r)';
    throw new KhoError('READ', `Cannot read "${path}"`, { cause, hint });
  }
  const { loadSettings } = await import('./load-settings.ts'); // Loads a TOML parser, which most sites do without.
  return loadSettings(bytes);
}

/** The folder of a repository that is nothing but includes may be there already, and be a link to a bigger disk. */
async function withRealFolder(repository: RepositoryConfig): Promise<RepositoryConfig> {
  const { folder } = repository;
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory()) return { ...repository, folder: await realpath(folder) };
  if (!found && !(await isThere(folder))) return repository;
  throw new KhoError('SITE', `Cannot publish the repository "${repository.name}": "${folder}" is no folder`, {
    hint: 'move it away, or give the repository another name in kho.toml',
  });
}

/** Also true for a link that leads nowhere. */
async function isThere(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined)) !== undefined;
}

function configError(path: string, faults: SettingsFault[]): KhoError {
  const inOrder = faults.toSorted(({ position: a }, { position: b }) => a.line - b.line || a.column - b.column);
  const lines = inOrder.map(({ position: { line, column }, message }) => `${path}:${line}:${column}: ${message}`);
  const count = faults.length === 1 ? 'a fault' : `${faults.length} faults`;
  return new KhoError('CONFIG', [`Cannot use kho.toml: it has ${count}`, ...lines].join('\n'), {
    hint: faults.some(({ isUnknownKey }) => isUnknownKey)
      ? `docs/config.md lists all that kho.toml may hold; this is kho ${khoVersion()}, and a newer one may know more keys`
      : 'docs/config.md lists all that kho.toml may hold',
  });
}
