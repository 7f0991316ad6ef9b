import { createHash, type Hash } from 'node:crypto';
import { closeSync, constants, fsync, ftruncateSync, openSync, write } from 'node:fs';
import { KhoError } from '../errors.ts';
import { writeHook } from './disk.ts';
import { lacks } from './disk-lacks.ts';
import { reach } from './reach.ts';
import { readThrough } from './read-through.ts';
import type { WriteKind } from './write-error.ts';

/** What is not written yet, before whoever sends has to wait: what a broken line leaves unread of less than that is not lost. In bytes. */
const MOST_AHEAD = 4 * 1024 * 1024;

/**
 * A file that comes in pieces, and is not whole yet: under a name that nobody reads, so that what is there of it can be gone on
 * with, also by a later run. Read, written and flushed beside the thread that answers others.
 */
export class PartFile {
  readonly #path: string;
  readonly #descriptor: number;
  /** Told of what can be read now, in bytes. */
  onWritten: (bytes: number) => void = () => {};
  #hash: Hash = createHash('sha256');
  #size = 0;
  #ahead = 0;
  #writing: Promise<void> = Promise.resolve();
  #fault: unknown;

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

  /** Of what is written so far, to go on with. */
  get hash(): Hash {
    return this.#hash.copy();
  }

  /** Resolves when more may come. @throws {KhoError} WRITE, if need be for what was given before */
  async append(bytes: Uint8Array): Promise<void> {
    const at = this.#size;
    this.#size += bytes.length;
    this.#ahead += bytes.length;
    this.#writing = this.#writing.then(() => this.#write(bytes, at));
    if (this.#ahead > MOST_AHEAD) await this.settle();
    else if (this.#fault !== undefined) throw this.#fault;
  }

  /** Resolves when all that was given is written. @throws {KhoError} WRITE */
  async settle(): Promise<void> {
    await this.#writing;
    if (this.#fault !== undefined) throw this.#fault;
  }

  /** Begin anew. */
  async empty(): Promise<void> {
    await this.settle();
    await attempt(this.#path, 'file', async () => ftruncateSync(this.#descriptor, 0));
    this.#hash = createHash('sha256');
    this.#size = 0;
  }

  /** Hexadecimal, of what is written so far. */
  sha256(): string {
    return this.hash.digest('hex');
  }

  /** To the disk. */
  async flush(): Promise<void> {
    await this.settle();
    await attempt(this.#path, 'flush', () => flushed(this.#descriptor));
  }

  /** To be called when it has settled, however. */
  close(): void {
    closeSync(this.#descriptor);
  }

  async #write(bytes: Uint8Array, at: number): Promise<void> {
    if (this.#fault !== undefined) return;
    try {
      await attempt(this.#path, 'file', async () => {
        for (let done = 0; done < bytes.length; )
          done += await writeAt(this.#descriptor, bytes.subarray(done), at + done);
      });
      this.#hash.update(bytes);
      this.#ahead -= bytes.length;
      this.onWritten(bytes.length);
    } catch (error) {
      this.#fault = error;
    }
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
