import type { Stats } from 'node:fs';
import { type FileHandle, stat } from 'node:fs/promises';
import { fileStamp, isSameFile, isUntouched } from '../io/file-stamp.ts';

/** A bigger file is read from disk each time, in bytes. */
const BIGGEST = 4 * 1024 * 1024;
/** Asked for twice within this time, a file is hot, in milliseconds. */
const AGAIN_MS = 10_000;
/** For so long a file in memory is taken for the one on disk, in milliseconds. */
const FRESH_MS = 100;
/** Paths asked for once, remembered. */
const MOST_ASKED = 2000;

export interface HotFile {
  readonly bytes: Buffer;
  readonly stats: Stats;
}

interface Entry extends HotFile {
  checkedMs: number;
  /** Answers under way with these bytes. */
  users: number;
}

/**
 * Small files that are asked for again and again (a new release, as a hundred machines see it): kept in memory for as
 * long as that goes on. The bytes are counted until the last slow client has them.
 */
export class HotFiles {
  readonly #limitBytes: number;
  readonly #now: () => number;
  /** The one asked for longest ago first. */
  readonly #entries = new Map<string, Entry>();
  readonly #askedMs = new Map<string, number>();
  #bytes = 0;
  #freshSinceMs = 0;

  /** @param now milliseconds, from any point in time */
  constructor(limitBytes: number, now: () => number = () => performance.now()) {
    this.#limitBytes = limitBytes;
    this.#now = now;
  }

  /** The file, if it is in memory and was compared with the disk a moment ago. */
  peek(path: string): HotFile | undefined {
    const entry = this.#entries.get(path);
    if (entry === undefined || entry.checkedMs < this.#freshSinceMs) return undefined;
    return this.#now() - entry.checkedMs < FRESH_MS ? entry : undefined;
  }

  /**
   * The file, if it is in memory and still the one at its place: one look at the disk. That its place lies in the site was seen
   * when it was opened, and a file is known again by its number.
   */
  async recall(path: string): Promise<HotFile | undefined> {
    const entry = this.#entries.get(path);
    if (entry === undefined) return undefined;
    const checkedMs = this.#now();
    const stats = await stat(path).catch(() => undefined);
    if (stats === undefined || !isSame(entry.stats, stats) || this.#entries.get(path) !== entry) return undefined;
    entry.checkedMs = checkedMs;
    this.#entries.delete(path);
    this.#entries.set(path, entry);
    return entry;
  }

  /** Compare every file with the disk before it is used again: something was published. */
  forget(): void {
    this.#freshSinceMs = this.#now();
  }

  /** A file that was opened: from memory if it is still the same, or read into memory if it is hot and there is room. */
  async take(path: string, handle: FileHandle, stats: Stats): Promise<HotFile | undefined> {
    const nowMs = this.#now();
    const kept = this.#entries.get(path);
    if (kept !== undefined) {
      if (isSame(kept.stats, stats)) {
        kept.checkedMs = nowMs;
        this.#entries.delete(path);
        this.#entries.set(path, kept);
        return kept;
      }
      this.#drop(path, kept);
    }
    if (!this.#isHot(path, nowMs) || !this.#makeRoom(stats.size)) return undefined;
    this.#bytes += stats.size;
    const bytes = await readWhole(handle, stats);
    if (bytes === undefined || this.#entries.has(path)) {
      this.#bytes -= stats.size; // it changes, or another request has read it meanwhile
      return undefined;
    }
    const entry: Entry = { bytes, stats, checkedMs: nowMs, users: 0 };
    this.#entries.set(path, entry);
    return entry;
  }

  /** To be called around an answer with these bytes. */
  use(file: HotFile): void {
    (file as Entry).users++;
  }

  release(path: string, file: HotFile): void {
    const entry = file as Entry;
    entry.users--;
    if (entry.users === 0 && this.#entries.get(path) !== entry) this.#bytes -= entry.bytes.length;
  }

  #isHot(path: string, nowMs: number): boolean {
    const before = this.#askedMs.get(path);
    this.#askedMs.delete(path);
    if (this.#askedMs.size >= MOST_ASKED) this.#askedMs.clear();
    this.#askedMs.set(path, nowMs);
    return before !== undefined && nowMs - before < AGAIN_MS;
  }

  #makeRoom(size: number): boolean {
    if (size > BIGGEST) return false;
    for (const [path, entry] of this.#entries) {
      if (this.#bytes + size <= this.#limitBytes) return true;
      if (entry.users === 0) this.#drop(path, entry);
    }
    return this.#bytes + size <= this.#limitBytes;
  }

  #drop(path: string, entry: Entry): void {
    this.#entries.delete(path);
    if (entry.users === 0) this.#bytes -= entry.bytes.length;
  }
}

function isSame(before: Stats, now: Stats): boolean {
  const stamp = fileStamp(before);
  return isSameFile(now, stamp) && isUntouched(now, stamp) && now.ctimeMs === stamp.changedMs;
}

/** Undefined when the file is not as long any more, or has changed while it was read. */
async function readWhole(handle: FileHandle, stats: Stats): Promise<Buffer | undefined> {
  const { size } = stats;
  const bytes = Buffer.allocUnsafeSlow(size);
  let length = 0;
  while (length < size) {
    const { bytesRead } = await handle.read(bytes, length, size - length, length);
    if (bytesRead === 0) return undefined;
    length += bytesRead;
  }
  return isSame(stats, await handle.stat()) ? bytes : undefined;
}
