import { closeSync, fstatSync } from 'node:fs';
import { splitKeptLines } from './kept-lines.ts';
import { fill, openFile } from './open-file.ts';

/** Read at once, in bytes. */
const PIECE_BYTES = 16 * 1024;

const NEW_LINE = 10;

/** Before the checksum of a line ends, in bytes: see kept-lines.ts. */
const SUM_BYTES = 9;

/** Of a file of kept lines: its first line, and the one that was looked for. */
export interface FoundLine {
  first: string;
  /** Undefined where there is none. */
  line: string | undefined;
}

/**
 * Look for one line in a file whose lines after the first are sorted by what stands before their first blank: in steps that halve the
 * file, so that the cost does not grow with it.
 *
 * @returns undefined when the first line, or the one that was found, is damaged
 * @throws an error of Node when there is no such file
 */
export function findKeptLine(path: string, key: string): FoundLine | undefined {
  const descriptor = openFile(path);
  try {
    const reader = new LineReader(descriptor);
    const head = reader.lineAt(0);
    const [first] = splitKeptLines(head).lines;
    if (first === undefined) return undefined;
    const bytes = search(reader, head.length, key);
    if (!bytes) return { first, line: undefined };
    const [line] = splitKeptLines(bytes).lines;
    return line === undefined ? undefined : { first, line };
  } finally {
    closeSync(descriptor);
  }
}

/** @param begin where the sorted lines begin, in bytes */
function search(reader: LineReader, begin: number, key: string): Buffer | undefined {
  let low = begin;
  let high = reader.size;
  while (high - low > PIECE_BYTES) {
    const middle = Math.floor((low + high) / 2);
    const start = reader.lineStart(middle);
    if (start >= high || keyOf(reader.lineAt(start)) > key) high = middle;
    else low = start;
  }
  for (let at = low; at < high; ) {
    const line = reader.lineAt(at);
    if (keyOf(line) === key) return line;
    if (line.length === 0) break;
    at += line.length;
  }
  return undefined;
}

function keyOf(line: Buffer): string {
  const blank = line.indexOf(' ', SUM_BYTES);
  return line.toString('utf8', SUM_BYTES, blank < 0 ? line.length : blank).trimEnd();
}

/** Reads lines of an open file, wherever they begin. */
class LineReader {
  readonly size: number;
  readonly #descriptor: number;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
    this.size = fstatSync(descriptor).size;
  }

  /** Where the first line begins that does so at `offset` or later; the size of the file when none does. */
  lineStart(offset: number): number {
    for (let at = offset - 1; at < this.size; at += PIECE_BYTES) {
      const found = this.#piece(at).indexOf(NEW_LINE);
      if (found >= 0) return at + found + 1;
    }
    return this.size;
  }

  /** The line that begins at `offset`, with its end. */
  lineAt(offset: number): Buffer {
    const pieces: Buffer[] = [];
    for (let at = offset; at < this.size; at += PIECE_BYTES) {
      const piece = this.#piece(at);
      const end = piece.indexOf(NEW_LINE);
      pieces.push(end < 0 ? piece : piece.subarray(0, end + 1));
      if (end >= 0) break;
    }
    return Buffer.concat(pieces);
  }

  #piece(offset: number): Buffer {
    const piece = Buffer.allocUnsafe(Math.min(PIECE_BYTES, this.size - offset));
    return piece.subarray(0, fill(this.#descriptor, piece, offset, piece.length));
  }
}
