import { createHash, type Hash } from 'node:crypto';
import { closeSync, constants, fsync, ftruncateSync, openSync, write } from 'node:fs';
import { KhoError } from '../errors.ts';
import { writeHook } from './disk.ts';
import { lacks } from './disk-lacks.ts';
import { reach } from './reach.ts';
import { readThrough } from './read-through.ts';
import type { WriteKind } from './write-error.ts';

/**
 * A file that comes in pieces, and is not whole yet: under a name that nobody reads, so that what is there of it can be gone on
 * with, also by a later run. Read, written and flushed beside the thread that answers others.
 */
export class PartFile {
  readonly #path: string;
  readonly #descriptor: number;
  #hash: Hash = createHash('sha256');
  #size = 0;

  private constructor(path: string) {
    this.#path = path;
    this.#descriptor = openSync(reach(path), constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o644);
  }

  /** What is there already is read, for its hash. @throws {KhoError} WRITE */
  static open(path: string): Promise<PartFile> {
    return attempt(path, 'file', async () => {
      const part = new PartFile(path);
      try {
        part.#size = await readThrough(part.#descriptor, (bytes) => void part.#hash.update(bytes));
      } catch (error) {
        part.close();
        throw error;
      }
      return part;
    });
  }

  /** In bytes, so far. */
  get size(): number {
    return this.#size;
  }

  /** Of what is there so far, to go on with. */
  get hash(): Hash {
    return this.#hash.copy();
  }

  /** Resolves when it can be read. Nothing else may be done meanwhile. */
  async append(bytes: Uint8Array): Promise<void> {
    await attempt(this.#path, 'file', async () => {
      for (let done = 0; done < bytes.length; )
        done += await writeAt(this.#descriptor, bytes.subarray(done), this.#size + done);
    });
    this.#hash.update(bytes);
    this.#size += bytes.length;
  }

  /** Begin anew. */
  async empty(): Promise<void> {
    await attempt(this.#path, 'file', async () => ftruncateSync(this.#descriptor, 0));
    this.#hash = createHash('sha256');
    this.#size = 0;
  }

  /** Hexadecimal, of what is there so far. */
  sha256(): string {
    return this.hash.digest('hex');
  }

  /** To the disk. */
  async flush(): Promise<void> {
    await attempt(this.#path, 'flush', () => flushed(this.#descriptor));
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

function writeAt(descriptor: number, bytes: Uint8Array, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    write(descriptor, bytes, 0, bytes.length, position, (error, count) => (error ? reject(error) : resolve(count)));
  });
}

function flushed(descriptor: number): Promise<void> {
  return new Promise((resolve, reject) => {
    fsync(descriptor, (error) => (error && !lacks(error) ? reject(error) : resolve()));
  });
}

async function attempt<T>(path: string, kind: WriteKind, act: () => Promise<T>): Promise<T> {
  writeHook.before(kind, path);
  try {
    return await act();
  } catch (cause) {
    throw new KhoError('WRITE', `Cannot write "${path}"`, {
      cause,
      hint: 'let kho write there, and see that the disk is not full',
    });
  }
}
