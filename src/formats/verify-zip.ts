import { crc32, createInflateRaw } from 'node:zlib';
import { FormatError } from '../problems.ts';
import { shownPath } from './archive-member.ts';
import type { ByteSource } from './byte-source.ts';
import { unpackStream } from './unpack-stream.ts';
import { checkZipEntry, isStored, packedStart, readZipDirectory, type ZipEntry } from './zip.ts';

/** In bytes; what is read at once. */
const PIECE = 256 * 1024;
/** Members up to this size are unpacked in one go, which takes a fraction of the time. In bytes. */
const SMALL = 1024 * 1024;

/** How much is unpacked at most. */
export interface VerifyBudget {
  /** In bytes, unpacked. */
  bytes: number;
  /** Asked before each member, and again and again in a large one: whether there is no time left. */
  isOver?(): boolean;
}

/**
 * Unpack every member of a zip, in bounded memory, and compare it with its checksum. Reading a package never needs that;
 * it tells a file that is being written over in place, whose old directory still stands, from a whole one.
 *
 * @param budget without one, every member is unpacked
 * @param entries as they were read of these very bytes: members among them that were unpacked already are not unpacked again
 * @returns false when the budget was spent before all members were
 * @throws {FormatError} `damaged` or `overlapping-members`, naming the first member that is not what the directory says
 */
export async function verifyZip(
  source: ByteSource,
  budget?: VerifyBudget,
  entries?: readonly ZipEntry[],
): Promise<boolean> {
  let unpacked = 0;
  for (const entry of entries ?? (await readZipDirectory(source))) {
    unpacked += entry.size;
    if (budget && (unpacked > budget.bytes || budget.isOver?.())) return false;
    try {
      await verifyMember(source, entry, budget);
    } catch (error) {
      if (error instanceof Spent) return false;
      throw error;
    }
  }
  return true;
}

/** There is no time left in the middle of a member. */
class Spent extends Error {}

async function verifyMember(source: ByteSource, entry: ZipEntry, budget: VerifyBudget | undefined): Promise<void> {
  if (entry.size <= SMALL && entry.compressedSize <= SMALL) {
    await checkZipEntry(source, entry, SMALL);
    return;
  }
  if ((await checksum(source, entry, budget)) !== entry.crc32 >>> 0) {
    throw new FormatError('damaged', `holds ${shownPath(entry.path)}, which fails its checksum`);
  }
}

async function checksum(source: ByteSource, entry: ZipEntry, budget: VerifyBudget | undefined): Promise<number> {
  const start = await packedStart(source, entry);
  let sum = 0;
  let size = 0;
  const add = (piece: Uint8Array) => {
    if (budget?.isOver?.()) throw new Spent();
    sum = crc32(piece, sum);
    size += piece.length;
    if (size > entry.size)
      throw new FormatError('damaged', `holds ${shownPath(entry.path)}, which is longer than it says`);
  };
  if (isStored(entry)) {
    for await (const piece of pieces(source, start, entry.compressedSize)) add(piece);
  } else {
    try {
      await unpackStream(copies(pieces(source, start, entry.compressedSize)), createInflateRaw(), add);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code?.startsWith('Z_') !== true) throw error;
      throw new FormatError('damaged', `holds ${shownPath(entry.path)}, which cannot be unpacked`);
    }
  }
  if (size < entry.size)
    throw new FormatError('damaged', `holds ${shownPath(entry.path)}, which is shorter than it says`);
  return sum;
}

/** Each holds until the next one is asked for. */
async function* pieces(source: ByteSource, start: number, length: number): AsyncGenerator<Uint8Array> {
  for (let done = 0; done < length; ) {
    const piece = await source.read(start + done, Math.min(PIECE, length - done));
    if (piece.length === 0) return;
    done += piece.length;
    yield piece;
  }
}

/** For who goes on with one while the next is read. */
async function* copies(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  for await (const piece of pieces) yield Buffer.from(piece);
}
