import { createHash } from 'node:crypto';
import { closeSync, constants, fdatasync, openSync, writev } from 'node:fs';
import { writeHook } from './disk.ts';
import { lacks } from './disk-lacks.ts';
import { reach } from './reach.ts';
import { writeError } from './write-error.ts';

const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);

/** What is not written yet, before whoever sends has to wait; and what is written in one call. In bytes. */
const MOST_AHEAD = 4 * 1024 * 1024;

/** Each time that so much more is written, the disk begins to take it: at the end little is left to wait for. In bytes. */
const FLUSH_BYTES = 32 * 1024 * 1024;

/**
 * A file that comes over the network, in pieces, and is hashed on the way. Written and flushed beside the thread that answers: a disk that
 * is slow holds up nobody else.
 */
export class ReceivedFile {
  readonly path: string;
  readonly #descriptor: number;
  readonly #hash = createHash('sha256');
  readonly #waiting: (() => void)[] = [];
  #toWrite: Uint8Array[] = [];
  #size = 0;
  #written = 0;
  #flushed = 0;
  #isWriting = false;
  #isFlushing = false;
  #fault: Error | undefined;
  #isEnded = false;
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
    if (this.#isEnded) throw new Error('the file is at its end'); // the number of its descriptor may be another file's by now
    attempt(this.path, () => {});
    this.#hash.update(bytes);
    this.#size += bytes.length;
    this.#toWrite.push(bytes);
    this.#write();
    while (this.#size - this.#written > MOST_AHEAD && !this.#fault) await this.#next();
    if (this.#fault) throw this.#fault;
  }

  /** No more comes. To be called once, whatever happened. @throws {KhoError} WRITE */
  async end(): Promise<void> {
    this.#isEnded = true;
    while (this.#isWriting) await this.#next();
    if (this.#fault) await this.close();
  }

  /** Bring what is not there yet to the disk. @throws {KhoError} WRITE */
  async flush(): Promise<void> {
    while (!this.#fault && (this.#isFlushing || this.#flushed < this.#written)) {
      this.#flush();
      await this.#next();
    }
    await this.close();
  }

  /** To be called last, whatever happened; more than once is fine. @throws {KhoError} WRITE what went wrong before */
  async close(): Promise<void> {
    this.#isEnded = true;
    while (this.#isWriting || this.#isFlushing) await this.#next();
    if (!this.#isClosed) closeSync(this.#descriptor);
    this.#isClosed = true;
    if (this.#fault) throw this.#fault;
  }

  /** Hexadecimal, of the whole; once. */
  sha256(): string {
    return this.#hash.digest('hex');
  }

  /** All that has come, in one call, unless one is under way. */
  #write(): void {
    if (this.#isWriting || this.#fault || this.#toWrite.length === 0) return;
    const pieces = this.#toWrite;
    this.#toWrite = [];
    this.#isWriting = true;
    writev(this.#descriptor, pieces, this.#written, (error, written) => {
      this.#isWriting = false;
      if (error) this.#fault ??= writeError('file', this.path, error);
      else this.#wrote(pieces, written);
      this.#wake();
    });
  }

  #wrote(pieces: readonly Uint8Array[], written: number): void {
    this.#written += written;
    this.#toWrite = [...after(pieces, written), ...this.#toWrite];
    this.#write();
    if (this.#written - this.#flushed >= FLUSH_BYTES) this.#flush();
  }

  /** What is written by now, unless a flush is under way. */
  #flush(): void {
    if (this.#isFlushing) return;
    const upTo = this.#written;
    this.#isFlushing = true;
    flushInTurn(this.#descriptor, (error) => {
      this.#isFlushing = false;
      if (error && !lacks(error)) this.#fault ??= writeError('flush', this.path, error);
      this.#flushed = upTo;
      this.#wake();
    });
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
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

/** What is left of these pieces. */
function after(pieces: readonly Uint8Array[], bytes: number): Uint8Array[] {
  let left = bytes;
  return pieces.flatMap((piece) => {
    const done = Math.min(left, piece.length);
    left -= done;
    return done < piece.length ? [piece.subarray(done)] : [];
  });
}

/** Flushes at the same time: of the four threads that Node has for the disk where nobody says otherwise, one is left to those who read. */
const MOST_FLUSHES = 3;
const flushes: (() => void)[] = [];
let flushing = 0;

function flushInTurn(descriptor: number, done: (error: NodeJS.ErrnoException | null) => void): void {
  flushes.push(() => {
    flushing++;
    fdatasync(descriptor, (error) => {
      flushing--;
      flushes.shift()?.();
      done(error);
    });
  });
  if (flushing < MOST_FLUSHES) flushes.shift()?.();
}
