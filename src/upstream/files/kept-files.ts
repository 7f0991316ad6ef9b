import { createHash, hash } from 'node:crypto';
import { closeSync, fstatSync, type Stats } from 'node:fs';
import { dirname, join } from 'node:path';
import { KhoError } from '../../errors.ts';
import { makeFolder, removeFile, removeFolder, rename } from '../../io/disk.ts';
import { fill, forgetIfReplaced, look, openFile } from '../../io/open-file.ts';
import { forgetFolder } from '../../io/reach.ts';
import { readThrough } from '../../io/read-through.ts';
import { isTrusted } from '../../io/trusted-owners.ts';
import { putFile } from '../../io/write-file-atomic.ts';
import { upstreamFolder } from '../../kept-upstream/kept-places.ts';
import type { KeptStamp, UpstreamRecord, UpstreamRecords } from './upstream-records.ts';

/** Write permission of group and others. */
const OTHERS_WRITE = 0o022;

/** A file that is on disk, whole and right. */
export interface OpenedUpstreamFile {
  descriptor: number;
  /** Owed by who got it. */
  close(): void;
  /** In bytes. */
  size: number;
  sha256: string;
}

/**
 * Files of other indexes on disk. Whoever may write in that folder may put there what he likes, and links: so a file is sent only if it is
 * the one that kho put there, as its stamp tells, or has the hash that the index names; and only if nobody else can write into it.
 */
export class KeptFiles {
  readonly records: UpstreamRecords;
  readonly #folder: string;
  /** Being hashed, by path: those who ask meanwhile wait for the same. */
  readonly #looking = new Map<string, Promise<OpenedUpstreamFile | undefined>>();

  constructor(root: string, records: UpstreamRecords) {
    this.#folder = upstreamFolder(root);
    this.records = records;
  }

  /**
   * @param path see `keptPath`
   * @param sha256 as the index names it, hexadecimal; where it names none, the file is known by kho's own record or not at all
   * @returns undefined where it is not here; what was there and is not it is gone by then
   */
  async open(path: string, sha256: string | undefined): Promise<OpenedUpstreamFile | undefined> {
    await this.#looking.get(path)?.catch(() => {});
    const descriptor = this.#openEntry(path);
    if (descriptor === undefined) return undefined;
    const stats = fstatSync(descriptor);
    const record = this.records.get(path);
    const wanted = sha256 ?? record?.sha256;
    if (wanted === undefined || !isOurs(stats)) return this.#drop(path, descriptor);
    const file: OpenedUpstreamFile = {
      descriptor,
      close: () => closeSync(descriptor),
      size: stats.size,
      sha256: wanted,
    };
    if (record?.sha256 === wanted && record.stamp && isStampOf(record.stamp, stats)) return file;
    const looking = this.#lookInto(path, file, record);
    this.#looking.set(path, looking);
    try {
      return await looking;
    } finally {
      this.#looking.delete(path);
    }
  }

  /** The whole of what is small. */
  async read(path: string, sha256: string): Promise<Uint8Array | undefined> {
    const file = await this.open(path, sha256);
    if (file === undefined) return undefined;
    try {
      const bytes = Buffer.allocUnsafe(file.size);
      return bytes.subarray(0, fill(file.descriptor, bytes, 0, file.size));
    } finally {
      file.close();
    }
  }

  /** Absolute. */
  pathOf(path: string): string {
    return join(this.#folder, path);
  }

  /** Whether something is there under that name, whatever it is. */
  has(path: string): boolean {
    try {
      return look(join(this.#folder, path)) !== undefined;
    } catch {
      return false; // a link is on the way
    }
  }

  /**
   * Give a part its name, in the place of whatever has it.
   *
   * @param from absolute, flushed, in a folder where nobody else writes
   * @throws {KhoError} WRITE; SITE where a link is on the way
   */
  place(from: string, record: Omit<UpstreamRecord, 'stamp'>): void {
    this.#makeRoom(record.path);
    const descriptor = openFile(from); // by its name, it may be another one in a moment
    try {
      rename(from, join(this.#folder, record.path));
      this.records.put({ ...record, stamp: stampOf(fstatSync(descriptor)) });
    } finally {
      closeSync(descriptor);
    }
  }

  /** As `place`, for what is small. @throws {KhoError} WRITE, SITE */
  put(path: string, bytes: Uint8Array): void {
    this.#makeRoom(path);
    const full = join(this.#folder, path);
    putFile(full, bytes);
    this.records.put({ path, sha256: hash('sha256', bytes, 'hex') }); // without its stamp: it is not flushed, and is hashed when it is asked for
  }

  /** Whatever is there under that name; what is known of it stays, unless it `isForgotten`. */
  remove(path: string, isForgotten = true): void {
    try {
      const full = join(this.#folder, path);
      if (look(full)?.isDirectory()) removeFolder(full);
      else removeFile(full);
    } catch (error) {
      if (!(error instanceof KhoError)) throw error; // nobody can be kept from having it removed by a link on the way
    }
    if (isForgotten) this.records.forget(path);
  }

  #openEntry(path: string): number | undefined {
    try {
      forgetIfReplaced(this.#folder);
      return openFile(join(this.#folder, path));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR')
        forgetFolder(join(this.#folder, dirname(path))); // it may be another one by now
      else if (!(error instanceof KhoError)) this.remove(path); // a link, a pipe, a folder
      return undefined;
    }
  }

  async #lookInto(
    path: string,
    file: OpenedUpstreamFile,
    record: UpstreamRecord | undefined,
  ): Promise<OpenedUpstreamFile | undefined> {
    const { descriptor } = file;
    const before = stampOf(fstatSync(descriptor));
    const sum = createHash('sha256');
    await readThrough(descriptor, (bytes) => void sum.update(bytes));
    const isSame = isStampOf(before, fstatSync(descriptor));
    if (!isSame || sum.digest('hex') !== file.sha256) return this.#drop(path, descriptor);
    const known = record?.sha256 === file.sha256 ? record : { path, sha256: file.sha256 };
    this.records.put({ ...known, stamp: before });
    return file;
  }

  #drop(path: string, descriptor: number): undefined {
    closeSync(descriptor);
    this.remove(path);
  }

  /** All folders above it, and nothing under its name that cannot be replaced. */
  #makeRoom(path: string): void {
    const full = join(this.#folder, path);
    forgetIfReplaced(this.#folder);
    makeFolder(dirname(full));
    if (look(full)?.isDirectory()) removeFolder(full);
  }
}

/** Nobody else can write into it, whatever becomes of its name. */
function isOurs({ uid, mode }: Stats): boolean {
  return isTrusted(uid) && (mode & OTHERS_WRITE) === 0;
}

function stampOf({ size, mtimeMs, ctimeMs, ino }: Stats): KeptStamp {
  return { size, modifiedMs: mtimeMs, changedMs: ctimeMs, inode: ino };
}

function isStampOf(stamp: KeptStamp, stats: Stats): boolean {
  const now = stampOf(stats);
  return (
    now.size === stamp.size &&
    now.modifiedMs === stamp.modifiedMs &&
    now.changedMs === stamp.changedMs &&
    now.inode === stamp.inode
  );
}
