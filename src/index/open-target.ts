import { readdirSync, realpathSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { isPrivate, privateNames } from '../config/private-repositories.ts';
import type { SiteConfig } from '../config/site-config.ts';
import { KhoError } from '../errors.ts';
import { makeFolder } from '../io/disk.ts';
import { look } from '../io/open-file.ts';
import { checkNoLinks, checkOwnedFolders } from '../publish/check-folders.ts';
import { type Manifest, readManifest } from '../publish/manifest.ts';
import { checkCopiesFolder } from '../publish/old-copies.ts';
import { INDEX_FOLDERS } from '../publish/own-files.ts';
import { folderTarget, fromRoot, inPlaceTarget, splitRepository, type Target } from '../publish/target.ts';

/**
 * Where to publish to, after making sure that kho may, and what was published there before.
 *
 * @param options `isDry`: nothing is changed, and an --out folder that is not there stays away
 * @throws {KhoError} SITE, USAGE or WRITE; nothing is changed then, but that an --out folder may have been made
 */
export function openTarget(
  config: SiteConfig,
  options: { out?: string; link?: boolean; withPrivate?: boolean; isDry?: boolean },
): { target: Target; manifest: Manifest | undefined } {
  const repositories = config.repositories.map(({ name }) => name);
  const hidden = privateNames(config);
  if (options.out !== undefined && hidden.length > 0 && !options.withPrivate) {
    throw new KhoError(
      'USAGE',
      `Cannot publish to "${options.out}": ${isPrivate(hidden)}, and a folder is for anybody`,
      {
        hint: 'serve this site by kho serve, which asks for tokens; or add --with-private, if what serves the folder asks too',
      },
    );
  }
  const target = options.out === undefined ? inPlaceTarget(config) : openOut(config, options.out, options);
  checkNoLinks(target, repositories);
  const manifest = readManifest(target.root);
  const isNew = (name: string) => !manifest?.roots.has(fromRoot(name, 'simple/index.html'));
  checkOwnedFolders(
    target,
    repositories.filter(isNew),
    INDEX_FOLDERS,
    'kho owns simple/ and pypi/ of a repository wholly: move packages to packages/, and anything else away',
  );
  if (!manifest) {
    if (target.copies) checkCopiesFolder(target, repositories);
    return { target, manifest };
  }
  if (target.copies && !manifest.copies) {
    throw new KhoError(
      'USAGE',
      `Cannot publish to "${target.root}": it is a site of its own, with packages of its own`,
      {
        hint: 'give --out an empty folder, or one that an earlier --out filled',
      },
    );
  }
  if (manifest.copies && !target.copies) {
    throw new KhoError('USAGE', `Cannot publish in "${target.root}": kho build --out filled it from another site`, {
      hint: 'build that site again with --out; should this one stand for itself, remove .kho in it',
    });
  }
  const present = new Set(['.', ...repositories]);
  for (const path of manifest.roots.keys()) {
    const { repository, rest } = splitRepository(path);
    if (
      present.has(repository) ||
      rest !== 'simple/index.html' ||
      !mayStillBeThere(target.root, path, manifest.disks[repository])
    )
      continue;
    const published = target.copies ? target.folderOf(repository) : `${repository}/simple`;
    throw new KhoError('SITE', `Cannot find the packages of "${repository}": it was a repository when kho ran last`, {
      hint: `put "${repository}/packages" back (is its disk mounted?), or what kho.toml said of it; to give it up, remove the folder "${look(join(target.root, path)) ? published : repository}"`,
    });
  }
  return { target, manifest };
}

/** Its pages are there, or it had packages and its folder is there and empty: as one is on which a disk is mounted, while that is not. */
function mayStillBeThere(root: string, page: string, disk: Manifest['disks'][string] | undefined): boolean {
  const folder = join(root, splitRepository(page).repository);
  return look(join(root, page)) !== undefined || (disk !== undefined && disk.files > 0 && look(folder) !== undefined);
}

/**
 * Where a site was published to, for those who only look.
 *
 * @throws {KhoError} USAGE
 */
export function publishedTarget(config: SiteConfig, out: string | undefined): Target {
  return out === undefined ? inPlaceTarget(config) : folderTarget(outFolder(out), false);
}

function openOut(config: SiteConfig, out: string, { link = false, isDry = false }): Target {
  const isThere = out === '' || look(resolve(out)) !== undefined;
  if (!isThere && !isDry) makeFolder(resolve(out));
  const root = isThere || !isDry ? outFolder(out) : resolve(out);
  const isInside = (inner: string, outer: string) => `${inner}${sep}`.startsWith(`${outer}${sep}`);
  if (isInside(root, config.root) || isInside(config.root, root)) {
    throw new KhoError('USAGE', `Cannot publish to "${root}": it must lie outside the site "${config.root}"`, {
      hint: 'give --out a folder of its own, or leave it out to publish beside the packages',
    });
  }
  return folderTarget(root, link);
}

/** @returns absolute and real */
function outFolder(out: string): string {
  const cannot = (why: string, more: { cause?: unknown } = {}) =>
    new KhoError('USAGE', `Cannot use "${out}" for --out: ${why}`, { ...more, hint: 'name a folder' });
  if (out === '') throw cannot('it has no name'); // a shell's variable that is not set
  try {
    const root = realpathSync(out);
    readdirSync(root);
    return root;
  } catch (cause) {
    throw cannot('it is no folder that kho can look into', { cause });
  }
}
