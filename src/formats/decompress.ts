import { FormatError } from '../problems.ts';
import type { ByteSource } from './byte-source.ts';
import { gunzip } from './gunzip.ts';

export type Compression = 'gzip' | 'bzip2' | 'xz';

/**
 * What a file may unpack to, in bytes. How well it compresses is no fault, and nothing is kept of what passes by: the limit is
 * there to bound time. A small file that unpacks to so much, which is nearly all zeros, takes some six seconds.
 */
const UNPACKED_LIMIT: Record<Compression, number> = {
  gzip: 8 * 1024 ** 3,
  bzip2: 2 * 1024 ** 3,
  xz: 2 * 1024 ** 3,
};

/**
 * Unpack a whole file, piece by piece, in bounded memory.
 *
 * @param sink gets the unpacked bytes; a piece may be overwritten after the call
 * @param limit in bytes
 * @throws {FormatError} `empty`, `incomplete`, `not-an-archive`, `damaged`, `too-big`, `unsupported`, and what `sink` throws
 */
export async function decompress(
  source: ByteSource,
  compression: Compression,
  sink: (piece: Uint8Array) => void,
  limit: number = UNPACKED_LIMIT[compression],
): Promise<void> {
  let length = 0;
  const countingSink = (piece: Uint8Array): void => {
    length += piece.length;
    if (length > limit) throw new FormatError('too-big', `unpacks to more than ${(limit / 1024 ** 3).toFixed()} GiB`);
    sink(piece);
  };
  return UNPACKERS[compression](source, countingSink);
}

type Unpack = (source: ByteSource, sink: (piece: Uint8Array) => void) => Promise<void>;

/** What few packages need is loaded when one does. */
const UNPACKERS: Record<Compression, Unpack> = {
  gzip: gunzip,
  bzip2: async (source, sink) => (await import('./bunzip.ts')).bunzip(source, sink),
  xz: async (source, sink) => (await import('./unxz.ts')).unxz(source, sink),
};
