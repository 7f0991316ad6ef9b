import type { ByteSource } from '../../formats/byte-source.ts';
import { readZipDirectory, type ZipEntry } from '../../formats/zip.ts';
import { findZipDirectory } from '../../formats/zip-end.ts';
import { type RawEntry, readRawEntries } from '../../formats/zip-raw-entries.ts';
import { FormatError } from '../../problems.ts';
import type { FarFile } from './far-file.ts';

/** Read first: as much as the directory of an older wheel takes, and a little more. */
const TAIL = { growth: 1.1, moreBytes: 1024, mostBytes: 64 * 1024 } as const;
/** A longer directory is not read over the line. In bytes. */
const DIRECTORY_LIMIT = 4 * 1024 * 1024;

/** A zip on a server, as its directory tells of it. */
export interface FarDirectory {
  entries: ZipEntry[];
  /** The same entries, as they stand. */
  raws: RawEntry[];
  /** The end of the file, which had to be read for that. */
  end: { from: number; bytes: Buffer };
}

/**
 * @param expectedBytes what lies behind the last member, as far as that can be guessed
 * @throws {FormatError} for what is no zip that kho would take; {NoSuchPart}, {KhoError} UPSTREAM
 */
export async function readFarDirectory(file: FarFile, expectedBytes: number): Promise<FarDirectory> {
  const likelyBytes = Math.ceil(expectedBytes * TAIL.growth) + TAIL.moreBytes;
  const tailBytes = Math.min(file.size, TAIL.mostBytes, likelyBytes);
  let end = { from: file.size - tailBytes, bytes: await file.read(file.size - tailBytes, file.size) };
  const { start } = await findZipDirectory(endSource(file.size, end));
  if (file.size - start > DIRECTORY_LIMIT)
    throw new FormatError('too-many-members', `has a directory of more than ${DIRECTORY_LIMIT} bytes`);
  if (start < end.from) end = { from: start, bytes: Buffer.concat([await file.read(start, end.from), end.bytes]) };
  const source = endSource(file.size, end);
  const entries = await readZipDirectory(source);
  return { entries, raws: await readRawEntries(source, entries.length), end };
}

/** Whoever looks for the last record looks back for as long as a comment may be: what was not read is zero there, in which none is found. */
function endSource(size: number, { from, bytes }: FarDirectory['end']): ByteSource {
  return {
    size,
    async read(offset, length) {
      const until = Math.min(size, offset + length);
      if (offset >= from) return bytes.subarray(offset - from, until - from);
      const unread = Buffer.alloc(Math.min(from, until) - offset);
      return until <= from ? unread : Buffer.concat([unread, bytes.subarray(0, until - from)]);
    },
  };
}
