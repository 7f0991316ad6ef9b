/** What was removed: `SITE/.trash/DAY/` holds it under the paths that it had. For nobody else to read, never published, never scanned. */
import { join } from 'node:path';
import { hashFile } from '../inspect/inspect-file.ts';
import { makePrivateFolder } from '../io/disk.ts';
import { look, namesIn } from '../io/open-file.ts';
import { walkFiles } from '../io/walk-files.ts';
import { splitRepository } from '../publish/target.ts';
import { isPackageName } from '../standards/package-suffixes.ts';

export const TRASH_FOLDER = '.trash';

const PRIVATE = 0o700;

/** Several of a day, when a path was in use that day already. */
const DAY = /^\d{4}-\d\d-\d\d(?:\.\d+)?$/;

export interface TrashedFile {
  /** From the site's root: `.trash/2026-11-29/glibc/packages/FILE`. */
  file: string;
  full: string;
  /** `2026-11-29`. */
  day: string;
  /** Where it was, from the site's root. */
  was: string;
  repository: string;
  filename: string;
  /** In bytes. */
  size: number;
}

export function trashFolder(root: string): string {
  return join(root, TRASH_FOLDER);
}

/** @throws {KhoError} WRITE where others could write in it */
export function makeTrashFolder(root: string): void {
  makePrivateFolder(trashFolder(root), PRIVATE, true);
}

/** Packages, without what belongs to them, those that were removed last first. @throws {KhoError} READ */
export function listTrash(root: string): TrashedFile[] {
  const top = trashFolder(root);
  return trashDays(root).flatMap((name): TrashedFile[] => {
    const found: TrashedFile[] = [];
    walkFiles(join(top, name), (full, filename) => {
      const stats = look(full);
      if (!stats?.isFile() || !isPackageName(filename)) return;
      const was = full.slice(top.length + name.length + 2);
      const { repository } = splitRepository(was);
      found.push({
        ...{ full, was, repository, filename, size: stats.size },
        file: `${TRASH_FOLDER}/${name}/${was}`,
        day: name.slice(0, 10),
      });
    });
    return found.sort((a, b) => (a.was < b.was ? -1 : 1));
  });
}

/** Folders of the trash, those of the newest day first. */
export function trashDays(root: string): string[] {
  const top = trashFolder(root);
  if (!look(top)?.isDirectory()) return [];
  return namesIn(top)
    .filter((name) => DAY.test(name))
    .sort(byDay);
}

function byDay(a: string, b: string): number {
  const [dayA = '', numberA = '1'] = a.split('.');
  const [dayB = '', numberB = '1'] = b.split('.');
  return dayA === dayB ? Number(numberB) - Number(numberA) : dayA < dayB ? 1 : -1;
}

/**
 * The day's folder in which all of these paths are free, or hold the same bytes.
 *
 * @param paths from the site's root, with the hash of what is to be there
 */
export async function freeDay(
  root: string,
  day: string,
  paths: readonly { path: string; sha256: string }[],
): Promise<string> {
  for (let number = 1; ; number++) {
    const folder = `${TRASH_FOLDER}/${number === 1 ? day : `${day}.${number}`}`;
    let isFree = true;
    for (const { path, sha256 } of paths) {
      const full = join(root, folder, path);
      const stats = look(full);
      isFree &&= stats === undefined || (stats.isFile() && (await hashFile(full)) === sha256);
    }
    if (isFree) return folder;
  }
}
