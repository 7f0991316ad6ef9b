import { createInflateRaw, type InflateRaw } from 'node:zlib';
import { FormatError } from '../problems.ts';
import { shownPath } from './archive-member.ts';
import { asBuffer, type ByteSource } from './byte-source.ts';
import { inflatePrefix } from './inflate-prefix.ts';
import { isStored, packedStart, type ZipEntry } from './zip.ts';

/** How much may be unpacked in all, shared by readers of one archive. */
export interface InflateBudget {
  /** In bytes. */
  left: number;
}

export interface ClosableSource extends ByteSource {
  /** Its first pages, as many as cost little. */
  front(): Promise<Buffer>;
  /** Ends what still runs; to be called when nothing is read any more. */
  close(): Promise<void>;
}

/** Members up to this size are unpacked in one go. In bytes. */
const WHOLE_LIMIT = 8 * 1024 * 1024;
/** What is read of a member first, packed; and the most that is kept of what comes out. In bytes. */
const FIRST_PACKED = 16 * 1024;
const FIRST_STORED = 64 * 1024;
const KEPT_BYTES = 1024 * 1024;
/** Codes of a block and the first of what they pack. In bytes. */
const START_PACKED = 512;
/** Of what is read, and unpacked, at once. In bytes. */
const PIECE_BYTES = 256 * 1024;

/**
 * One member as a source of its own, unpacked only as far as somebody reads. What lies far behind the place reached is there only
 * by unpacking from the start again: readers of big members go forward. Memory does not grow with the member.
 *
 * @throws {FormatError} at once or when reading: `damaged`, `overlapping-members`; `too-big` when the budget is spent
 */
export async function memberSource(
  source: ByteSource,
  entry: ZipEntry,
  budget: InflateBudget,
): Promise<ClosableSource> {
  const start = await packedStart(source, entry);
  if (!isStored(entry)) return new InflatedSource(source, entry, start, budget);
  return {
    size: entry.size,
    read: (offset, length) => source.read(start + offset, Math.max(0, Math.min(length, entry.size - offset))),
    front: async () => asBuffer(await source.read(start, Math.min(FIRST_STORED, entry.size))),
    close: async () => {},
  };
}

/**
 * The first bytes of a member, as cheaply as can be; fewer where they cannot be had.
 *
 * @param length at most some ten
 * @throws {FormatError} as `memberSource` does
 */
export async function startOf(
  source: ByteSource,
  entry: ZipEntry,
  length: number,
  budget: InflateBudget,
): Promise<Buffer> {
  const start = await packedStart(source, entry);
  const packed = await source.read(start, Math.min(isStored(entry) ? length : START_PACKED, entry.compressedSize));
  const bytes = isStored(entry) ? asBuffer(packed) : inflatePrefix(packed, KEPT_BYTES);
  if (!isStored(entry)) spend(budget, bytes?.length ?? 0, entry);
  return Buffer.from(bytes?.subarray(0, length) ?? []);
}

function spend(budget: InflateBudget, bytes: number, { path }: ZipEntry): void {
  budget.left -= bytes;
  if (budget.left < 0) throw new FormatError('too-big', `holds ${shownPath(path)}, beyond what is unpacked`);
}

class InflatedSource implements ClosableSource {
  readonly size: number;
  readonly #source: ByteSource;
  readonly #entry: ZipEntry;
  readonly #start: number;
  readonly #budget: InflateBudget;
  /** What was unpacked first: all of it, when the member is small. */
  #head: Buffer | undefined;
  #stream: ForwardStream | undefined;

  constructor(source: ByteSource, entry: ZipEntry, start: number, budget: InflateBudget) {
    this.size = entry.size;
    this.#source = source;
    this.#entry = entry;
    this.#start = start;
    this.#budget = budget;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const end = Math.min(this.size, offset + length);
    if (end <= offset) return Buffer.alloc(0);
    this.#head ??= await this.#unpackFirst(FIRST_PACKED, KEPT_BYTES);
    if (end > this.#head.length && this.size <= WHOLE_LIMIT && this.#head.length < this.size) {
      this.#head = await this.#unpackFirst(this.#entry.compressedSize, this.size);
      if (this.#head.length < this.size) throw this.#damaged();
    }
    if (end <= this.#head.length) return this.#head.subarray(offset, end);
    if (this.#stream === undefined || this.#stream.keptFrom > offset) {
      await this.#stream?.close();
      this.#stream = new ForwardStream(this.#packed(), (bytes) => this.#spend(bytes));
    }
    const bytes = await this.#stream.read(offset, end - offset);
    if (bytes === undefined) throw this.#damaged();
    return bytes;
  }

  async front(): Promise<Buffer> {
    this.#head ??= await this.#unpackFirst(FIRST_PACKED, KEPT_BYTES);
    return this.#head;
  }

  async close(): Promise<void> {
    await this.#stream?.close();
    this.#stream = undefined;
  }

  async #unpackFirst(packedBytes: number, limit: number): Promise<Buffer> {
    const packed = await this.#source.read(this.#start, Math.min(packedBytes, this.#entry.compressedSize));
    const bytes = inflatePrefix(packed, limit) ?? Buffer.alloc(0); // what is too much, or damaged, shows when more is read
    this.#spend(bytes.length);
    return bytes;
  }

  async *#packed(): AsyncGenerator<Buffer> {
    const { compressedSize } = this.#entry;
    for (let done = 0; done < compressedSize; ) {
      const length = Math.min(PIECE_BYTES, compressedSize - done);
      const piece = Buffer.from(await this.#source.read(this.#start + done, length));
      if (piece.length === 0) return;
      done += piece.length;
      yield piece;
    }
  }

  #spend(bytes: number): void {
    spend(this.#budget, bytes, this.#entry);
  }

  #damaged(): FormatError {
    return new FormatError('damaged', `holds ${shownPath(this.#entry.path)}, which cannot be unpacked`);
  }
}

/** Unpacked bytes that pass by; the last of them are kept, so that what is read next may begin a little before. */
class ForwardStream {
  readonly #pieces: AsyncIterator<Buffer>;
  readonly #spend: (bytes: number) => void;
  #kept: Buffer = Buffer.alloc(0);
  /** Where in the member what is kept begins. */
  keptFrom = 0;

  constructor(packed: AsyncIterable<Buffer>, spend: (bytes: number) => void) {
    this.#pieces = inflatePieces(packed);
    this.#spend = spend;
  }

  /** Undefined when the member ends before, or is damaged. */
  async read(offset: number, length: number): Promise<Buffer | undefined> {
    while (this.keptFrom + this.#kept.length < offset + length) {
      const { value, done } = await this.#pieces.next();
      if (done) return undefined;
      this.#spend(value.length);
      const end = this.keptFrom + this.#kept.length;
      const keep = Math.max(0, end - Math.max(this.keptFrom, Math.min(offset, end - PIECE_BYTES)));
      this.#kept = Buffer.concat([this.#kept.subarray(this.#kept.length - keep), value]);
      this.keptFrom = end - keep;
    }
    const at = offset - this.keptFrom;
    return this.#kept.subarray(at, at + length);
  }

  async close(): Promise<void> {
    await this.#pieces.return?.();
  }
}

/** Ends without a word where the packed bytes are damaged. */
async function* inflatePieces(packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const inflater = createInflateRaw({ chunkSize: PIECE_BYTES });
  inflater.on('error', () => {}); // it also ends the loop below
  const feed = (async () => {
    for await (const piece of packed) {
      if (inflater.destroyed) return;
      if (!inflater.write(piece)) await drainedOrClosed(inflater);
    }
    inflater.end();
  })().catch((error) => inflater.destroy(error));
  try {
    for await (const piece of inflater) yield piece;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code?.startsWith('Z_') !== true) throw error;
  } finally {
    inflater.destroy();
    await feed;
  }
}

/** Leaves no listener behind: a big member waits some hundred times. */
function drainedOrClosed(inflater: InflateRaw): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      inflater.off('drain', end).off('close', end);
      resolve();
    };
    inflater.on('drain', end).on('close', end);
  });
}
