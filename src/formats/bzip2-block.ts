import type { BitWindow } from './bit-window.ts';
import { type HuffmanCode, moveToFront, readCodes, SYMBOLS_PER_CODE } from './bzip2-codes.ts';

/** In bytes, before the run-length code is undone, after which it may be 51 times as much. */
export const LARGEST_BLOCK = 900_000;
const BLOCK_PER_LEVEL = 100_000;
const PIECE_BYTES = 256 * 1024;
/** After so many equal bytes comes a byte that says how many more there are. */
const RUN = 4;

const CHECKSUM_TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let value = byte << 24;
  for (let bit = 0; bit < 8; bit++) value = value < 0 ? (value << 1) ^ 0x04c11db7 : value << 1;
  return value;
});

/** Unpacks blocks of a bzip2 file, with the memory that this takes, which is used again for each. */
export class Bzip2Block {
  readonly #bits: BitWindow;
  readonly #sink: (piece: Uint8Array) => void;
  /** First the bytes of the block; then, in the upper 24 bits of each, where the next byte of the text is. */
  readonly #cells = new Uint32Array(LARGEST_BLOCK);
  #length = 0;
  readonly #piece = Buffer.allocUnsafe(PIECE_BYTES);

  constructor(bits: BitWindow, sink: (piece: Uint8Array) => void) {
    this.#bits = bits;
    this.#sink = sink;
  }

  /**
   * @param level 1 to 9, from the head of the stream
   * @param expectedChecksum the checksum of what comes out
   * @throws {FormatError} `damaged`, `incomplete`, and what the sink throws
   */
  unpack(level: number, expectedChecksum: number): void {
    const isRandomized = this.#bits.read(1) === 1; // Only by versions of 1996.
    const start = this.#bits.read(24);
    if (isRandomized) throw this.#bits.fault();
    const byteCounts = this.#readSymbols(level * BLOCK_PER_LEVEL);
    if (start >= this.#length) throw this.#bits.fault();
    this.#linkCells(byteCounts);
    if (this.#write(start) !== expectedChecksum) throw this.#bits.fault();
  }

  /** Undo the Huffman codes, the zero-run code and the move-to-front code. @returns how often each byte occurs */
  #readSymbols(limit: number): Uint32Array {
    const bits = this.#bits;
    const recent = readUsedBytes(bits);
    const { codes, choices } = readCodes(bits, recent.length + 2);
    const endSymbol = recent.length + 1;
    const counts = new Uint32Array(256);
    const cells = this.#cells;
    let length = 0;
    let run = 0;
    let runWeight = 1;
    let code = codes[0] as HuffmanCode;
    let codeLeft = 0;
    let choice = 0;
    for (;;) {
      if (codeLeft-- === 0) {
        if (choice === choices.length) throw bits.fault();
        code = codes[choices[choice++] as number] as HuffmanCode;
        codeLeft = SYMBOLS_PER_CODE - 1;
      }
      const symbol = code.read(bits);
      if (symbol <= 1) {
        run += runWeight << symbol;
        runWeight <<= 1;
        if (length + run > limit) throw bits.fault();
        continue;
      }
      if (run > 0) {
        const byte = recent[0] as number;
        cells.fill(byte, length, length + run);
        counts[byte] = (counts[byte] as number) + run;
        length += run;
        run = 0;
        runWeight = 1;
      }
      if (symbol === endSymbol) break;
      if (length === limit) throw bits.fault();
      const byte = moveToFront(recent, symbol - 1);
      cells[length++] = byte;
      counts[byte] = (counts[byte] as number) + 1;
    }
    this.#length = length;
    return counts;
  }

  /** Undo the Burrows-Wheeler transform: let each cell know the one after it. */
  #linkCells(byteCounts: Uint32Array): void {
    const next = new Uint32Array(256);
    for (let byte = 1; byte < 256; byte++) {
      next[byte] = (next[byte - 1] as number) + (byteCounts[byte - 1] as number);
    }
    const cells = this.#cells;
    for (let at = 0; at < this.#length; at++) {
      const byte = (cells[at] as number) & 0xff;
      const target = next[byte] as number;
      cells[target] = (cells[target] as number) | (at << 8);
      next[byte] = target + 1;
    }
  }

  /** Follow the cells, and undo the run-length code. @returns the checksum of what came out */
  #write(start: number): number {
    const cells = this.#cells;
    const piece = this.#piece;
    let filled = 0;
    let checksum = -1;
    let at = (cells[start] as number) >>> 8;
    let previous = -1;
    let equal = 0;
    for (let left = this.#length; left > 0; left--) {
      const cell = cells[at] as number;
      at = cell >>> 8;
      let byte = cell & 0xff;
      let copies = 1;
      if (equal === RUN) {
        copies = byte;
        byte = previous;
        equal = 0;
      } else {
        equal = byte === previous ? equal + 1 : 1;
        previous = byte;
      }
      for (; copies > 0; copies--) {
        checksum = (checksum << 8) ^ (CHECKSUM_TABLE[(checksum >>> 24) ^ byte] as number);
        piece[filled++] = byte;
        if (filled < PIECE_BYTES) continue;
        this.#sink(piece);
        filled = 0;
      }
    }
    this.#sink(piece.subarray(0, filled));
    return ~checksum >>> 0;
  }
}

/** Which bytes occur: 16 bits for the groups of 16, then 16 for each group that is used. */
function readUsedBytes(bits: BitWindow): Uint8Array {
  const used: number[] = [];
  const groups = bits.read(16);
  for (let group = 0; group < 16; group++) {
    if ((groups & (0x8000 >> group)) === 0) continue;
    const members = bits.read(16);
    for (let member = 0; member < 16; member++) if (members & (0x8000 >> member)) used.push(group * 16 + member);
  }
  if (used.length === 0) throw bits.fault();
  return Uint8Array.from(used);
}
