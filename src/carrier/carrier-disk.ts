import { closeSync, fstatSync } from 'node:fs';
import { join } from 'node:path';
import { KhoError } from '../errors.ts';
import { fileSource } from '../inspect/inspect-file.ts';
import { flushFolder, makeFolder, removeFile, writeInPieces } from '../io/disk.ts';
import { syncFileSystems } from '../io/flush.ts';
import { freeBytes } from '../io/free-bytes.ts';
import { look, namesIn, openFile, readStart } from '../io/open-file.ts';
import { anchor, closeFolders } from '../io/reach.ts';
import { writeFileAtomic } from '../io/write-file-atomic.ts';
import { CARRIER_FOLDER, EDGES, OBJECTS, objectFolder, objectOf, PIECE_BYTES, pieceNames } from './layout.ts';

/** Read at once. In bytes. */
const READ_BYTES = 1024 * 1024;

/** A disk that is carried: plain files below one folder of it, which is reached through no link. */
export class CarrierDisk {
  /** For people. */
  readonly shown: string;
  /** The folder of all that kho writes there, absolute. */
  readonly folder: string;
  readonly #pieceBytes: number;
  readonly #device: number | undefined;

  /** @param disk where it is mounted: absolute, and real @param pieceBytes of one file at most. @throws {KhoError} READ where a link stands in the place of its folder */
  constructor(disk: string, pieceBytes = PIECE_BYTES) {
    this.shown = disk;
    this.folder = join(disk, CARRIER_FOLDER);
    this.#pieceBytes = pieceBytes;
    if (look(this.folder)?.isSymbolicLink()) throw unreadable(this.folder, 'it is a link, which may lead anywhere');
    anchor(this.folder, 'own');
    this.#device = (look(this.folder) ?? look(disk))?.dev;
  }

  /** @throws {KhoError} WRITE */
  make(): void {
    for (const name of ['', OBJECTS, EDGES]) makeFolder(join(this.folder, name));
  }

  get isMade(): boolean {
    return look(this.folder)?.isDirectory() === true;
  }

  /** Once it was made or found: somebody took it out. What is there then is another disk, or a folder that is on none. */
  get isGone(): boolean {
    try {
      const stats = look(this.folder);
      if (stats?.isDirectory() !== true || stats.nlink === 0 || stats.dev !== this.#device) return true;
      return namesIn(this.folder).length === 0; // what was looked at before may be remembered
    } catch {
      return true;
    }
  }

  get freeBytes(): number {
    return freeBytes(this.folder);
  }

  /** All that was written is there, in whatever order the system would have done it. @throws {KhoError} WRITE */
  flush(): void {
    if (syncFileSystems([this.folder])) return;
    for (const name of [OBJECTS, EDGES, '']) flushFolder(join(this.folder, name));
  }

  /** So that it can be taken out. */
  close(): void {
    closeFolders(this.folder);
  }

  /** Names of edges for which there is something. */
  edges(): string[] {
    return foldersIn(join(this.folder, EDGES));
  }

  /** A small file of an edge; undefined where there is none. @throws {KhoError} READ where it is longer than it may be, or cannot be read */
  read(edge: string, name: string, mostBytes: number): Buffer | undefined {
    const path = join(this.folder, EDGES, edge, name);
    const bytes = this.#reading(path, () => (look(path) ? readStart(path, mostBytes + 1) : undefined));
    if (bytes && bytes.length > mostBytes)
      throw unreadable(path, `it has more than the ${mostBytes} bytes that it may have`);
    return bytes;
  }

  /** Whole or not at all, and on the disk when this returns. @throws {KhoError} WRITE */
  write(edge: string, name: string, text: string): void {
    const folder = join(this.folder, EDGES, edge);
    makeFolder(folder);
    flushFolder(join(this.folder, EDGES));
    writeFileAtomic(join(folder, name), text);
  }

  /** @throws {KhoError} WRITE */
  remove(edge: string, name: string): void {
    removeFile(join(this.folder, EDGES, edge, name));
  }

  namesOf(edge: string): string[] {
    return namesIn(join(this.folder, EDGES, edge));
  }

  /** How much there is of an object, up to the first piece that is short, too long, or lacks. In bytes. */
  objectSize(sha256: string, size: number): number {
    let there = 0;
    for (const name of pieceNames(sha256, size, this.#pieceBytes)) {
      const wanted = Math.min(this.#pieceBytes, size - there);
      const found = fileSize(join(this.folder, objectFolder(sha256), name));
      if (found > wanted) break;
      there += found;
      if (found < wanted) break;
    }
    return there;
  }

  /** Its bytes, each piece good until the next; as far as `objectSize` says. @throws an error of Node where they cannot be read */
  async *readObject(sha256: string, size: number, from = 0): AsyncGenerator<Uint8Array> {
    const there = this.objectSize(sha256, size);
    let start = 0;
    for (const name of pieceNames(sha256, size, this.#pieceBytes)) {
      const end = Math.min(there, start + this.#pieceBytes);
      const path = join(this.folder, objectFolder(sha256), name);
      if (from < end) yield* readRange(path, Math.max(0, from - start), end - start);
      start += this.#pieceBytes;
    }
  }

  /** Under its name at once: who reads it looks at its hash. @param read bytes from, and up to. @throws {KhoError} WRITE; what `read` throws */
  async writeObject(
    sha256: string,
    size: number,
    read: (from: number, to: number) => AsyncIterable<Uint8Array>,
  ): Promise<void> {
    const folder = join(this.folder, objectFolder(sha256));
    makeFolder(folder);
    this.removeObject(sha256);
    for (const [index, name] of pieceNames(sha256, size, this.#pieceBytes).entries()) {
      const from = index * this.#pieceBytes;
      await writeInPieces(join(folder, name), read(from, Math.min(size, from + this.#pieceBytes)));
    }
    flushFolder(folder);
  }

  removeObject(sha256: string): void {
    const folder = join(this.folder, objectFolder(sha256));
    for (const name of namesIn(folder)) if (objectOf(name) === sha256) removeFile(join(folder, name));
  }

  /** All that there is something of. */
  objects(): string[] {
    const found = foldersIn(join(this.folder, OBJECTS)).flatMap((name) =>
      namesIn(join(this.folder, OBJECTS, name)).flatMap((each) => objectOf(each) ?? []),
    );
    return [...new Set(found)];
  }

  #reading<T>(path: string, read: () => T): T {
    try {
      return read();
    } catch (error) {
      throw unreadable(path, (error as Error).message);
    }
  }
}

/** Of what can be read: nothing where a link stands in the way. */
function fileSize(path: string): number {
  try {
    const stats = look(path);
    return stats?.isFile() ? stats.size : 0;
  } catch {
    return 0;
  }
}

function foldersIn(folder: string): string[] {
  return namesIn(folder).filter((name) => look(join(folder, name))?.isDirectory());
}

async function* readRange(path: string, from: number, to: number): AsyncGenerator<Uint8Array> {
  const descriptor = openFile(path);
  try {
    const source = fileSource(descriptor, Math.min(to, fstatSync(descriptor).size));
    for (let at = from; at < source.size; ) {
      const bytes = await source.read(at, READ_BYTES);
      if (bytes.length === 0) return;
      at += bytes.length;
      yield bytes;
    }
  } finally {
    closeSync(descriptor);
  }
}

function unreadable(path: string, why: string): KhoError {
  return new KhoError('READ', `Cannot read "${path}" on the disk: ${why}`, {
    hint: 'write the disk again with kho pack, or try another one',
  });
}
