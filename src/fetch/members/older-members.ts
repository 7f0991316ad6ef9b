import { closeSync, fstatSync } from 'node:fs';
import type { ByteSource } from '../../formats/byte-source.ts';
import { packedStart, readZipDirectory, type ZipEntry } from '../../formats/zip.ts';
import { fileSource } from '../../inspect/inspect-file.ts';
import { openFile } from '../../io/open-file.ts';
import { FormatError } from '../../problems.ts';

/** The most alike come first: what these do not have, one more seldom has. */
const WHEELS_LIMIT = 4;

/** A member of a wheel on this disk. */
export interface OlderMember {
  source: ByteSource;
  entry: ZipEntry;
}

/** What wheels on this disk have, packed as it is, for as long as they are open. Who uploaded them may have made them to hurt: the hash of what comes out is what counts. */
export class OlderMembers {
  readonly #members = new Map<string, OlderMember>();
  readonly #descriptors: number[] = [];
  /** What lies behind the last member of the first wheel: its directory. In bytes. */
  directoryBytes = 0;

  /** What is no wheel, or is gone, has nothing. @param paths absolute */
  static async open(paths: readonly string[]): Promise<OlderMembers> {
    const members = new OlderMembers();
    for (const path of paths.slice(0, WHEELS_LIMIT)) {
      try {
        await members.#add(path);
      } catch (error) {
        if (!(error instanceof FormatError) && (error as NodeJS.ErrnoException).code === undefined) throw error;
      }
    }
    return members;
  }

  async #add(path: string): Promise<void> {
    const descriptor = openFile(path);
    this.#descriptors.push(descriptor);
    const source = fileSource(descriptor, fstatSync(descriptor).size);
    const entries = await readZipDirectory(source);
    this.directoryBytes ||= source.size - entries.reduce((last, { end }) => Math.max(last, end), 0);
    for (const entry of entries) {
      const key = keyOf(entry);
      if (!this.#members.has(key)) this.#members.set(key, { source, entry });
    }
  }

  /** One that has the same bytes, packed, as far as the two directories tell. */
  find(entry: ZipEntry): OlderMember | undefined {
    return this.#members.get(keyOf(entry));
  }

  get isEmpty(): boolean {
    return this.#members.size === 0;
  }

  close(): void {
    for (const descriptor of this.#descriptors) closeSync(descriptor);
  }
}

/** Read at once. In bytes. */
const PIECE_BYTES = 256 * 1024;

/** Its packed bytes from some byte on; fewer where the wheel is another by now. @throws {FormatError}; an error of Node */
export async function* packedBytes({ source, entry }: OlderMember, from: number): AsyncGenerator<Uint8Array> {
  const start = await packedStart(source, entry);
  for (let at = from; at < entry.compressedSize; ) {
    const piece = await source.read(start + at, Math.min(PIECE_BYTES, entry.compressedSize - at));
    if (piece.length === 0) return;
    at += piece.length;
    yield piece;
  }
}

function keyOf({ crc32, compressedSize, size, method }: ZipEntry): string {
  return `${crc32} ${compressedSize} ${size} ${method}`;
}
