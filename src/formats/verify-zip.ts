import { crc32, createInflateRaw } from 'node:zlib';
import { FormatError } from '../problems.ts';
import { shown } from './archive-member.ts';
import type { ByteSource } from './byte-source.ts';
import { unpackStream } from './unpack-stream.ts';
import { readZipDirectory, type ZipEntry } from './zip.ts';

/** In bytes; what is read at once. */
const PIECE = 256 * 1024;
const LOCAL_HEADER = 30;
const DEFLATED = 8;
const STORED = 0;

/**
 * Unpack every member of a zip, in bounded memory, and compare it with its checksum. Reading a package never needs that;
 * it tells a file that is being written over in place, whose old directory still stands, from a whole one.
 *
 * @throws {FormatError} `damaged`, naming the first member that is not what the directory says
 */
export async function verifyZip(source: ByteSource): Promise<void> {
  for (const entry of await readZipDirectory(source)) {
    const sum = await checksum(source, entry);
    if (sum !== undefined && sum !== entry.crc32 >>> 0) {
      throw new FormatError('damaged', `holds ${shown(entry.path)}, which fails its checksum`);
    }
  }
}

/** Undefined for a member of a compression that kho does not know. */
async function checksum(source: ByteSource, entry: ZipEntry): Promise<number | undefined> {
  const header = Buffer.from(await source.read(entry.offset, LOCAL_HEADER));
  if (header.length < LOCAL_HEADER) throw new FormatError('damaged', `holds ${shown(entry.path)}, which is cut off`);
  const start = entry.offset + LOCAL_HEADER + header.readUInt16LE(26) + header.readUInt16LE(28);
  let sum = 0;
  let size = 0;
  const add = (piece: Uint8Array) => {
    sum = crc32(piece, sum);
    size += piece.length;
    if (size > entry.size) throw new FormatError('damaged', `holds ${shown(entry.path)}, which is longer than it says`);
  };
  const packed = pieces(source, start, entry.compressedSize);
  if (entry.method === STORED) {
    for await (const piece of packed) add(piece);
  } else if (entry.method === DEFLATED) {
    try {
      await unpackStream(packed, createInflateRaw(), add);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code?.startsWith('Z_') !== true) throw error;
      throw new FormatError('damaged', `holds ${shown(entry.path)}, which cannot be unpacked`);
    }
  } else return undefined;
  return sum;
}

async function* pieces(source: ByteSource, start: number, length: number): AsyncGenerator<Buffer> {
  for (let done = 0; done < length; ) {
    const piece = Buffer.from(await source.read(start + done, Math.min(PIECE, length - done)));
    if (piece.length === 0) return;
    done += piece.length;
    yield piece;
  }
}
