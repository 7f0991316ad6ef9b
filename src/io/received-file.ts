import { createHash } from 'node:crypto';
import { closeSync, constants, openSync, write } from 'node:fs';
import { writeHook } from './disk.ts';
import { reach } from './reach.ts';
import { writeError } from './write-error.ts';

const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);

/** What is written and not on its way to the disk yet, before whoever sends has to wait. In bytes. */
const MOST_AHEAD = 1024 * 1024;

/**
 * A file that comes over the network, in pieces, and is hashed on the way. Written beside the thread that answers: a disk that is slow
 * holds up nobody else. Not flushed: who takes it does that.
 */
export class ReceivedFile {
  readonly path: string;
  readonly #descriptor: number;
  readonly #hash = createHash('sha256');
  readonly #waiting: (() => void)[] = [];
  #size = 0;
  #ahead = 0;
  #fault: Error | undefined;
  #isClosed = false;

  /** @param path must not exist yet. @throws {KhoError} WRITE */
  constructor(path: string) {
    this.path = path;
    this.#descriptor = attempt(path, () => openSync(reach(path), NEW_FILE, 0o644));
  }

  /** In bytes, so far. */
  get size(): number {
    return this.#size;
  }

  /** Resolves when more may come. @throws {KhoError} WRITE, if need be for what was given before */
  async append(bytes: Uint8Array): Promise<void> {
    if (this.#fault) throw this.#fault;
    if (this.#isClosed) throw new Error('the file is closed'); // the number of its descriptor may be another file's by now
    attempt(this.path, () => {});
    this.#hash.update(bytes);
    this.#write(bytes, this.#size);
    this.#size += bytes.length;
    while (this.#ahead > MOST_AHEAD && !this.#fault) await this.#next();
    if (this.#fault) throw this.#fault;
  }

  /** When all is written. To be called once, whatever happened. @throws {KhoError} WRITE */
  async close(): Promise<void> {
    this.#isClosed = true;
    while (this.#ahead > 0) await this.#next();
    closeSync(this.#descriptor);
    if (this.#fault) throw this.#fault;
  }

  /** Hexadecimal, of the whole; once. */
  sha256(): string {
    return this.#hash.digest('hex');
  }

  #write(bytes: Uint8Array, position: number): void {
    this.#ahead += bytes.length;
    write(this.#descriptor, bytes, 0, bytes.length, position, (error, written) => {
      this.#ahead -= bytes.length;
      if (error) this.#fault ??= writeError('file', this.path, error);
      else if (written < bytes.length) this.#write(bytes.subarray(written), position + written);
      for (const wake of this.#waiting.splice(0)) wake();
    });
  }

  #next(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}

function attempt<T>(path: string, act: () => T): T {
  try {
    writeHook.before('file', path);
    return act();
  } catch (cause) {
    throw writeError('file', path, cause);
  }
}
