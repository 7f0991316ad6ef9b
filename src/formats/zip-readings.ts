/**
 * Zips that one program reads as something else than another: some go by the directory at the end, others by the headers in front of
 * the members as they come along.
 *
 * Source: APPNOTE.TXT 6.3.10, sections 4.3.7–4.3.9, beside what Python's zipfile and uv's reader take.
 */
import { FormatError } from '../problems.ts';
import { shownPath } from './archive-member.ts';
import { asBuffer, type ByteSource } from './byte-source.ts';
import { IN_ZIP64_EXTRA, isOrdered, LOCAL, type ZipArchive, type ZipEntry } from './zip.ts';
import { readZipName } from './zip-name.ts';

/** Headers that lie close together are read in one go. In bytes. */
const WINDOW_BYTES = 64 * 1024;
/** Where the next header is farther away, only one is read. In bytes. */
const CLOSE_BYTES = 8 * 1024;
/** A name in UTF-8 has no more for each character. In bytes. */
const BYTES_OF_A_CHARACTER = 4;
const HAS_DESCRIPTOR = 0x8;
/** With both sizes. */
const ZIP64_EXTRA_BYTES = 20;
/** Checksum and sizes behind a member: with a signature or not, with sizes of 4 or 8 bytes. */
const DESCRIPTOR_BYTES: readonly number[] = [12, 16, 20, 24];

/**
 * Compare the directory with the headers in front of the members.
 *
 * @returns what only some programs refuse, in words that follow the file's name; at most one of each kind
 * @throws {FormatError} `two-readings`, naming the first member that programs read differently; `damaged`
 */
export async function compareReadings(source: ByteSource, { entries, hasTrailer }: ZipArchive): Promise<string[]> {
  const doubts = new Set<string>();
  const twice = findTwice(entries);
  if (twice !== undefined) doubts.add(`holds ${shownPath(twice)} twice`);
  const ordered = isOrdered(entries) ? entries : [...entries].sort((a, b) => a.offset - b.offset);
  const [first] = ordered;
  if (first !== undefined && first.offset > 0) doubts.add('has bytes before its first member');
  if (hasTrailer) doubts.add('has bytes after its end');
  let window: Buffer = Buffer.alloc(0);
  let windowStart = 0;
  for (const entry of ordered) {
    const least = LOCAL.bytes + entry.path.length * BYTES_OF_A_CHARACTER + 1;
    if (entry.offset + least > windowStart + window.length) {
      windowStart = entry.offset;
      const wanted = entry.end - entry.offset < CLOSE_BYTES ? Math.max(WINDOW_BYTES, least) : least;
      window = asBuffer(await source.read(windowStart, wanted));
    }
    const doubt = compareHeader(window, entry.offset - windowStart, entry);
    if (doubt !== undefined) doubts.add(doubt);
  }
  return [...doubts];
}

/** @throws {FormatError} `two-readings` where the two are not alike */
function findTwice(entries: readonly ZipEntry[]): string | undefined {
  const seen = new Set<string>();
  for (const { path } of entries) seen.add(path);
  if (seen.size === entries.length) return undefined; // nearly always
  const byPath = new Map<string, ZipEntry>();
  let found: string | undefined;
  for (const entry of entries) {
    const before = byPath.get(entry.path);
    byPath.set(entry.path, entry);
    if (!before || (before.kind === 'folder' && entry.kind === 'folder')) continue;
    if (before.kind !== entry.kind) continue; // a file and a folder: no fault of the archive's
    if (before.crc32 !== entry.crc32 || before.size !== entry.size) {
      throw new FormatError('two-readings', `holds ${shownPath(entry.path)} twice, with other bytes`);
    }
    found ??= entry.path;
  }
  return found;
}

/** @param name undefined when it is longer than it may be; @throws {FormatError} `two-readings` */
function checkName(name: string | undefined, { path }: ZipEntry): void {
  if (name !== undefined && (name.endsWith('/') ? name.slice(0, -1) : name) === path) return;
  const other = name === undefined ? 'by another, longer name' : shownPath(name);
  throw new FormatError('two-readings', `holds ${shownPath(path)}, which is called ${other} in its own header`);
}

/** @throws {FormatError} `two-readings`, `damaged` */
function compareHeader(bytes: Buffer, at: number, entry: ZipEntry): string | undefined {
  if (at + LOCAL.bytes > bytes.length || bytes.readUInt32LE(at) !== LOCAL.signature) {
    throw new FormatError('damaged', `holds ${shownPath(entry.path)}, which has no header`);
  }
  const flags = bytes.readUInt16LE(at + 6);
  const nameEnd = at + LOCAL.bytes + bytes.readUInt16LE(at + 26);
  // Nearly all names are ASCII, and what is equal as bytes needs no reading.
  const isSame =
    bytes.toString('latin1', at + LOCAL.bytes, nameEnd) === (entry.kind === 'folder' ? `${entry.path}/` : entry.path);
  if (!isSame)
    checkName(nameEnd <= bytes.length ? readZipName(bytes, at + LOCAL.bytes, nameEnd, flags) : undefined, entry);
  const extra = bytes.readUInt16LE(at + 28);
  const hasDescriptor = (flags & HAS_DESCRIPTOR) !== 0;
  const isSize = (written: number, size: number) =>
    written === size || (written === IN_ZIP64_EXTRA && extra >= ZIP64_EXTRA_BYTES);
  const isAlike =
    bytes.readUInt16LE(at + 8) === entry.method &&
    (hasDescriptor ||
      (bytes.readInt32LE(at + 14) === entry.crc32 &&
        isSize(bytes.readUInt32LE(at + 18), entry.compressedSize) &&
        isSize(bytes.readUInt32LE(at + 22), entry.size)));
  if (!isAlike) return `holds ${shownPath(entry.path)}, whose own header says other things than the directory`;
  const after = entry.end - (entry.offset + (nameEnd - at) + extra + entry.compressedSize);
  if (after === 0 || (hasDescriptor && DESCRIPTOR_BYTES.includes(after))) return undefined;
  return `has bytes that belong to no member, after ${shownPath(entry.path)}`;
}
