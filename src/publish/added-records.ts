/**
 * Records of single projects that were published since the manifest was written: a line each, behind one that names the manifest's
 * generation. A project that somebody waits for is published without writing the manifest anew, whose size grows with the site.
 */
import { join } from 'node:path';
import { appendLine } from '../io/append-line.ts';
import { removeFile } from '../io/disk.ts';
import { splitKeptLines, withSum, writeKeptLines } from '../io/kept-lines.ts';
import { look, readFile, readStart } from '../io/open-file.ts';
import { stateFolder } from './state-folder.ts';

/** Lines as they stand in the manifest, by name of the project; undefined for one that has no files any more. */
export type AddedRecords = ReadonlyMap<string, string | undefined>;

/** Between the generation of a manifest and what tells how much was added. */
const PLUS = '+';

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
  const size = look(addedPath(root))?.size ?? 0;
  if (size === 0) return undefined;
  const head = readStart(addedPath(root), FIRST_LINE_BYTES).toString('latin1');
  return head.startsWith(withSum(base)) ? `${base}${PLUS}${size}` : undefined;
}

/** When something was added last, milliseconds since 1970; 0 where nothing was. */
export function addedMs(root: string): number {
  return look(addedPath(root))?.mtimeMs ?? 0;
}

/** What was added to the manifest of that generation; undefined where nothing was. @throws an error of Node */
export function readAdded(root: string, base: string) {
  if (addedGeneration(root, base) === undefined) return undefined;
  const bytes = readFile(addedPath(root));
  const { lines, damaged } = splitKeptLines(bytes); // a torn line at the end is of a run that died, whose journal tells of it
  const records = new Map<string, string | undefined>();
  for (const line of lines.slice(1)) {
    const blank = line.indexOf(' ');
    records.set(line.slice(0, blank), line.slice(blank + 1) || undefined);
  }
  return { generation: `${base}${PLUS}${bytes.length}`, records, isDamaged: damaged > 0 };
}

/** The lock must be held. @param base of the manifest @throws {KhoError} WRITE */
export function addRecords(root: string, base: string, records: AddedRecords): void {
  if (addedGeneration(root, base) === undefined) startAdded(root, base, records);
  else appendLine(addedPath(root), [...records].map(([name, line]) => withSum(`${name} ${line ?? ''}`)).join(''));
}

/** In the place of what was added to an older manifest. @throws {KhoError} WRITE */
export function startAdded(root: string, base: string, records: AddedRecords): void {
  writeKeptLines(addedPath(root), [base, ...[...records].map(([name, line]) => `${name} ${line ?? ''}`)]);
}

/** All of it stands in the manifest by now. */
export function forgetAdded(root: string): void {
  removeFile(addedPath(root));
}
