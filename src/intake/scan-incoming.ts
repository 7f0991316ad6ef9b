import type { Dirent, Stats } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { SiteConfig } from '../config/site-config.ts';
import { KhoError } from '../errors.ts';
import { WENT_AWAY } from '../inspect/inspect-file.ts';
import { type FileStamp, fileStamp } from '../io/file-stamp.ts';
import { listFolder, look } from '../io/open-file.ts';
import { openingHint } from '../io/opening-line.ts';
import { anchor, closeFolders, followLink } from '../io/reach.ts';
import { isTrusted } from '../io/trusted-owners.ts';
import { PROBLEM_HINTS, type Problem, type ProblemCode } from '../problems.ts';
import { fileKind } from '../scan/file-kinds.ts';
import { DEEPEST_BYTES } from '../scan/scan-packages.ts';
import { isPassedOver } from '../standards/passed-over.ts';
import type { SideFile } from '../standards/side-files.ts';
import { leftoversIn } from './leftovers.ts';
import { lineThatOpens } from './what-to-open.ts';

const INCOMING = 'incoming';

/** Below incoming/: what kho did not publish. Nothing in it is ever taken up again. */
const REFUSED = 'refused';

/** Absolute; it may not be there. */
export function refusedFolder(root: string): string {
  const folder = realFolder(join(root, INCOMING)) ?? join(root, INCOMING);
  anchor(folder, 'shared');
  return join(folder, REFUSED);
}

/** A file in incoming/, as seen in a listing; nothing of it is read yet. */
export interface IncomingFile {
  /** From the site's root: `incoming/sub/foo-1.0-py3-none-any.whl`. */
  file: string;
  name: string;
  /** Absolute; its folder is real (no links in it). */
  folder: string;
  stamp: FileStamp;
}

export interface IncomingSide extends IncomingFile {
  side: SideFile;
  /** The name of the package that it belongs to. */
  of: string;
}

export interface IncomingScan {
  /** Absolute and real. */
  folder: string;
  /** Where to put what is not published, absolute. It may not be there yet. */
  refused: string;
  /** Sorted by path. */
  packages: IncomingFile[];
  sides: IncomingSide[];
  problems: Problem[];
  /** What runs that died left behind, absolute. */
  abandoned: string[];
}

/** Names that cannot be opened again since they are not UTF-8, or that no address can hold. */
const UNUSABLE = /[\p{Cc}\\\ufffd]/u;

/**
 * List incoming/ and the folders in it; links in it are not followed. Undefined when there is none.
 *
 * @throws {KhoError} SITE when it is a link into packages/, or around it: what is published would be taken for an upload
 */
export function scanIncoming(config: SiteConfig): IncomingScan | undefined {
  const path = join(config.root, INCOMING);
  if (look(path) === undefined) return undefined;
  const problems: Problem[] = [];
  const report = (code: ProblemCode, file: string, what: string, hint: string = PROBLEM_HINTS[code]) =>
    problems.push({ code, file, what, hint });
  const reportClosed = (full: string, file: string, what: string, errno: string) =>
    report('not-readable', file, `${what} (${errno})`, openingHint(full, errno, file));
  const reportClosedFolder = (full: string, file: string, errno: string) => {
    const owner = errno === 'EACCES' && file !== INCOMING ? look(full)?.uid : undefined;
    const isOfOther = owner !== undefined && owner !== process.geteuid?.();
    const hint = isOfOther ? lineThatOpens(full, owner, config.root) : openingHint(full, errno, file);
    report('not-readable', file, `cannot be looked into (${errno})`, hint);
  };
  const folder = realFolder(path);
  const scan: IncomingScan = { folder: '', refused: '', packages: [], sides: [], problems, abandoned: [] };
  if (folder === undefined) {
    report('not-readable', INCOMING, 'is no folder', 'make it a folder, or give it another name');
    return scan;
  }
  refuseNesting(folder, config);
  anchor(folder, 'shared');
  closeFolders(folder);
  scan.folder = folder;
  scan.refused = join(folder, REFUSED);

  const scanFolder = (below: string, prefix: string) => {
    for (const entry of list(below, (errno) => reportClosedFolder(below, prefix, errno))) {
      const { name } = entry;
      const file = `${prefix}/${name}`;
      const full = join(below, name);
      if (full === scan.refused || isPassedOver(name, config.ignore)) continue;
      const kind = fileKind(name);
      if (kind.is === 'temporary') continue;
      if (UNUSABLE.test(name)) {
        report('bad-filename', file, 'has a name with characters that no address can hold');
      } else if (entry.isSymbolicLink()) {
        report('not-a-package', file, 'is a link, and kho takes up files only', 'copy the file itself there');
      } else if (entry.isDirectory()) {
        if (Buffer.byteLength(full) > DEEPEST_BYTES)
          report('bad-filename', file, 'lies too deep', 'move it further up');
        else scanFolder(full, file);
      } else if (kind.is === 'stray' || !entry.isFile()) {
        const what = entry.isFile() ? 'is neither a wheel nor an sdist' : 'is no ordinary file';
        report('not-a-package', file, what, 'move it out of incoming/');
      } else if (kind.is === 'unsupported') {
        report('unsupported', file, 'is of a kind that pip and its peers no longer install');
      } else {
        const stats = lookOr(full, (errno) => reportClosed(full, file, 'cannot be looked at', errno));
        if (!stats?.isFile()) continue; // it went while we looked
        const found = { file, name, folder: below, stamp: fileStamp(stats) };
        if (kind.is === 'package') scan.packages.push(found);
        else scan.sides.push({ ...found, of: kind.of, side: kind.side });
      }
    }
  };
  scanFolder(folder, INCOMING);
  scan.abandoned.push(...leftoversIn(look(scan.refused)?.isDirectory() ? [folder, scan.refused] : [folder]));
  return scan;
}

/** Undefined when it is something else, or a link of somebody who could lead kho anywhere by it. */
function realFolder(path: string): string | undefined {
  const real = followLink(path)?.real;
  const link = look(path);
  if (real === undefined || (link?.isSymbolicLink() && !isTrusted(link.uid))) return undefined;
  return look(real)?.isDirectory() ? real : undefined;
}

/** Sorted; nothing of a folder that cannot be listed. One that went, or was swapped for a link, since it was seen holds nothing. */
function list(folder: string, complain: (errno: string) => void): Dirent[] {
  try {
    const entries = listFolder(folder).sort((a, b) => (a.name < b.name ? -1 : 1));
    look(`${folder}/.`); // one that may be listed, and not entered, is told of once
    return entries;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!WENT_AWAY.has(code)) complain(code);
    return [];
  }
}

function lookOr(path: string, complain: (errno: string) => void): Stats | undefined {
  try {
    return look(path);
  } catch (error) {
    complain((error as NodeJS.ErrnoException).code ?? '');
    return undefined;
  }
}

function refuseNesting(folder: string, { root, repositories }: SiteConfig): void {
  const isInside = (inner: string, outer: string) => {
    const way = relative(outer, inner);
    return way !== '..' && !way.startsWith(`..${sep}`);
  };
  for (const { packages } of repositories) {
    if (packages === undefined || !(isInside(folder, packages) || isInside(packages, folder))) continue;
    throw new KhoError('SITE', `Cannot take files from "${join(root, INCOMING)}": it leads to "${packages}"`, {
      hint: 'let the link lead to a folder of its own',
    });
  }
}
