/** Gzip: RFC 1952. Always read to its end, so that a part that is missing, or a wrong checksum, is seen. */
import { createGunzip, gunzipSync } from 'node:zlib';
import { FormatError } from '../problems.ts';
import { asBuffer, type ByteSource } from './byte-source.ts';
import { explainContent } from './guess-content.ts';
import { unpackStream } from './unpack-stream.ts';

const MAGIC = '\x1f\x8b\x08';

/** A file up to this size is unpacked in one go, if what comes out is no more than the second. In bytes. */
const SMALL_PACKED = 1024 * 1024;
const SMALL_UNPACKED = 8 * 1024 * 1024;
/** Of what is read, and handed on, at once. In bytes. */
const PIECE_BYTES = 256 * 1024;

/**
 * @param sink gets the unpacked bytes, piece by piece; what it throws ends the reading
 * @throws {FormatError} `empty`, `incomplete`, `not-an-archive`, `damaged`
 */
export async function gunzip(source: ByteSource, sink: (piece: Uint8Array) => void): Promise<void> {
  const start = asBuffer(await source.read(0, Math.min(source.size, SMALL_PACKED)));
  if (start.toString('latin1', 0, MAGIC.length) !== MAGIC) throw explainContent(start, MAGIC, 'a gzip file');
  const unpacked = source.size <= SMALL_PACKED ? unpackAtOnce(start) : undefined;
  if (unpacked) sink(unpacked);
  else await unpackStreaming(source, sink);
}

/** @returns undefined when too much comes out. */
function unpackAtOnce(packed: Buffer): Buffer | undefined {
  const saidSize = packed.length < 4 ? 0 : packed.readUInt32LE(packed.length - 4);
  if (saidSize > SMALL_UNPACKED) return undefined;
  try {
    // One piece of memory for all, when the size at the end is true.
    return gunzipSync(packed, { maxOutputLength: SMALL_UNPACKED, chunkSize: Math.max(saidSize + 1, 16 * 1024) });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return undefined;
    throw asFormatError(error);
  }
}

async function unpackStreaming(source: ByteSource, sink: (piece: Uint8Array) => void): Promise<void> {
  try {
    await unpackStream(pieces(source), createGunzip({ chunkSize: PIECE_BYTES }), sink);
  } catch (error) {
    throw asFormatError(error);
  }
}

/** The whole source; each piece is memory of its own. */
export async function* pieces(source: ByteSource): AsyncGenerator<Buffer> {
  for (let offset = 0; offset < source.size; ) {
    const piece = Buffer.from(await source.read(offset, PIECE_BYTES));
    if (piece.length === 0) return;
    offset += piece.length;
    yield piece;
  }
}

function asFormatError(error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'Z_BUF_ERROR') return new FormatError('incomplete', 'is a gzip file cut short');
  if (code?.startsWith('Z_')) return new FormatError('damaged', 'is a damaged gzip file');
  return error;
}
