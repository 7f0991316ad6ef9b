/** Files in which a run keeps what the next one wants to know: lines, each with a checksum of its own. What is damaged counts as lost. */
import { crc32 } from 'node:zlib';
import { removeFolder } from './disk.ts';
import { look, readFile } from './open-file.ts';
import { putFile, writeFileAtomic } from './write-file-atomic.ts';

/** Of its bytes, in hexadecimal, and a blank: so a line begins. In characters. */
const SUM_LENGTH = 8;
const BEGIN = SUM_LENGTH + 1;

const NEW_LINE = 10;

/** Written at once, in characters. */
const PIECE_LENGTH = 64 * 1024;

export interface KeptLines {
  /** In their order. */
  lines: string[];
  /** Some line was damaged, and is left out. */
  isDamaged: boolean;
}

/** @param lines without line breaks in them; @throws {KhoError} WRITE */
export function writeKeptLines(path: string, lines: Iterable<string>): void {
  makeRoom(path);
  writeFileAtomic(path, inPieces(lines));
}

/** As `writeKeptLines`, but that the caller flushes the file, and its folder. */
export function putKeptLines(path: string, lines: Iterable<string>): void {
  makeRoom(path);
  putFile(path, inPieces(lines));
}

/** No kho makes a folder there, and a file cannot take its place. */
function makeRoom(path: string): void {
  if (look(path)?.isDirectory()) removeFolder(path);
}

/** All of it at once would be the most memory that a run takes. */
function* inPieces(lines: Iterable<string>): Generator<string> {
  let piece = '';
  for (const line of lines) {
    piece += withSum(line);
    if (piece.length < PIECE_LENGTH) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}

/** @throws an error of Node when there is no such file */
export function readKeptLines(path: string): KeptLines {
  const { lines, damaged, isTorn } = splitKeptLines(readFile(path));
  return { lines, isDamaged: damaged > 0 || isTorn };
}

/** A line as it stands in the file, with its end. */
export function withSum(line: string): string {
  return `${sumOf(line)} ${line}\n`;
}

export interface SplitLines {
  /** Those that are whole, in their order. */
  lines: string[];
  /** How many are not. */
  damaged: number;
  /** The last one has no end: somebody stopped while it was written. It counts as neither. */
  isTorn: boolean;
}

export function splitKeptLines(bytes: Buffer): SplitLines {
  const split: SplitLines = { lines: [], damaged: 0, isTorn: false };
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(NEW_LINE, start);
    const text = bytes.subarray(start + BEGIN, end < 0 ? bytes.length : end);
    const sum = bytes.toString('latin1', start, start + BEGIN);
    if (end < 0) split.isTorn = true;
    else if (sum === `${sumOf(text)} `) split.lines.push(text.toString('utf8'));
    else split.damaged++;
    start = end < 0 ? bytes.length : end + 1;
  }
  return split;
}

function sumOf(line: string | Uint8Array): string {
  return crc32(line).toString(16).padStart(SUM_LENGTH, '0');
}
