/** Files of a site as what is put into a bucket, and only as they were published. */
import type { Stats } from 'node:fs';
import { Readable } from 'node:stream';
import { lookSteadily, readSteadily, steadyPieces } from '../io/steady-file.ts';
import { bytesBody } from '../object-store/bytes-body.ts';
import type { ObjectBody } from '../object-store/object-store.ts';
import { sha256Of } from './bucket-record.ts';

/** Up to here a file is sent from memory. In bytes. */
const SMALL_BYTES = 1024 * 1024;

/** What the site says of a file. */
export interface ExpectedFile {
  sha256: string;
  /** In bytes. */
  size: number;
  /** Whether it is still as it was when it was hashed; where that is not certain, it is read. */
  isAsSeen(stats: Stats): boolean;
}

/**
 * Of a file with a hash that is known.
 *
 * @param path absolute
 * @throws {KhoError} READ where it is another one by now; an error of Node
 */
export function fileBody(path: string, { sha256, size, isAsSeen }: ExpectedFile): ObjectBody {
  if (size <= SMALL_BYTES) {
    const bytes = readSteadily(path, (stats) => stats.size === size);
    if (sha256Of(bytes) === sha256) return bytesBody(bytes, sha256);
  }
  const stamp = lookSteadily(path, (stats, hash) => stats.size === size && (isAsSeen(stats) || hash() === sha256));
  const read: ObjectBody['read'] = (from, length) =>
    Readable.from(steadyPieces(path, stamp, from, length), { objectMode: false });
  return { size, sha256, read };
}
