/**
 * Which repositories a site's folder holds: each direct sub-folder with a packages/ in it, and the site itself if it has one.
 *
 * What cannot be looked into stops the run. Leaving it out would publish a site without its files, and a disk that
 * is not mounted must never empty an index.
 */
import { constants } from 'node:fs';
import { access, lstat, readdir, readlink, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { KhoError } from '../errors.ts';
import { openingHint } from '../io/opening-line.ts';
import { isTrusted, trustOwnerOf } from '../io/trusted-owners.ts';
import { isPassedOver } from '../standards/passed-over.ts';
import { isReservedName, repositoryNameFault, SITE_ITSELF } from './repository-name.ts';

export interface FoundRepository {
  /** The folder's name, or `.` for the site itself. */
  name: string;
  /** Both are absolute and real: no links in them. */
  folder: string;
  packages: string;
}

export interface Discovery {
  /** Sorted by name. */
  repositories: FoundRepository[];
  notes: string[];
}

/**
 * @param root a real path
 * @param ignored names that are passed over besides those that all systems have
 * @throws {KhoError} READ for what cannot be looked into, SITE for folders that no site can be made of
 */
export async function discoverRepositories(root: string, ignored: readonly string[] = []): Promise<Discovery> {
  trustOwnerOf(root);
  const notes: string[] = [];
  const byFolder = new Map<string, FoundRepository>();
  for (const name of [SITE_ITSELF, ...(await subFolders(root, notes, ignored))]) {
    const folder = await realFolder(root, name);
    const packages = folder && (await packagesFolder(root, name));
    if (!folder || !packages) continue;
    const fault = repositoryNameFault(name);
    if (fault) {
      const hint = 'give the folder another name';
      throw new KhoError('SITE', `Cannot make a repository of the folder ${JSON.stringify(name)}: ${fault}`, { hint });
    }
    const sameFolder = byFolder.get(folder);
    if (sameFolder) notes.push(`${name} is a link to ${sameFolder.name}: the same repository under a second name`);
    else byFolder.set(folder, { name, folder, packages });
  }
  const repositories = [...byFolder.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  refuseNesting(root, repositories);
  return { repositories, notes };
}

/** Sorted, links last: when a folder has two names, the real one counts. */
async function subFolders(root: string, notes: string[], ignored: readonly string[]): Promise<string[]> {
  const entries = await readdir(root, { withFileTypes: true }).catch((cause) => {
    throw unreadable(root, cause);
  });
  const names = (of: typeof entries) => of.map(({ name }) => name).sort();
  const candidates = entries.filter(
    ({ name }) => !name.startsWith('.') && !isReservedName(name) && !isPassedOver(name, ignored),
  );
  const folders = names(candidates.filter((entry) => entry.isDirectory()));
  const links = names(candidates.filter((entry) => entry.isSymbolicLink()));
  return [...folders, ...links].filter((name) => {
    // Node shows bytes that are not UTF-8 so, and then cannot open the folder by that name.
    if (!name.includes('\ufffd')) return true;
    notes.push(`the folder ${JSON.stringify(name)} is left alone: its name is not UTF-8`);
    return false;
  });
}

/** Undefined for a link to something that is no folder. */
async function realFolder(root: string, name: string): Promise<string | undefined> {
  if (name === SITE_ITSELF) return root;
  const path = join(root, name);
  await refuseLinkOfOthers(path);
  const folder = await realpath(path).catch((cause) => throwDangling(path, cause));
  return (await stat(folder)).isDirectory() ? folder : undefined;
}

/** The real path of a repository's packages/, undefined when there is none. */
async function packagesFolder(root: string, name: string): Promise<string | undefined> {
  const path = join(root, name, 'packages');
  try {
    await lstat(path);
  } catch (cause) {
    if (isErrorCode(cause, 'ENOENT')) return undefined;
    throw unreadable(join(root, name), cause);
  }
  await refuseLinkOfOthers(path);
  const packages = await realpath(path).catch((cause) => throwDangling(path, cause));
  if (!(await stat(packages)).isDirectory()) {
    throw new KhoError('SITE', `Cannot read packages from "${path}": it is no folder`, {
      hint: 'make it a folder, or give it another name if it has nothing to do with kho',
    });
  }
  await access(packages, constants.R_OK | constants.X_OK).catch((cause) => {
    throw unreadable(path, cause);
  });
  return packages;
}

/**
 * A folder of a repository, or its packages/, may be a link to another disk. Only the site's owner can have wanted that: somebody else
 * who may write here would lead kho into folders that are none of theirs.
 */
async function refuseLinkOfOthers(path: string): Promise<void> {
  const stats = await lstat(path).catch(() => undefined);
  if (!stats?.isSymbolicLink() || isTrusted(stats.uid)) return;
  throw new KhoError(
    'SITE',
    `Cannot use "${path}": it is a link, made by user ${stats.uid}, who is not the site's owner`,
    {
      hint: "remove it, or make it anew as the site's owner; nobody else should be able to write there (chmod go-w)",
    },
  );
}

async function throwDangling(path: string, cause: unknown): Promise<never> {
  const target = isErrorCode(cause, 'ENOENT') && (await readlink(path).catch(() => undefined));
  if (!target) throw unreadable(path, cause);
  throw new KhoError('READ', `Cannot read "${path}": it is a link to "${target}", which is not there`, {
    hint: 'mount the disk that it leads to, or remove the link',
  });
}

function unreadable(path: string, cause: unknown): KhoError {
  const code = (cause as NodeJS.ErrnoException).code ?? '';
  return new KhoError('READ', `Cannot look into "${path}"`, {
    cause,
    hint: `${openingHint(path, code)}; or move the folder elsewhere`,
  });
}

/** Pages written inside a packages/ would be taken for packages, and the other way round. */
function refuseNesting(root: string, repositories: FoundRepository[]): void {
  for (const outer of repositories) {
    for (const inner of repositories) {
      if (!isInside(inner.folder, outer.packages) && !isInside(root, outer.packages)) continue;
      const [around, within] = [join(root, outer.name, 'packages'), join(root, inner.name)];
      throw new KhoError('SITE', `Cannot publish "${within}": it lies inside of "${around}"`, {
        hint: 'let the link lead to a folder of its own',
      });
    }
    if (outer.folder !== root && isInside(root, outer.folder)) {
      throw new KhoError('SITE', `Cannot publish "${join(root, outer.name)}": it leads to a folder around the site`, {
        hint: 'let the link lead to a folder of its own',
      });
    }
  }
}

/** Also true for the folder itself. */
function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`);
}

function isErrorCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
