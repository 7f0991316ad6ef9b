import type { BitWindow } from './bit-window.ts';

/** Symbols that are read by one code before the next is chosen. */
export const SYMBOLS_PER_CODE = 50;
const LONGEST_CODE = 20;

/** The codes of a block, and which one is used for each 50 symbols. */
export function readCodes(bits: BitWindow, symbolCount: number): { codes: HuffmanCode[]; choices: Uint8Array } {
  const codeCount = bits.read(3);
  const choices = new Uint8Array(bits.read(15));
  if (codeCount < 2 || codeCount > 6 || choices.length === 0) throw bits.fault();
  const recent = Uint8Array.from({ length: codeCount }, (_, index) => index);
  for (let at = 0; at < choices.length; at++) {
    let index = 0;
    while (bits.read(1) === 1) if (++index === codeCount) throw bits.fault();
    choices[at] = moveToFront(recent, index);
  }
  const codes = Array.from({ length: codeCount }, () => new HuffmanCode(bits, readLengths(bits, symbolCount)));
  return { codes, choices };
}

/** The length of each symbol's code in bits, told by its difference from the one before. */
function readLengths(bits: BitWindow, symbolCount: number): Uint8Array {
  const lengths = new Uint8Array(symbolCount);
  let length = bits.read(5);
  for (let symbol = 0; symbol < symbolCount; symbol++) {
    for (;;) {
      if (length < 1 || length > LONGEST_CODE) throw bits.fault();
      if (bits.read(1) === 0) break;
      length += bits.read(1) === 0 ? 1 : -1;
    }
    lengths[symbol] = length;
  }
  return lengths;
}

/** A canonical code: of one length, codes count up in the order of their symbols; a longer one starts where the shorter ended. */
export class HuffmanCode {
  /** By length: the first 20 bits of input that are too big for it, and what leads from a code to its place in `#symbols`. */
  readonly #tooBig = new Int32Array(LONGEST_CODE + 1);
  readonly #shift = new Int32Array(LONGEST_CODE + 1);
  readonly #symbols: Uint16Array;

  constructor(bits: BitWindow, lengths: Uint8Array) {
    this.#symbols = new Uint16Array(lengths.length);
    let code = 0;
    let place = 0;
    for (let length = 1; length <= LONGEST_CODE; length++) {
      this.#shift[length] = place - code;
      for (let symbol = 0; symbol < lengths.length; symbol++) {
        if (lengths[symbol] !== length) continue;
        this.#symbols[place++] = symbol;
        code++;
      }
      if (code > 1 << length) throw bits.fault();
      this.#tooBig[length] = code << (LONGEST_CODE - length);
      code <<= 1;
    }
  }

  read(bits: BitWindow): number {
    const ahead = bits.peek(LONGEST_CODE);
    let length = 1;
    while (ahead >= (this.#tooBig[length] as number)) if (++length > LONGEST_CODE) throw bits.fault();
    bits.skip(length);
    return this.#symbols[(this.#shift[length] as number) + (ahead >>> (LONGEST_CODE - length))] as number;
  }
}

/** @returns what was at the index, and is in front now */
export function moveToFront(list: Uint8Array, index: number): number {
  const item = list[index] as number;
  for (let at = index; at > 0; at--) list[at] = list[at - 1] as number;
  list[0] = item;
  return item;
}
