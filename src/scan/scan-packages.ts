import type { Dirent, Stats } from 'node:fs';
import { dirname, join } from 'node:path';
import { KhoError } from '../errors.ts';
import { fileStamp } from '../io/file-stamp.ts';
import { listFolder, look } from '../io/open-file.ts';
import { isOwnLeftover } from '../io/own-leftover.ts';
import { isForgottenPart } from '../io/part-name.ts';
import { anchor, closeFolders, followLink } from '../io/reach.ts';
import { PROBLEM_HINTS, type Problem, type ProblemCode } from '../problems.ts';
import type { SideFile } from '../standards/side-files.ts';
import { fileKind } from './file-kinds.ts';
import type { FileStamp, FoundFile } from './found-file.ts';

export { fileStamp };

/** lftp fetches a file in several segments at once; while it does, the file has its whole size and holes in it. */
const SEGMENTS_SUFFIX = '.lftp-pget-status';

/** What is in one packages/ folder and the folders in it, in a fixed order. */
export interface PackagesScan {
  files: FoundFile[];
  problems: Problem[];
  /** FILE.metadata without FILE, absolute: kho wrote them, and may remove them. */
  orphans: string[];
  /** What runs that died left behind, absolute. */
  abandoned: string[];
  /** All folders that were listed, absolute. */
  folders: string[];
}

/** How long a side-file may be there before its package is. */
export const WAIT_FOR_PACKAGE_MS = 60_000;

/** A name with a slip in it would leave a broken release on offer, without a word. */
const YANK_HINT = 'name it after the file that it yanks, or remove it';

/** Of a folder's path, with room for a name: no program finds what lies deeper by its path (PATH_MAX is 4,096), also no web server. In bytes. */
export const DEEPEST_BYTES = 3840;

const DEEP_HINT = 'move what is in this folder further up, or remove it';

/** Names that would break a line of SHA256SUMS, or that cannot be opened again since they are not UTF-8. */
const UNUSABLE = /[\u0000-\u001f\u007f\\\ufffd]/;

/**
 * List `folder` (real, absolute), the packages/ of `repository`. Reads no file.
 *
 * @param now milliseconds since 1970
 * @throws {KhoError} READ when a folder cannot be listed: what is in it is unknown, and must not leave the index for that.
 */
export function scanPackages(repository: string, folder: string, now: number = Date.now()): PackagesScan {
  anchor(folder, 'shared');
  closeFolders(folder);
  const found: PackagesScan = { files: [], problems: [], orphans: [], abandoned: [], folders: [] };
  const seen = new Set<string>([folder]);
  const shown = repository === '.' ? 'packages' : `${repository}/packages`;
  const report = (code: ProblemCode, path: string, what: string, hint: string = PROBLEM_HINTS[code]) =>
    found.problems.push({ code, file: `${shown}/${path}`, what, hint });

  const scanFolder = (below: string, prefix: string) => {
    found.folders.push(below);
    const inSegments = new Set<string>();
    const packages: { name: string; mode: number; stamp: FileStamp }[] = [];
    const sides = new Map<string, Partial<Record<SideFile, FileStamp>>>();
    const folders: { below: string; prefix: string }[] = [];

    for (const entry of list(below, below === folder)) {
      const { name } = entry;
      const path = prefix + name;
      const full = `${below}/${name}`; // `join` would cost a tenth of the whole scan
      const kind = fileKind(name);
      if (kind.is === 'temporary') {
        if (isOwnLeftover(name, full) || isForgottenPart(name, full)) found.abandoned.push(full);
        if (name.endsWith(SEGMENTS_SUFFIX)) inSegments.add(name.slice(0, -SEGMENTS_SUFFIX.length));
        continue;
      }
      let stats: Stats | undefined;
      if (entry.isSymbolicLink()) {
        const way = followLink(full);
        if (way === undefined) {
          report('link-outside', path, 'is a link to something that is not there');
          continue;
        }
        if (!way.isInside) {
          report('link-outside', path, 'is a link that leads out of packages/');
          continue;
        }
        stats = lookAt(way.real);
        if (stats?.isDirectory()) {
          if (seen.has(way.real)) continue; // what is there is listed once
          seen.add(way.real);
        }
      }
      if (stats?.isDirectory() || entry.isDirectory()) {
        if (UNUSABLE.test(name))
          report('bad-filename', path, 'is a folder whose name holds characters that no address can');
        else if (Buffer.byteLength(full) > DEEPEST_BYTES) report('bad-filename', path, 'lies too deep', DEEP_HINT);
        else folders.push({ below: full, prefix: `${path}/` });
      } else if (kind.is === 'stray') {
        report('not-a-package', path, 'is neither a wheel nor an sdist');
      } else if (kind.is === 'unsupported') {
        report('unsupported', path, 'is of a kind that pip and its peers no longer install');
      } else {
        stats ??= lookAt(full);
        if (stats === undefined && !UNUSABLE.test(name)) continue; // it went while we looked
        if (UNUSABLE.test(name)) report('bad-filename', path, 'has a name with characters that no address can hold');
        else if (!stats?.isFile()) report('not-a-package', path, 'is no ordinary file');
        else if (kind.is === 'package') packages.push({ name, mode: stats.mode & 0o777, stamp: fileStamp(stats) });
        else sides.set(kind.of, { ...sides.get(kind.of), [kind.side]: fileStamp(stats) });
      }
    }

    for (const { name, mode, stamp } of packages) {
      if (inSegments.has(name)) continue;
      const sideFiles = sides.get(name) ?? {};
      sides.delete(name);
      found.files.push({ repository, path: prefix + name, mode, stamp, sideFiles });
    }
    for (const [of, { metadata, yanked }] of sides) {
      if (metadata) found.orphans.push(join(below, `${of}.metadata`));
      if (yanked && isAlone(join(below, of), yanked, now))
        report('not-a-package', `${prefix}${of}.yanked`, `yanks ${JSON.stringify(of)}, which is not there`, YANK_HINT);
    }
    for (const next of folders) scanFolder(next.below, next.prefix);
  };

  scanFolder(folder, '');
  return found;
}

/** Whether a side-file has waited long enough for its package, which may be there and held. */
function isAlone(path: string, { changedMs }: FileStamp, now: number): boolean {
  return now - changedMs > WAIT_FOR_PACKAGE_MS && look(path) === undefined;
}

/** Sorted by code unit, so that no disk's or locale's order reaches the output. A folder that went, or was swapped for a link, since it was seen holds nothing. */
function list(folder: string, isTop: boolean): Dirent[] {
  try {
    return listFolder(folder).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (cause) {
    if (!isTop && ['ENOENT', 'ENOTDIR', 'ELOOP'].includes((cause as NodeJS.ErrnoException).code ?? '')) return [];
    throw cannotLookInto(folder, cause);
  }
}

function lookAt(path: string): Stats | undefined {
  try {
    return look(path);
  } catch (cause) {
    throw cannotLookInto(dirname(path), cause);
  }
}

function cannotLookInto(folder: string, cause: unknown): KhoError {
  const hint =
    'nothing was changed; let the user that runs kho look into this folder (chmod u+rx), or mount its disk again';
  return new KhoError('READ', `Cannot list "${folder}"`, { hint, cause });
}
