import { asBuffer, type ByteSource } from './byte-source.ts';

/** How numbers stand in an ELF file: four or eight bytes wide, lowest byte first or last. */
export interface ElfShape {
  bits: 32 | 64;
  bigEndian: boolean;
}

/** Bytes of an ELF file, read as numbers; what lies beyond their end reads as zero, so that short tables end by themselves. */
export class ElfView {
  readonly bytes: Buffer;
  readonly #bigEndian: boolean;
  readonly #wide: boolean;

  constructor(bytes: Buffer, { bits, bigEndian }: ElfShape) {
    this.bytes = bytes;
    this.#bigEndian = bigEndian;
    this.#wide = bits === 64;
  }

  /** In bytes. */
  get length(): number {
    return this.bytes.length;
  }

  u16(at: number): number {
    if (at + 2 > this.bytes.length) return 0;
    return this.#bigEndian ? this.bytes.readUInt16BE(at) : this.bytes.readUInt16LE(at);
  }

  u32(at: number): number {
    if (at + 4 > this.bytes.length) return 0;
    return this.#bigEndian ? this.bytes.readUInt32BE(at) : this.bytes.readUInt32LE(at);
  }

  /** An address, an offset or a size: as wide as the file's class. Above 2^53 it is inexact, and beyond every file. */
  word(at: number): number {
    if (!this.#wide) return this.u32(at);
    const [high, low] = this.#bigEndian ? [at, at + 4] : [at + 4, at];
    return this.u32(high) * 0x100000000 + this.u32(low);
  }
}

/** Shorter where the file ends; only until the next read. Numbers that no file reaches give nothing. */
export async function peekPart(source: ByteSource, offset: number, length: number): Promise<Buffer> {
  if (!Number.isSafeInteger(offset) || offset >= source.size || length <= 0) return Buffer.alloc(0);
  return asBuffer(await source.read(offset, Math.min(length, source.size - offset)));
}

/** A copy of what `peekPart` gives. */
export async function readPart(source: ByteSource, offset: number, length: number): Promise<Buffer> {
  return Buffer.from(await peekPart(source, offset, length));
}

/** A part of the file as it is mapped into memory. */
export interface Segment {
  type: number;
  offset: number;
  address: number;
  /** In the file, in bytes. */
  size: number;
}
