import { createHash } from 'node:crypto';
import type { ByteSource } from '../formats/byte-source.ts';
import { fill } from '../io/open-file.ts';

/** What lies between two members, and is read by nobody: names, extra fields, descriptors. In bytes. */
const GAP_BYTES = 64 * 1024;

/**
 * A file that is hashed while somebody reads it from its start to its end, so that it is read once for both. What is read at other places,
 * such as the directory of an archive, is read apart.
 */
export class HashingSource implements ByteSource {
  readonly size: number;
  readonly #descriptor: number;
  readonly #hashes;
  /** The bytes read last, from `#from` on: all before `#end` are hashed. */
  readonly #window: Buffer;
  #from = 0;
  #end = 0;

  /** @param window to read into; nobody else may use it meanwhile @param algorithms as Node calls them */
  constructor(descriptor: number, size: number, window: Buffer, algorithms: readonly string[]) {
    this.#descriptor = descriptor;
    this.size = size;
    this.#window = window;
    this.#hashes = algorithms.map((name) => createHash(name));
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const end = Math.min(this.size, offset + length);
    if (offset >= this.#from && offset <= this.#end + GAP_BYTES) {
      const keep = end - offset <= this.#window.length ? offset : Number.POSITIVE_INFINITY; // nothing
      while (this.#end < end && this.#goOn(keep));
      const isHere = offset >= this.#from && end <= this.#end;
      if (isHere) return Buffer.from(this.#window.subarray(offset - this.#from, end - this.#from));
    }
    const piece = Buffer.allocUnsafe(Math.max(0, end - offset));
    return piece.subarray(0, fill(this.#descriptor, piece, offset, piece.length));
  }

  /** Read what is left. @returns the hashes, hexadecimal, in the order of the algorithms */
  digests(): string[] {
    while (this.#goOn(this.#end));
    return this.#hashes.map((each) => each.digest('hex'));
  }

  /** Read on, as much as there is room for. @param keep what the window is to hold from there on @returns false at the end of the file */
  #goOn(keep: number): boolean {
    const from = Math.min(keep, this.#end);
    this.#window.copyWithin(0, from - this.#from, this.#end - this.#from);
    const kept = this.#end - from;
    this.#from = from;
    const room = this.#window.subarray(kept, kept + Math.min(this.#window.length - kept, this.size - this.#end));
    const length = fill(this.#descriptor, room, this.#end, room.length);
    for (const each of this.#hashes) each.update(room.subarray(0, length));
    this.#end += length;
    return length > 0;
  }
}
