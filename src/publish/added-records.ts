/**
 * Records of single projects that were published since the manifest was written: a line each, behind one that names the manifest's
 * generation. A project that somebody waits for is published without writing the manifest anew, whose size grows with the site.
 */
import type { Stats } from 'node:fs';
import { join } from 'node:path';
import { appendLine } from '../io/append-line.ts';
import { removeFile } from '../io/disk.ts';
import { flushBatch } from '../io/flush.ts';
import { splitKeptLines, withSum, writeKeptLines } from '../io/kept-lines.ts';
import { look, readFile, readStart } from '../io/open-file.ts';
import { stateFolder } from './state-folder.ts';

/** Lines as they stand in the manifest, by name of the project; undefined for one that has no files any more. */
export type AddedRecords = ReadonlyMap<string, string | undefined>;

/** Between the generation of a manifest and what tells how much was added. */
const PLUS = '+';

const NEW_LINE = 10;

/** Of the first line, in bytes, about. */
const FIRST_LINE_BYTES = 256;

function addedPath(root: string): string {
  return join(stateFolder(root), 'manifest-added');
}

/** Of the manifest that records were added to. */
export function baseGeneration(generation: string): string {
  return generation.split(PLUS, 1)[0] as string;
}

/** The generation of a manifest with what was added to it: the file only grows. Undefined where nothing was added. */
export function addedGeneration(root: string, base: string): string | undefined {
  const stats = look(addedPath(root));
  if (!stats || stats.size === 0) return undefined;
  return isAddedTo(root, base, stats) ? `${base}${PLUS}${stats.size}` : undefined;
}

function isAddedTo(root: string, base: string, stats: Stats): boolean {
  if (knownOf(root, base, stats)) return true;
  return readStart(addedPath(root), FIRST_LINE_BYTES).toString('latin1').startsWith(withSum(base));
}

/** When something was added last, milliseconds since 1970; 0 where nothing was. */
export function addedMs(root: string): number {
  return look(addedPath(root))?.mtimeMs ?? 0;
}

/** What was read last. The file only grows: of the same one, what is new is read. */
let last: KnownAdded | undefined;

interface KnownAdded {
  path: string;
  base: string;
  inode: number;
  bornMs: number;
  /** Of its whole lines, in bytes. */
  end: number;
  records: AddedRecords;
  damaged: number;
}

/** @param stats of what is there now */
function knownOf(root: string, base: string, { ino, birthtimeMs, size }: Stats): KnownAdded | undefined {
  const isSame = last?.path === addedPath(root) && last.base === base && last.inode === ino;
  return isSame && last?.bornMs === birthtimeMs && size >= last.end ? last : undefined;
}

/** What was added to the manifest of that generation; undefined where nothing was. @throws an error of Node */
export function readAdded(root: string, base: string) {
  const path = addedPath(root);
  const stats = look(path);
  if (!stats || stats.size === 0 || !isAddedTo(root, base, stats)) return undefined;
  const known = knownOf(root, base, stats);
  const start = known?.end ?? 0;
  const bytes = readFile(path, start);
  const { lines, damaged: ofThese } = splitKeptLines(bytes); // a torn line at the end is of a run that died, whose journal tells of it
  const added = known ? lines : lines.slice(1);
  const records = added.length > 0 || !known ? new Map(known?.records) : known.records;
  for (const line of added) {
    const blank = line.indexOf(' ');
    (records as Map<string, string | undefined>).set(line.slice(0, blank), line.slice(blank + 1) || undefined);
  }
  const damaged = (known?.damaged ?? 0) + ofThese;
  const end = start + bytes.lastIndexOf(NEW_LINE) + 1;
  last = { path, base, inode: stats.ino, bornMs: stats.birthtimeMs, end, records, damaged };
  return { generation: `${base}${PLUS}${start + bytes.length}`, records, isDamaged: damaged > 0 };
}

/** The lock must be held. @param base of the manifest @throws {KhoError} WRITE */
export async function addRecords(root: string, base: string, records: AddedRecords): Promise<void> {
  if (addedGeneration(root, base) === undefined) return startAdded(root, base, records);
  const written: string[] = [];
  const lines = [...records].map(([name, line]) => withSum(`${name} ${line ?? ''}`));
  appendLine(addedPath(root), lines.join(''), written);
  await flushBatch(written, []);
}

/** In the place of what was added to an older manifest. @throws {KhoError} WRITE */
export function startAdded(root: string, base: string, records: AddedRecords): void {
  writeKeptLines(addedPath(root), [base, ...[...records].map(([name, line]) => `${name} ${line ?? ''}`)]);
}

/** All of it stands in the manifest by now. */
export function forgetAdded(root: string): void {
  removeFile(addedPath(root));
}
