/**
 * Zip archives, read from any place without unpacking what nobody asks for.
 *
 * Source: APPNOTE.TXT 6.3.10, sections 4.3–4.5; lenient where Python's zipfile is, since that is what installs wheels.
 */
import { crc32, inflateRawSync } from 'node:zlib';
import { FormatError } from '../problems.ts';
import { MEMBER_COUNT_LIMIT, MEMBER_NAMES_LIMIT, type Member, shownPath } from './archive-member.ts';
import { asBuffer, type ByteSource } from './byte-source.ts';
import { findZipDirectory, wideNumber, type ZipDirectoryPlace } from './zip-end.ts';
import { readZipName } from './zip-name.ts';

export interface ZipEntry extends Member {
  /** Of its local header, from the start of the file. */
  offset: number;
  /** Where the next member or the directory begins, from the start of the file. */
  end: number;
  /** In bytes. */
  compressedSize: number;
  method: number;
  flags: number;
  /** As a signed number. */
  crc32: number;
}

/** A member in the directory. */
export const ENTRY = { signature: 0x02014b50, bytes: 46 } as const;
/** A member's own header, in front of it. */
export const LOCAL = { signature: 0x04034b50, bytes: 30 } as const;
const METHOD = { stored: 0, deflated: 8 } as const;
/** Of APPNOTE.TXT, times ten; Python opens none above. */
const NEWEST_VERSION = 63;
/** Encrypted, patched, or encrypted strongly. */
const UNREADABLE_FLAGS = 0x1 | 0x20 | 0x40;
/** The kind of extra field in which numbers stand that are too big for their own. */
export const ZIP64_EXTRA = 1;
/** The number stands in an extra field. */
export const IN_ZIP64_EXTRA = 0xffffffff;
const LINK_MODE = 0o12;

/** A big directory is read in pieces of this; must hold the longest entry. In bytes. */
const PIECE_BYTES = 1024 * 1024;
/** Local headers may hold more than the directory says; reading this much more at once saves a second read. In bytes. */
const EXTRA_GUESS = 64;
/** What compression may add to data that does not compress, generously. In bytes. */
const COMPRESSION_OVERHEAD = 64 * 1024;

/** A zip as its directory tells of it. */
export interface ZipArchive {
  entries: ZipEntry[];
  /** Bytes follow its end that are not zero. */
  hasTrailer: boolean;
}

/**
 * All members, in the order of the directory; of two with one name the last counts.
 *
 * @throws {FormatError} `empty`, `incomplete`, `not-an-archive`, `damaged`, `unsafe-member`, `overlapping-members`,
 * `too-many-members`, `unsupported` (a member is encrypted, or compressed in a way that not all clients can read)
 */
export async function readZipDirectory(source: ByteSource): Promise<ZipEntry[]> {
  return (await readZipArchive(source)).entries;
}

/** As `readZipDirectory`. @throws {FormatError} as it does */
export async function readZipArchive(source: ByteSource): Promise<ZipArchive> {
  const place = await findZipDirectory(source);
  if (place.size > MEMBER_NAMES_LIMIT) throw new FormatError('too-many-members', 'has a directory of more than 64 MiB');
  const entries: ZipEntry[] = [];
  const inTail = place.start - place.tailStart;
  if (inTail >= 0) {
    const end = inTail + place.size;
    if (readEntries(place.tail, inTail, end, place, entries) !== end) throw cutOff();
  } else {
    await readInPieces(source, place, entries);
  }
  checkLayout(entries, place.start);
  return { entries, hasTrailer: place.hasTrailer };
}

async function readInPieces(source: ByteSource, place: ZipDirectoryPlace, entries: ZipEntry[]): Promise<void> {
  for (let done = 0; done < place.size; ) {
    const piece = asBuffer(await source.read(place.start + done, Math.min(PIECE_BYTES, place.size - done)));
    const length = readEntries(piece, 0, piece.length, place, entries);
    if (length === 0) throw cutOff();
    done += length;
  }
}

/** @returns where the first entry begins that is not whole */
function readEntries(bytes: Buffer, from: number, to: number, place: ZipDirectoryPlace, entries: ZipEntry[]): number {
  let at = from;
  while (at + ENTRY.bytes <= to) {
    if (bytes.readUInt32LE(at) !== ENTRY.signature)
      throw new FormatError('damaged', 'is a zip archive with a damaged directory');
    const nameEnd = at + ENTRY.bytes + bytes.readUInt16LE(at + 28);
    const extraEnd = nameEnd + bytes.readUInt16LE(at + 30);
    const next = extraEnd + bytes.readUInt16LE(at + 32);
    if (next > to) break;
    if (entries.length === MEMBER_COUNT_LIMIT) {
      throw new FormatError('too-many-members', `holds more than ${MEMBER_COUNT_LIMIT} members`);
    }
    entries.push(readEntry(bytes, at, nameEnd, extraEnd, place.shift));
    at = next;
  }
  return at;
}

function readEntry(bytes: Buffer, at: number, nameEnd: number, extraEnd: number, shift: number): ZipEntry {
  if ((bytes[at + 6] as number) > NEWEST_VERSION)
    throw new FormatError('damaged', 'is a zip archive of an unknown version');
  const flags = bytes.readUInt16LE(at + 8);
  const name = readZipName(bytes, at + ENTRY.bytes, nameEnd, flags);
  const isFolder = name.endsWith('/');
  const entry: ZipEntry = {
    path: isFolder ? name.slice(0, -1) : name,
    size: bytes.readUInt32LE(at + 24),
    kind: isFolder ? 'folder' : bytes.readUInt16LE(at + 40) >> 12 === LINK_MODE ? 'link' : 'file',
    offset: bytes.readUInt32LE(at + 42),
    end: 0,
    compressedSize: bytes.readUInt32LE(at + 20),
    method: bytes.readUInt16LE(at + 10),
    flags,
    crc32: bytes.readInt32LE(at + 16),
  };
  if (extraEnd > nameEnd) readExtra(bytes, nameEnd, extraEnd, entry);
  entry.offset += shift;
  checkReadable(entry); // those too that kho does not read: clients unpack all of them
  return entry;
}

/** Fields of the extra part: only zip64's numbers matter, but a broken one keeps Python from opening the archive. */
function readExtra(bytes: Buffer, from: number, to: number, entry: ZipEntry): void {
  for (let at = from; at + 4 <= to; ) {
    const end = at + 4 + bytes.readUInt16LE(at + 2);
    if (end > to) throw damaged(entry, 'has a damaged extra field');
    if (bytes.readUInt16LE(at) === ZIP64_EXTRA) readWideNumbers(bytes, at + 4, end, entry);
    at = end;
  }
}

function readWideNumbers(bytes: Buffer, from: number, to: number, entry: ZipEntry): void {
  let at = from;
  for (const field of ['size', 'compressedSize', 'offset'] as const) {
    if (entry[field] !== IN_ZIP64_EXTRA) continue;
    if (at + 8 > to) throw damaged(entry, 'has a damaged zip64 field');
    entry[field] = wideNumber(bytes, at);
    at += 8;
  }
}

/** Members may not share bytes with each other or with the directory. Counts what each takes up at least. */
function checkLayout(entries: ZipEntry[], directoryStart: number): void {
  let end = directoryStart;
  const ordered = isOrdered(entries) ? entries : [...entries].sort((a, b) => a.offset - b.offset);
  for (let index = ordered.length - 1; index >= 0; index--) {
    const entry = ordered[index] as ZipEntry;
    const leastEnd = entry.offset + LOCAL.bytes + entry.compressedSize;
    if (leastEnd > directoryStart) throw damaged(entry, 'is said to be where the archive has ended');
    if (leastEnd > end) throw overlapping(entry);
    entry.end = end;
    end = entry.offset;
  }
}

export function isOrdered(entries: ZipEntry[]): boolean {
  let previous = 0;
  for (const { offset } of entries) {
    if (offset < previous) return false;
    previous = offset;
  }
  return true;
}

/**
 * One member, unpacked; its checksum has been compared.
 *
 * @param limitBytes of the unpacked member
 * @throws {FormatError} `damaged`, `overlapping-members`, `too-big`
 */
export async function readZipEntry(source: ByteSource, entry: ZipEntry, limitBytes: number): Promise<Uint8Array> {
  return unpackEntry(await readPackedEntry(source, entry, limitBytes), entry);
}

/**
 * One member as it lies in the archive, until the next read of the source.
 *
 * @param limitBytes of the unpacked member
 * @throws {FormatError} `damaged`, `overlapping-members`, `too-big`
 */
export async function readPackedEntry(source: ByteSource, entry: ZipEntry, limitBytes: number): Promise<Buffer> {
  if (entry.size > limitBytes || entry.compressedSize > limitBytes + COMPRESSION_OVERHEAD) {
    throw new FormatError('too-big', `holds ${shownPath(entry.path)} of more than ${limitBytes} bytes`);
  }
  return readPacked(source, entry);
}

/**
 * What `readPackedEntry` gave, unpacked into memory of its own; its checksum has been compared.
 *
 * @throws {FormatError} `damaged`
 */
export function unpackEntry(packed: Buffer, entry: ZipEntry): Uint8Array {
  const bytes = entry.method === METHOD.stored ? Buffer.from(packed) : inflate(packed, entry);
  compareContent(bytes, entry);
  return bytes;
}

/** As `readZipEntry`, but that nobody wants the member itself. @throws {FormatError} as it does */
export async function checkZipEntry(source: ByteSource, entry: ZipEntry, limitBytes: number): Promise<void> {
  if (whole.has(entry)) return;
  const packed = await readPackedEntry(source, entry, limitBytes);
  if (entry.method === METHOD.stored) compareContent(packed, entry);
  else unpackEntry(packed, entry);
}

/** Members whose content was compared: to unpack one again tells nothing new. */
const whole = new WeakSet<ZipEntry>();

function compareContent(bytes: Buffer, entry: ZipEntry): void {
  if (bytes.length !== entry.size) throw damaged(entry, 'does not have the size that the directory says');
  if ((crc32(bytes) | 0) !== entry.crc32) throw damaged(entry, 'fails its checksum');
  whole.add(entry);
}

/** @throws {FormatError} `unsupported` */
function checkReadable({ flags, method, path }: ZipEntry): void {
  const why = flags & UNREADABLE_FLAGS ? 'is encrypted' : `is compressed with method ${method}`;
  const isReadable = method === METHOD.stored || method === METHOD.deflated;
  if (flags & UNREADABLE_FLAGS || !isReadable) throw unreadable(path, why);
}

/** Whether its bytes lie in the archive as they are. */
export function isStored({ method }: ZipEntry): boolean {
  return method === METHOD.stored;
}

/**
 * Where a member's packed bytes begin, from the start of the file, by its own header; for readers that do not want it whole.
 *
 * @throws {FormatError} `damaged`, `overlapping-members`
 */
export async function packedStart(source: ByteSource, entry: ZipEntry): Promise<number> {
  const header = asBuffer(await source.read(entry.offset, LOCAL.bytes));
  if (header.length < LOCAL.bytes || header.readUInt32LE(0) !== LOCAL.signature) throw damaged(entry, 'has no header');
  const start = entry.offset + LOCAL.bytes + header.readUInt16LE(26) + header.readUInt16LE(28);
  if (start + entry.compressedSize > entry.end) throw overlapping(entry);
  return start;
}

async function readPacked(source: ByteSource, entry: ZipEntry): Promise<Buffer> {
  let length = Math.min(LOCAL.bytes + entry.path.length + EXTRA_GUESS + entry.compressedSize, entry.end - entry.offset);
  for (;;) {
    const bytes = asBuffer(await source.read(entry.offset, length));
    if (bytes.length < LOCAL.bytes || bytes.readUInt32LE(0) !== LOCAL.signature) throw damaged(entry, 'has no header');
    const nameEnd = LOCAL.bytes + bytes.readUInt16LE(26);
    const dataStart = nameEnd + bytes.readUInt16LE(28);
    const dataEnd = dataStart + entry.compressedSize;
    if (entry.offset + dataEnd > entry.end) throw overlapping(entry);
    if (bytes.length >= dataEnd) {
      const name = readZipName(bytes, LOCAL.bytes, nameEnd, bytes.readUInt16LE(6));
      if ((entry.kind === 'folder' ? name.replace(/\/$/, '') : name) !== entry.path)
        throw damaged(entry, `is called ${shownPath(name)} in its own header`);
      return bytes.subarray(dataStart, dataEnd);
    }
    if (bytes.length < length || length >= dataEnd) throw damaged(entry, 'is not whole');
    length = dataEnd;
  }
}

function inflate(packed: Buffer, entry: ZipEntry): Buffer {
  try {
    return inflateRawSync(packed, {
      maxOutputLength: Math.max(1, entry.size),
      chunkSize: Math.max(64, entry.size + 1),
    });
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw damaged(entry, 'unpacks to more than the directory says');
    if (code.startsWith('Z_')) throw damaged(entry, 'cannot be unpacked');
    throw error;
  }
}

function cutOff(): FormatError {
  return new FormatError('damaged', 'is a zip archive whose directory is cut off');
}

function damaged(entry: ZipEntry, why: string): FormatError {
  return new FormatError('damaged', `holds ${shownPath(entry.path)}, which ${why}`);
}

function overlapping(entry: ZipEntry): FormatError {
  return new FormatError('overlapping-members', `holds ${shownPath(entry.path)}, which overlaps with what follows it`);
}

function unreadable(path: string, why: string): FormatError {
  return new FormatError(
    'unsupported',
    `holds ${shownPath(path)}, which ${why}`,
    'build the package again with a current build tool',
  );
}
