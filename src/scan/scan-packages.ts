import type { Dirent, Stats } from 'node:fs';
import { join } from 'node:path';
import { KhoError } from '../errors.ts';
import { type FileStamp, fileStamp } from '../io/file-stamp.ts';
import { listFolder, look } from '../io/open-file.ts';
import { openingHint } from '../io/opening-line.ts';
import { isOwnLeftover } from '../io/own-leftover.ts';
import { isForgottenPart } from '../io/part-name.ts';
import { anchor, closeFolders, followLink } from '../io/reach.ts';
import { PROBLEM_HINTS, type Problem, type ProblemCode } from '../problems.ts';
import { isPassedOver } from '../standards/passed-over.ts';
import type { SideFile } from '../standards/side-files.ts';
import { fileKind } from './file-kinds.ts';
import type { FoundFile } from './found-file.ts';

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
  /** What cannot be looked into, or at: what was known of it stays as it was. */
  unseen: Unseen[];
}

/** A folder below packages/, with `/` at its end, or a file. */
export interface Unseen {
  repository: string;
  /** From packages/. */
  path: string;
  /** Absolute. */
  full: string;
  /** What the system says, as Node names it: `EACCES`. */
  errno: string;
}

/** What is wrong with this run, not with one folder: the next may well see what this one cannot. */
const OWN_FAULTS: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE', 'ENOMEM']);

/** A folder that went, or was swapped for a link, since it was seen holds nothing. */
const GONE: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'ELOOP']);

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
 * @param options.ignored names that are passed over besides those that all systems have
 * @param options.now milliseconds since 1970
 * @throws {KhoError} READ when the folder itself cannot be listed
 */
export function scanPackages(
  repository: string,
  folder: string,
  { ignored = [], now = Date.now() }: { ignored?: readonly string[]; now?: number } = {},
): PackagesScan {
  anchor(folder, 'shared');
  closeFolders(folder);
  const found: PackagesScan = { files: [], problems: [], orphans: [], abandoned: [], folders: [], unseen: [] };
  const seen = new Set<string>([folder]);
  const shownFolder = repository === '.' ? 'packages' : `${repository}/packages`;
  const report = (code: ProblemCode, path: string, what: string, hint: string = PROBLEM_HINTS[code]) =>
    found.problems.push({ code, file: `${shownFolder}/${path}`, what, hint });

  /** A fault of the disk, or of somebody's `mkdir`, is told of, and stops nobody. @throws {KhoError} READ for packages/ itself */
  const passOver = (full: string, path: string, cause: unknown) => {
    const { code: errno = '' } = cause as NodeJS.ErrnoException;
    if (full === folder || errno === '' || OWN_FAULTS.has(errno)) throw cannotLookInto(full, errno, cause);
    found.unseen.push({ repository, path, full, errno });
    const what = path.endsWith('/') ? 'cannot be looked into' : 'cannot be looked at';
    const place = `${shownFolder}/${path}`.replace(/\/$/, '');
    report(
      'not-readable',
      path,
      `${what} (${errno}): what was listed of it stays listed`,
      openingHint(full, errno, place),
    );
  };

  const scanFolder = (below: string, prefix: string) => {
    let entries: Dirent[];
    try {
      entries = list(below, below === folder);
    } catch (cause) {
      return passOver(below, prefix, cause);
    }
    found.folders.push(below);
    const inSegments = new Set<string>();
    const packages: { name: string; mode: number; stamp: FileStamp }[] = [];
    const sides = new Map<string, Partial<Record<SideFile, FileStamp>>>();
    const folders: { below: string; prefix: string }[] = [];
    const unseen = new Set<string>();

    for (const entry of entries) {
      const { name } = entry;
      if (isPassedOver(name, ignored)) continue;
      const path = prefix + name;
      const full = `${below}/${name}`; // `join` would cost a tenth of the whole scan
      const kind = fileKind(name);
      if (kind.is === 'temporary') {
        if (isOwnLeftover(name, full) || isForgottenPart(name, full)) found.abandoned.push(full);
        if (name.endsWith(SEGMENTS_SUFFIX)) inSegments.add(name.slice(0, -SEGMENTS_SUFFIX.length));
        continue;
      }
      let stats: Stats | undefined;
      let way: ReturnType<typeof followLink>;
      try {
        if (entry.isSymbolicLink()) {
          way = followLink(full);
          if (way?.isInside) stats = look(way.real);
        } else if (!entry.isDirectory() && (kind.is === 'package' || kind.is === 'side-file')) stats = look(full);
      } catch (cause) {
        const of = kind.is === 'side-file' ? kind.of : name;
        if (!unseen.has(of)) passOver(full, prefix + of, cause);
        unseen.add(of);
        continue;
      }
      if (entry.isSymbolicLink()) {
        if (way === undefined) {
          report('link-outside', path, 'is a link to something that is not there');
          continue;
        }
        if (!way.isInside) {
          report('link-outside', path, 'is a link that leads out of packages/');
          continue;
        }
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
        if (stats === undefined && !UNUSABLE.test(name)) continue; // it went while we looked
        if (UNUSABLE.test(name)) report('bad-filename', path, 'has a name with characters that no address can hold');
        else if (!stats?.isFile()) report('not-a-package', path, 'is no ordinary file');
        else if (kind.is === 'package') packages.push({ name, mode: stats.mode & 0o777, stamp: fileStamp(stats) });
        else sides.set(kind.of, { ...sides.get(kind.of), [kind.side]: fileStamp(stats) });
      }
    }

    for (const { name, mode, stamp } of packages) {
      if (inSegments.has(name) || unseen.has(name)) continue;
      const sideFiles = sides.get(name) ?? {};
      sides.delete(name);
      found.files.push({ repository, path: prefix + name, mode, stamp, sideFiles });
    }
    for (const [of, { metadata, yanked }] of sides) {
      if (unseen.has(of)) continue;
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

/**
 * Sorted by code unit, so that no disk's or locale's order reaches the output. A folder that went, or was swapped for a link, since it was
 * seen holds nothing.
 *
 * @throws an error of Node, also for a folder that may be listed and not entered: nothing could be said of what is in it
 */
function list(folder: string, isTop: boolean): Dirent[] {
  try {
    const entries = listFolder(folder).sort((a, b) => (a.name < b.name ? -1 : 1));
    look(`${folder}/.`);
    return entries;
  } catch (cause) {
    if (!isTop && GONE.has((cause as NodeJS.ErrnoException).code ?? '')) return [];
    throw cause;
  }
}

function cannotLookInto(folder: string, errno: string, cause: unknown): KhoError {
  const hint = `nothing was changed; mount its disk again, or ${openingHint(folder, errno)}`;
  return new KhoError('READ', `Cannot list "${folder}"`, { hint, cause });
}
