/**
 * A zip archive again with some members put in place of others. All others are copied as they are, packed, so that memory does not
 * grow with the archive; what is new is stored without compression. So the same input gives the same bytes, whichever zlib is there.
 *
 * Source: APPNOTE.TXT 6.3.10, sections 4.3–4.5.
 */
import { crc32 } from 'node:zlib';
import { FormatError } from '../problems.ts';
import type { ByteSource } from './byte-source.ts';
import { readZipDirectory, ZIP64_EXTRA, type ZipEntry } from './zip.ts';
import { localHeader, type RawEntry, readRawEntries } from './zip-raw-entries.ts';

/** In bytes; what is copied at once. */
const PIECE = 1024 * 1024;
const SIGNATURE = { end: 0x06054b50, wideEnd: 0x06064b50, locator: 0x07064b50 };
const BYTES = { entry: 46, wideEnd: 56 } as const;
/** What does not fit into a field says so, and stands in the zip64 form. */
const FULL = { short: 0xffff, long: 0xffffffff } as const;
const VERSION_ZIP64 = 45;
const UTF8_NAME = 0x800;

/** A member of the directory as it stands, and where the new archive has it. */
interface Kept {
  /** Its entry in the directory, without the zip64 part of its extra field. */
  raw: Buffer;
  extra: Buffer;
  entry: Pick<ZipEntry, 'size' | 'compressedSize'>;
  /** Of its local header, in the new archive. */
  offset: number;
}

/**
 * @param replace new content by path, undefined to leave a member out; of two members with one name both count
 * @returns the new archive in pieces, each of which is only good until the next is asked for
 * @throws {FormatError} whatever is wrong with the archive
 */
export async function* rewriteZip(
  source: ByteSource,
  replace: ReadonlyMap<string, Uint8Array | undefined>,
): AsyncGenerator<Uint8Array> {
  const entries = await readZipDirectory(source);
  const raws = await readRawEntries(source, entries.length);
  const kept: Kept[] = [];
  const done = new Set<string>();
  let offset = 0;
  for (const [place, entry] of entries.entries()) {
    const { raw, extra } = raws[place] as RawEntry;
    if (!replace.has(entry.path)) {
      kept.push({ raw, extra, entry, offset });
      offset += entry.end - entry.offset;
      yield* piecesOf(source, entry.offset, entry.end);
      continue;
    }
    const content = replace.get(entry.path);
    if (content === undefined || done.has(entry.path)) continue;
    done.add(entry.path);
    const name = raw.subarray(BYTES.entry, BYTES.entry + raw.readUInt16LE(28));
    const fresh = storedEntry(raw, name, content);
    kept.push({ raw: fresh, extra: Buffer.alloc(0), entry: sizesOf(content), offset });
    const header = localHeader(fresh, name);
    offset += header.length + content.length;
    yield header;
    yield content;
  }
  const directory = Buffer.concat(kept.map(directoryEntry));
  yield directory;
  yield endRecords(kept.length, directory.length, offset);
}

async function* piecesOf(source: ByteSource, from: number, to: number): AsyncGenerator<Uint8Array> {
  for (let at = from; at < to; ) {
    const piece = await source.read(at, Math.min(PIECE, to - at));
    if (piece.length === 0) throw new FormatError('changed-while-reading', 'is being written right now');
    at += piece.length;
    yield piece;
  }
}

/** What the directory says of a new member: as of the one it replaces (name, time, mode), but stored, and without a comment. */
function storedEntry(old: Buffer, name: Buffer, content: Uint8Array): Buffer {
  const fresh = Buffer.concat([old.subarray(0, BYTES.entry), name]);
  fresh.writeUInt16LE(20, 6);
  fresh.writeUInt16LE(old.readUInt16LE(8) & UTF8_NAME, 8);
  fresh.writeUInt16LE(0, 10);
  fresh.writeUInt32LE(crc32(content), 16);
  fresh.writeUInt32LE(content.length, 20);
  fresh.writeUInt32LE(content.length, 24);
  fresh.writeUInt16LE(0, 30);
  fresh.writeUInt16LE(0, 32);
  return fresh;
}

function sizesOf(content: Uint8Array): Pick<ZipEntry, 'size' | 'compressedSize'> {
  return { size: content.length, compressedSize: content.length };
}

function directoryEntry({ raw, extra, entry: { size, compressedSize }, offset }: Kept): Buffer {
  const wide = [size, compressedSize, offset].filter((number) => number >= FULL.long);
  const wideExtra = Buffer.alloc(wide.length === 0 ? 0 : 4 + 8 * wide.length);
  if (wide.length > 0) {
    wideExtra.writeUInt16LE(ZIP64_EXTRA, 0);
    wideExtra.writeUInt16LE(8 * wide.length, 2);
    for (const [place, number] of wide.entries()) wideExtra.writeBigUInt64LE(BigInt(number), 4 + 8 * place);
  }
  const nameEnd = BYTES.entry + raw.readUInt16LE(28);
  const entry = Buffer.concat([raw.subarray(0, nameEnd), wideExtra, extra, raw.subarray(nameEnd)]);
  if (wide.length > 0) entry.writeUInt16LE(Math.max(VERSION_ZIP64, entry.readUInt16LE(6)), 6);
  entry.writeUInt32LE(Math.min(compressedSize, FULL.long), 20);
  entry.writeUInt32LE(Math.min(size, FULL.long), 24);
  entry.writeUInt16LE(wideExtra.length + extra.length, 30);
  entry.writeUInt16LE(0, 34);
  entry.writeUInt32LE(Math.min(offset, FULL.long), 42);
  return entry;
}

function endRecords(count: number, directorySize: number, directoryOffset: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(SIGNATURE.end, 0);
  end.writeUInt16LE(Math.min(count, FULL.short), 8);
  end.writeUInt16LE(Math.min(count, FULL.short), 10);
  end.writeUInt32LE(Math.min(directorySize, FULL.long), 12);
  end.writeUInt32LE(Math.min(directoryOffset, FULL.long), 16);
  if (count < FULL.short && directorySize < FULL.long && directoryOffset < FULL.long) return end;
  const wide = Buffer.alloc(BYTES.wideEnd);
  wide.writeUInt32LE(SIGNATURE.wideEnd, 0);
  wide.writeBigUInt64LE(BigInt(BYTES.wideEnd - 12), 4);
  wide.writeUInt16LE(VERSION_ZIP64, 12);
  wide.writeUInt16LE(VERSION_ZIP64, 14);
  for (const [place, number] of [count, count, directorySize, directoryOffset].entries())
    wide.writeBigUInt64LE(BigInt(number), 24 + 8 * place);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(SIGNATURE.locator, 0);
  locator.writeBigUInt64LE(BigInt(directoryOffset + directorySize), 8);
  locator.writeUInt32LE(1, 16);
  return Buffer.concat([wide, locator, end]);
}
