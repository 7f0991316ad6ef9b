/**
 * What a site must not lose: files in `SITE/.kho-keep/`, a format each. Lines with checksums after a first line that names the format;
 * new ones are added at the end, flushed before anything relies on them. Whoever writes holds the site's lock.
 */
import { join } from 'node:path';
import { KhoError } from '../errors.ts';
import { appendLine } from './append-line.ts';
import { flushFolder, flushPath, writeNewFile } from './disk.ts';
import { hasKeptFolder, keptFolder, makeKeptFolder } from './kept-folder.ts';
import { splitKeptLines, withSum, writeKeptLines } from './kept-lines.ts';
import { look, readFile } from './open-file.ts';

/** A longer file was not written by kho. In bytes. */
const LONGEST_FILE = 256 * 1024 * 1024;

/** So many damaged files are kept aside; then somebody has to look. */
const MOST_ASIDE = 20;

export interface KeptFile<Record> {
  /** In the folder. */
  name: string;
  /** Raised whenever lines change their meaning. */
  format: number;
  /** `stop` where a line less would open a door; `leave out` where it is told of, and costs little. */
  whenDamaged: 'stop' | 'leave out';
  /** Undefined for what cannot be believed. */
  parse(line: string): Record | undefined;
  /** Without line breaks. */
  serialize(record: Record): string;
}

export interface KeptRecords<Record> {
  /** In the order in which they were written. */
  records: Record[];
  /** So many lines cannot be read, and are left out. */
  damaged: number;
}

/** @throws {KhoError} SITE as `hasKeptFolder`; READ for a file of a newer kho, or one that may not be read with lines left out */
export function readKept<Record>(root: string, file: KeptFile<Record>): KeptRecords<Record> {
  const bytes = hasKeptFolder(root) ? bytesOf(root, file) : undefined;
  if (bytes === undefined) return { records: [], damaged: 0 };
  const { lines, damaged } = splitKeptLines(bytes);
  const kept: KeptRecords<Record> = { records: [], damaged };
  const [first, ...others] = lines;
  const isHeader = first !== undefined && isHeaderOf(file, first, root);
  if (!isHeader) kept.damaged++;
  for (const line of isHeader ? others : lines) {
    const record = file.parse(line);
    if (record === undefined) kept.damaged++;
    else kept.records.push(record);
  }
  if (kept.damaged > 0 && file.whenDamaged === 'stop') throw isDamaged(root, file, kept.damaged);
  return kept;
}

/** Whether there is such a file. @throws {KhoError} SITE as `hasKeptFolder` */
export function hasKept(root: string, { name }: Pick<KeptFile<unknown>, 'name'>): boolean {
  return hasKeptFolder(root) && look(join(keptFolder(root), name)) !== undefined;
}

/** Add records. Once this returns, they survive a power cut. @throws {KhoError} SITE, WRITE */
export function appendKept<Record>(root: string, file: KeptFile<Record>, ...records: Record[]): void {
  putKept(root, file, records);
}

/** As `appendKept`. @param later gets the path, where the caller flushes it before anything relies on it */
export function putKept<Record>(
  root: string,
  file: KeptFile<Record>,
  records: readonly Record[],
  later?: string[],
): void {
  const path = join(makeKeptFolder(root), file.name);
  if (look(path) === undefined) replaceKept(root, file, records);
  else appendLine(path, records.map((record) => withSum(file.serialize(record))).join(''), later);
}

/** Write all of it anew. @throws {KhoError} SITE, WRITE */
export function replaceKept<Record>(root: string, file: KeptFile<Record>, records: Iterable<Record>): void {
  const folder = makeKeptFolder(root);
  const isNew = look(join(folder, file.name)) === undefined;
  writeKeptLines(join(folder, file.name), linesOf(file, records));
  if (isNew) flushFolder(root); // the folder's own name
}

/** Keep a copy of a damaged file, before it is written anew: somebody may still get out of it what it says. @returns its path. @throws {KhoError} WRITE */
export function keepAside<Record>(root: string, file: KeptFile<Record>): string {
  const bytes = bytesOf(root, file) ?? Buffer.alloc(0);
  const folder = makeKeptFolder(root);
  for (let number = 1; number <= MOST_ASIDE; number++) {
    const path = join(folder, `${file.name}.damaged-${number}`);
    const stats = look(path);
    if (stats?.isFile() && stats.size === bytes.length && readFile(path).equals(bytes)) return path; // by a run that was stopped
    if (stats) continue;
    writeNewFile(path, bytes);
    flushPath(path);
    return path;
  }
  throw new KhoError(
    'WRITE',
    `Cannot keep the damaged "${join(folder, file.name)}" aside: ${MOST_ASIDE} are there already`,
    {
      hint: `look at the disk of that folder, then move "${join(folder, file.name)}.damaged-*" elsewhere`,
    },
  );
}

function* linesOf<Record>({ name, format, serialize }: KeptFile<Record>, records: Iterable<Record>): Generator<string> {
  yield `${name} ${format}`;
  for (const record of records) yield serialize(record);
}

/** @throws {KhoError} READ for a newer format than is known */
function isHeaderOf({ name, format }: Pick<KeptFile<unknown>, 'name' | 'format'>, line: string, root: string): boolean {
  const [, named, number] = /^(\S+) (\d{1,6})$/.exec(line) ?? [];
  if (named !== name) return false;
  if (Number(number) <= format) return true;
  throw new KhoError('READ', `Cannot read "${join(keptFolder(root), name)}": a newer kho wrote it`, {
    hint: 'use that kho',
  });
}

function bytesOf(root: string, { name }: Pick<KeptFile<unknown>, 'name'>): Buffer | undefined {
  const path = join(keptFolder(root), name);
  try {
    const stats = look(path);
    if (stats === undefined) return undefined;
    if (stats.size <= LONGEST_FILE) return readFile(path);
  } catch (cause) {
    throw new KhoError('READ', `Cannot read "${path}"`, { cause, hint: 'run kho as the owner of the site' });
  }
  throw new KhoError('READ', `Cannot read "${path}": it has more than the ${LONGEST_FILE} bytes that kho ever writes`, {
    hint: 'put it back from a backup',
  });
}

function isDamaged(root: string, { name }: Pick<KeptFile<unknown>, 'name'>, count: number): KhoError {
  return new KhoError('READ', `Cannot believe "${join(keptFolder(root), name)}": ${count} of its lines are damaged`, {
    hint: 'put it back from a backup',
  });
}
