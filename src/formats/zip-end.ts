/**
 * The end of a zip archive: the record that says where its directory is.
 *
 * Source: APPNOTE.TXT 6.3.10, sections 4.3.14–4.3.16, read as Python's zipfile reads them: the last end record counts, its
 * comment may be anything, bytes may follow, and bytes before the archive shift all offsets.
 */
import { FormatError } from '../problems.ts';
import { asBuffer, type ByteSource } from './byte-source.ts';
import { explainContent, HEAD_BYTES } from './guess-content.ts';

export interface ZipDirectoryPlace {
  /** From the start of the file. */
  start: number;
  /** In bytes. */
  size: number;
  /** Add to the archive's own offsets: the length of what stands before it. */
  shift: number;
  /** The file's last bytes, as read: until the next read. */
  tail: Buffer;
  tailStart: number;
  /** Bytes follow the end that are not zero. */
  hasTrailer: boolean;
}

const END = { signature: 0x06054b50, bytes: 22 } as const;
const WIDE_END = { signature: 0x06064b50, bytes: 56 } as const;
const LOCATOR = { signature: 0x07064b50, bytes: 20 } as const;
const LOCAL_HEADER_MAGIC = 'PK\x03\x04';

/** The longest comment, and the end record in both its forms. */
const TAIL_BYTES = WIDE_END.bytes + LOCATOR.bytes + END.bytes + 0xffff;
/** How far from the end of the file Python looks for the record. In bytes. */
const SEARCHED_BYTES = END.bytes + 0x10000;

/** @throws {FormatError} `empty`, `incomplete`, `not-an-archive`, `damaged` */
export async function findZipDirectory(source: ByteSource): Promise<ZipDirectoryPlace> {
  const tailStart = Math.max(0, source.size - TAIL_BYTES);
  const tail = asBuffer(await source.read(tailStart, source.size - tailStart));
  const at = lastEndRecord(tail);
  if (at < 0) throw explainContent(await source.read(0, HEAD_BYTES), LOCAL_HEADER_MAGIC, 'a zip archive');
  if (at + END.bytes > tail.length)
    throw new FormatError('incomplete', 'is a zip archive cut short: the record at its end is not whole');
  const end = at + END.bytes + tail.readUInt16LE(at + 20);
  if (end > tail.length) {
    throw new FormatError('incomplete', 'is a zip archive cut short: the comment at its end is not whole');
  }

  const wideAt = wideEndRecord(tail, at);
  const recordAt = wideAt ?? at;
  const size = wideAt === undefined ? tail.readUInt32LE(at + 12) : wideNumber(tail, wideAt + 40);
  const offset = wideAt === undefined ? tail.readUInt32LE(at + 16) : wideNumber(tail, wideAt + 48);
  const start = tailStart + recordAt - size;
  const shift = start - offset;
  if (start < 0 || shift < 0) throw new FormatError('incomplete', 'is a zip archive with a part missing in the middle');
  const place = { start, size, shift, tail, tailStart, hasTrailer: tail.subarray(end).some((byte) => byte !== 0) };
  return shift > 0 ? checkPrefix(source, place) : place;
}

/**
 * What stands before an archive may be anything but another one: an upload cut short right after a zip that is kept inside,
 * without compression, ends like a whole archive, and a reader from the front would see other members than one from the back.
 */
async function checkPrefix(source: ByteSource, place: ZipDirectoryPlace): Promise<ZipDirectoryPlace> {
  const tail = Buffer.from(place.tail);
  const start = asBuffer(await source.read(0, LOCAL_HEADER_MAGIC.length));
  if (start.toString('latin1') === LOCAL_HEADER_MAGIC) {
    throw new FormatError(
      'incomplete',
      'is a zip archive cut short: what its end describes is not what it begins with',
    );
  }
  return { ...place, tail };
}

/** As Python looks for it: the last signature counts, even where the file ends too early for a whole record. */
function lastEndRecord(tail: Buffer): number {
  const last = tail.length - END.bytes;
  if (last < 0) return -1;
  if (tail.readUInt32LE(last) === END.signature) return last;
  const at = tail.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  return at < tail.length - SEARCHED_BYTES ? -1 : at;
}

/** Where the zip64 form of the end record is in the tail, if there is one. @throws {FormatError} `damaged` */
function wideEndRecord(tail: Buffer, endAt: number): number | undefined {
  const locatorAt = endAt - LOCATOR.bytes;
  const at = locatorAt - WIDE_END.bytes;
  if (at < 0 || tail.readUInt32LE(locatorAt) !== LOCATOR.signature) return undefined;
  if (tail.readUInt32LE(locatorAt + 16) > 1)
    throw new FormatError('damaged', 'is one of several parts of a zip archive');
  return tail.readUInt32LE(at) === WIDE_END.signature ? at : undefined;
}

/** @throws {FormatError} `damaged` for what no file can be as long as */
export function wideNumber(bytes: Buffer, at: number): number {
  const value = bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4) * 0x100000000;
  if (!Number.isSafeInteger(value)) throw new FormatError('damaged', 'is a zip archive with impossible sizes');
  return value;
}
