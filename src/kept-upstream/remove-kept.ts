/** Take away what is kept of other indexes, project by project: it stands in nobody's way any more, and nobody is sent it. */
import { basename, join } from 'node:path';
import { removeFolder } from '../io/disk.ts';
import { look, namesIn } from '../io/open-file.ts';
import type { NormalizedName } from '../standards/name.ts';
import { keptFiles } from './kept-packages.ts';
import { PAGE_ENDING, pagesFolder } from './kept-page.ts';
import { AT_HAND_NAME, allAtHandFolder, keptPackagesFolder, packageOf, upstreamFolder } from './kept-places.ts';

/** So many names are looked for one by one; of more, all that is there is listed. */
const FEW = 20;

/**
 * Pages of what is at hand, of these projects, in every repository: whoever asks a web server gets what the repository has by itself.
 *
 * @returns folders to flush, before anything is done that those pages must not outlive
 * @throws {KhoError} SITE where a link stands in the way, WRITE
 */
export function removeAtHand(root: string, projects: ReadonlySet<string>): string[] {
  return atHandFolders(root).filter((folder) => {
    const there = present(folder, projects);
    for (const project of there) removeFolder(join(folder, project));
    return there.length > 0;
  });
}

/** Of these projects those of which files or a page are kept, whatever kho.toml says of who they came from. All, without names. Sorted. */
export function keptNames(root: string, projects?: ReadonlySet<string>): NormalizedName[] {
  const pages = projects && new Set([...projects].map((name) => name + PAGE_ENDING));
  const names = upstreamNames(root).flatMap((upstream) => [
    ...present(keptPackagesFolder(root, upstream), projects),
    ...present(pagesFolder(root, upstream), pages).map((page) => basename(page, PAGE_ENDING)),
  ]);
  return [...new Set(names)].sort() as NormalizedName[];
}

/** Names of packages that are kept of a project, by whichever upstream. Sorted. */
export function keptPackages(root: string, project: NormalizedName): string[] {
  const files = upstreamNames(root).flatMap((upstream) => keptFiles(root, { upstream, project }));
  return [...new Set(files.filter((name) => packageOf(name) === name))].sort();
}

/** All that is kept of a project. @returns as `removeAtHand` @throws {KhoError} SITE, WRITE */
export function removeKeptProject(root: string, project: NormalizedName): string[] {
  const kept = upstreamNames(root).flatMap((upstream): [folder: string, name: string][] => [
    [keptPackagesFolder(root, upstream), project],
    [pagesFolder(root, upstream), project + PAGE_ENDING],
  ]);
  const there = kept.filter(([folder, name]) => look(join(folder, name)));
  for (const [folder, name] of there) removeFolder(join(folder, name));
  return there.map(([folder]) => folder);
}

/**
 * Folders with a folder for each project: one for each repository that has such pages, or had. What else is there goes: a web server might
 * follow a link, and kho does not.
 */
function atHandFolders(root: string): string[] {
  const top = allAtHandFolder(root);
  const inside = isFolder(top) ? namesIn(top).map((name) => join(top, name)) : [];
  const folders = inside.map((path) => (basename(path) === AT_HAND_NAME ? path : join(path, 'simple')));
  for (const path of [top, ...inside, ...folders]) if (look(path) && !isFolder(path)) removeFolder(path);
  return folders.filter(isFolder);
}

/** As the folders have them: kho.toml may not know all of them any more. */
function upstreamNames(root: string): string[] {
  const top = upstreamFolder(root);
  const isUpstream = (name: string) => name !== AT_HAND_NAME && !name.startsWith('.');
  return namesIn(top).filter((name) => isUpstream(name) && isFolder(join(top, name)));
}

function isFolder(path: string): boolean {
  return look(path)?.isDirectory() === true;
}

function present(folder: string, names?: ReadonlySet<string>): string[] {
  if (!isFolder(folder)) return [];
  if (names && names.size <= FEW) return [...names].filter((name) => look(join(folder, name)));
  return namesIn(folder).filter((name) => !name.startsWith('.') && (names?.has(name) ?? true));
}
