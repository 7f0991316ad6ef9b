/**
 * Entries of a zip's directory as they stand, to be written again; and what stands in front of the members they tell of.
 *
 * Source: APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.12, 4.5.
 */
import { FormatError } from '../problems.ts';
import type { ByteSource } from './byte-source.ts';
import { ENTRY, LOCAL, ZIP64_EXTRA } from './zip.ts';
import { findZipDirectory } from './zip-end.ts';

export interface RawEntry {
  /** Its head, name and comment, without the extra field between them. */
  raw: Buffer;
  /** Without the zip64 part. */
  extra: Buffer;
}

/** The directory's own bytes of each member; `readZipDirectory` has found them in order. */
export async function readRawEntries(source: ByteSource, count: number): Promise<RawEntry[]> {
  const place = await findZipDirectory(source);
  const bytes = Buffer.from(await source.read(place.start, place.size));
  const raws: RawEntry[] = [];
  for (let at = 0; raws.length < count; ) {
    if (at + ENTRY.bytes > bytes.length || bytes.readUInt32LE(at) !== ENTRY.signature)
      throw new FormatError('changed-while-reading', 'is being written right now');
    const nameEnd = at + ENTRY.bytes + bytes.readUInt16LE(at + 28);
    const extraEnd = nameEnd + bytes.readUInt16LE(at + 30);
    const end = extraEnd + bytes.readUInt16LE(at + 32);
    const extra = withoutZip64(bytes.subarray(nameEnd, extraEnd));
    raws.push({ raw: Buffer.concat([bytes.subarray(at, nameEnd), bytes.subarray(extraEnd, end)]), extra });
    at = end;
  }
  return raws;
}

function withoutZip64(extra: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at + 4 <= extra.length; ) {
    const end = at + 4 + extra.readUInt16LE(at + 2);
    if (extra.readUInt16LE(at) !== ZIP64_EXTRA) parts.push(extra.subarray(at, end));
    at = end;
  }
  return Buffer.concat(parts);
}

/**
 * What stands in front of a member, by its entry in the directory: the two have in common all that lies between the version and the
 * length of the extra field.
 */
export function localHeader(entry: Buffer, name: Buffer): Buffer {
  const header = Buffer.alloc(LOCAL.bytes);
  header.writeUInt32LE(LOCAL.signature, 0);
  entry.copy(header, 4, 6, 32);
  return Buffer.concat([header, name]);
}
