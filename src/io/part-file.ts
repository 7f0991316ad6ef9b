import { createHash, type Hash } from 'node:crypto';
import { closeSync, constants, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { KhoError } from '../errors.ts';
import { writeHook } from './disk.ts';
import { whereKnown } from './disk-lacks.ts';
import { reach } from './reach.ts';
import type { WriteKind } from './write-error.ts';

const PIECE_BYTES = 1024 * 1024;

/**
 * A file that comes in pieces, and is not whole yet: under a name that nobody reads, so that what is there of it can be gone on
 * with, also by a later run.
 */
export class PartFile {
  readonly #path: string;
  readonly #descriptor: number;
  #hash: Hash = createHash('sha256');
  #size = 0;

  /** What is there already is read, for its hash. @throws {KhoError} WRITE */
  constructor(path: string) {
    this.#path = path;
    this.#descriptor = this.#attempt(() =>
      openSync(reach(path), constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o644),
    );
    const buffer = Buffer.allocUnsafe(PIECE_BYTES);
    for (let count = this.#read(buffer); count > 0; count = this.#read(buffer)) {
      this.#hash.update(buffer.subarray(0, count));
      this.#size += count;
    }
  }

  /** In bytes, so far. */
  get size(): number {
    return this.#size;
  }

  append(bytes: Uint8Array): void {
    this.#attempt(() => {
      for (let done = 0; done < bytes.length; )
        done += writeSync(this.#descriptor, bytes, done, bytes.length - done, this.#size + done);
    });
    this.#hash.update(bytes);
    this.#size += bytes.length;
  }

  /** Begin anew. */
  empty(): void {
    this.#attempt(() => ftruncateSync(this.#descriptor, 0));
    this.#hash = createHash('sha256');
    this.#size = 0;
  }

  /** Hexadecimal, of what is there so far. */
  sha256(): string {
    return this.#hash.copy().digest('hex');
  }

  /** To the disk. */
  flush(): void {
    this.#attempt(() => whereKnown(() => fsyncSync(this.#descriptor)), 'flush');
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #read(buffer: Buffer): number {
    return readSync(this.#descriptor, buffer, 0, buffer.length, this.#size);
  }

  #attempt<T>(act: () => T, kind: WriteKind = 'file'): T {
    writeHook.before(kind, this.#path);
    try {
      return act();
    } catch (cause) {
      throw new KhoError('WRITE', `Cannot write "${this.#path}"`, {
        cause,
        hint: 'let kho write there, and see that the disk is not full',
      });
    }
  }
}
