/**
 * Pages of other indexes as kho keeps them: SITE/upstream/NAME/pages/PROJECT.json. JSON, of which the first line says when and how the
 * page came, so that nobody has to read megabytes to know that. All of them may be deleted at any time: they are asked for again.
 */
import { join } from 'node:path';
import { makeFolder } from '../io/disk.ts';
import { look, namesIn, readFile, readStart } from '../io/open-file.ts';
import { closeFolders } from '../io/reach.ts';
import { isWrittenByTrusted } from '../io/trusted-owners.ts';
import { writeFileAtomic } from '../io/write-file-atomic.ts';
import type { UpstreamFile, UpstreamPage } from '../upstream-model.ts';
import { type UpstreamPlace, upstreamFolder } from './kept-places.ts';

/** Raised whenever what stands in such a file means something else: then older ones count as not there. */
const FORMAT = 1;

/** Of the first line, in bytes. */
const HEAD_BYTES = 8 * 1024;

/** Written at once. */
const FILES_A_PIECE = 100;

/** What tells the page that is kept from another one, as its server said it. */
export interface PageValidators {
  etag?: string;
  modified?: string;
}

/** What is known of a page without reading its files. Times are milliseconds since 1970. */
export interface KeptHeader extends PageValidators {
  /** Of the body as it came, hexadecimal: an index without validators sends the same one again. */
  bodySha256: string;
  form: 'json' | 'html';
  /** How many it lists. */
  files: number;
  /** When it came; it may have been asked for since, and have been the same. */
  changedMs: number;
  /** Since when the index says that it has no such project any more. */
  goneMs?: number;
}

/** Behind the name of a project. */
export const PAGE_ENDING = '.json';

/** All pages of one upstream. */
export function pagesFolder(root: string, upstream: string): string {
  return join(upstreamFolder(root), upstream, 'pages');
}

export function keptPagePath(root: string, { upstream, project }: UpstreamPlace): string {
  return join(pagesFolder(root, upstream), project + PAGE_ENDING);
}

/** Names of projects of which a page may be kept, sorted; none where nothing there can be believed. */
export function keptPageNames(root: string, upstream: string): string[] {
  const names = tried(() => (isBelieved(root, upstream) ? namesIn(pagesFolder(root, upstream)) : undefined)) ?? [];
  return names.flatMap((name) => (name.endsWith(PAGE_ENDING) ? [name.slice(0, -PAGE_ENDING.length)] : [])).sort();
}

/** Of the page that is kept; undefined where there is none, or none that can be believed: others may have written it. */
export function readKeptHeader(root: string, place: UpstreamPlace): KeptHeader | undefined {
  return tried(() => {
    if (!isBelieved(root, place.upstream)) return undefined;
    const start = readStart(keptPagePath(root, place), HEAD_BYTES);
    const end = start.indexOf('\n');
    return end < 0 ? undefined : headerOf(start.subarray(0, end).toString('utf8'));
  });
}

/** The whole page. @returns as `readKeptHeader` */
export function readKeptPage(
  root: string,
  place: UpstreamPlace,
): { header: KeptHeader; page: UpstreamPage } | undefined {
  return tried(() => {
    if (!isBelieved(root, place.upstream)) return undefined;
    const bytes = readFile(keptPagePath(root, place));
    const end = bytes.indexOf('\n');
    const header = headerOf(bytes.subarray(0, end).toString('utf8'));
    const { _kho: _, ...page } = JSON.parse(bytes.toString('utf8'));
    return header && Array.isArray(page.files) ? { header, page: page as UpstreamPage } : undefined;
  });
}

/** One file of it, without reading the others. */
export function findKeptFile(
  root: string,
  place: UpstreamPlace,
  filename: string,
): { file: UpstreamFile; index: string } | undefined {
  return tried(() => {
    if (!isBelieved(root, place.upstream)) return undefined;
    const bytes = readFile(keptPagePath(root, place));
    const start = bytes.indexOf(`\n{"filename":${JSON.stringify(filename)},`);
    if (start < 0) return undefined;
    const end = bytes.indexOf('\n', start + 1);
    const line = bytes.subarray(start + 1, end).toString('utf8');
    const [head, about] = bytes.subarray(0, HEAD_BYTES).toString('utf8').split('\n');
    const { index } = JSON.parse(`${head}${about?.replace(/"files":\[$/, '"files":[]}')}`);
    return { file: JSON.parse(line.replace(/,$/, '')), index };
  });
}

/** @throws {KhoError} WRITE, SITE */
export function keepPage(root: string, page: UpstreamPage, header: KeptHeader): void {
  const path = keptPagePath(root, page);
  makeFolder(pagesFolder(root, page.upstream));
  const { files, ...about } = page;
  const head = `{"_kho":${JSON.stringify({ format: FORMAT, ...header })},\n`;
  const rest = JSON.stringify(about).slice(1, -1);
  writeFileAtomic(path, piecesOf(`${head}${rest},"files":[\n`, files));
}

/** A line for each file: one is found without reading the others. In pieces: all of a big page is megabytes. */
function* piecesOf(head: string, files: readonly UpstreamFile[]): Generator<string> {
  yield head;
  for (let from = 0; from < files.length; from += FILES_A_PIECE) {
    const piece = files.slice(from, from + FILES_A_PIECE);
    const lines = piece.map(({ filename, ...file }) => JSON.stringify({ filename, ...file })).join(',\n');
    yield from + piece.length < files.length ? `${lines},\n` : lines;
  }
  yield '\n]}\n';
}

/** A folder that this process holds open may have been replaced since. */
function isBelieved(root: string, upstream: string): boolean {
  const folder = pagesFolder(root, upstream);
  closeFolders(upstreamFolder(root));
  return look(folder) !== undefined && isWrittenByTrusted(folder);
}

function headerOf(line: string): KeptHeader | undefined {
  const { _kho } = JSON.parse(`${line.replace(/,$/, '')}}`);
  const { format, bodySha256, files, changedMs } = _kho ?? {};
  if (format !== FORMAT || typeof bodySha256 !== 'string' || !Number.isInteger(files)) return undefined;
  return Number.isFinite(changedMs) ? (_kho as KeptHeader) : undefined;
}

/** What cannot be read is not there: it is asked for again. */
function tried<T>(read: () => T | undefined): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
