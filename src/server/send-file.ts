import { read } from 'node:fs';
import type { ServerResponse } from 'node:http';
import type { ByteRange } from '../standards/http/byte-range.ts';

/** Read at once for a client that takes it quickly: fewer trips between threads. In bytes. */
const BIG = 512 * 1024;
/** For a slow one, of which there may be a thousand. */
const SMALL = 64 * 1024;
/** Big buffers that may exist, in use or not. */
const MOST_BIG = 16;
/** A client that takes fewer bytes in a millisecond is slow, one that takes more than that many times as much is not. */
const SLOW_BYTES_PER_MS = 2000;
const FASTER = 4;

/** Reads under way at once, of all downloads: whatever else asks the disk waits behind them, first of all the look at a page. */
const MOST_READS = 8;

/** Buffers used over and over: making and zeroing them would cost as much as the reading. */
export class BufferPool {
  readonly #idle: Buffer[] = [];
  #big = 0;
  readonly #waiting: (() => void)[] = [];
  #reads = 0;

  /** Calls `begin` once fewer reads are under way than may be; `endRead` is owed for each. */
  whenReadable(begin: () => void): void {
    if (this.#reads >= MOST_READS) this.#waiting.push(begin);
    else {
      this.#reads++;
      begin();
    }
  }

  endRead(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#reads--;
    else next();
  }

  take(size: number): Buffer {
    if (size <= SMALL) return Buffer.allocUnsafeSlow(size);
    const idle = this.#idle.pop();
    if (idle !== undefined) return idle;
    if (this.#big >= MOST_BIG) return Buffer.allocUnsafeSlow(SMALL);
    this.#big++;
    return Buffer.allocUnsafeSlow(BIG);
  }

  /** Only once nothing reads from it any more. */
  giveBack(buffer: Buffer): void {
    if (buffer.length === BIG) this.#idle.push(buffer);
  }
}

/**
 * Send bytes of an open file as the body of a response whose head is written, at the pace of the client. The file must
 * stay open until this resolves.
 *
 * @returns how many bytes were sent: fewer than asked for when the client went away, or the file was cut meanwhile; then
 *   the connection is closed, so that the client can tell
 */
export function sendFile(
  response: ServerResponse,
  descriptor: number,
  range: ByteRange,
  pool: BufferPool,
): Promise<number> {
  return new Promise((resolve, reject) => {
    let position = range.start;
    let isSlow = false;
    let buffer: Buffer | undefined = pool.take(range.end - range.start);

    const { socket } = response.req;
    const finish = () => {
      if (buffer !== undefined) pool.giveBack(buffer);
      socket.off('close', leave);
      resolve(position - range.start);
    };
    /** The client went away. What is still being written may be read from the buffer: it is not used again. */
    const leave = () => {
      buffer = undefined;
      finish();
    };
    const readMore = () => pool.whenReadable(readNow);
    const readNow = () => {
      const into = buffer;
      if (into === undefined) return pool.endRead();
      read(descriptor, into, 0, Math.min(into.length, range.end - position), position, (error, length) => {
        pool.endRead();
        if (buffer === undefined) return;
        if (error !== null || length === 0) {
          response.destroy();
          if (error !== null) reject(error);
          finish();
          return;
        }
        const began = performance.now();
        const isLast = position + length >= range.end;
        const bytes = length === into.length ? into : into.subarray(0, length);
        const onSent = (failure?: Error | null) => {
          if (failure || buffer === undefined) return;
          position += length;
          if (isLast) return finish();
          changePace(length / (performance.now() - began));
          readMore();
        };
        if (isLast) response.end(bytes, onSent);
        else response.write(bytes, onSent);
      });
    };
    const changePace = (bytesPerMs: number) => {
      const slow = bytesPerMs < SLOW_BYTES_PER_MS * (isSlow ? FASTER : 1);
      if (slow === isSlow) return;
      isSlow = slow;
      if (buffer !== undefined) pool.giveBack(buffer);
      buffer = pool.take(slow ? SMALL : range.end - position);
    };
    if (socket.destroyed) return leave();
    // A response that waits for its turn behind another one is never told; its connection is.
    socket.once('close', leave);
    readMore();
  });
}

/** Send bytes as the whole body of a response. @returns as `sendFile`, but none of what was sent to who left early */
export function sendBytes(response: ServerResponse, bytes: Buffer): Promise<number> {
  return new Promise((resolve) => {
    const { socket } = response.req;
    if (socket.destroyed) return resolve(0);
    const leave = () => resolve(0);
    socket.once('close', leave);
    response.end(bytes, () => {
      socket.off('close', leave);
      resolve(bytes.length);
    });
  });
}
