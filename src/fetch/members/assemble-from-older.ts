/**
 * A new wheel out of an older one and parts of the new: what both have packed alike does not cross the line again.
 *
 * The directory at the end of the new one tells what is in it; members that an older one has too are copied as they lie there, packed,
 * behind a header that is made again from the directory; what is left comes in parts. Checksums of members only choose what is tried: the
 * sha256 of all of it decides.
 */
import { KhoError } from '../../errors.ts';
import type { PartFile } from '../../io/part-file.ts';
import { FormatError } from '../../problems.ts';
import type { HttpClient } from '../http-client.ts';
import { bytesToCross, type Piece, planAssembly } from './assembly-plan.ts';
import { type FarDirectory, readFarDirectory } from './far-directory.ts';
import { FarFile, NoSuchPart } from './far-file.ts';
import { OlderMembers, packedBytes } from './older-members.ts';

/** Less to bring, or less to be saved, is not worth the requests. */
const LEAST = { bytes: 256 * 1024, savedShare: 0.25 } as const;

export interface AssemblyOrder {
  file: { url: URL; size: number; sha256: string };
  /** Wheels of its project on this disk, absolute, the most alike first. */
  older: () => readonly string[];
  /** What is there of it is gone on with. */
  part: PartFile;
  client: HttpClient;
  signal?: AbortSignal | undefined;
}

export interface Assembly {
  /**
   * `assembled`: the part is whole, and right. `not tried`: it would not pay, or cannot be; the part is as it was. `broken off`: what is
   * in the part can be gone on with. `wrong`: nothing in the part is to be believed.
   */
  is: 'assembled' | 'not tried' | 'broken off' | 'wrong';
  /** Over the line, in bytes: of bodies. */
  crossed: number;
}

/**
 * The part grows from its front, as in any download: a run that dies leaves what a later one goes on with, in parts or as a whole.
 *
 * @throws {KhoError} WRITE; what `signal` was aborted with
 */
export async function assembleFromOlder({ file, older, part, client, signal }: AssemblyOrder): Promise<Assembly> {
  const have = part.size;
  const far = new FarFile(file.url, file.size, client, signal);
  if (file.size - have < LEAST.bytes) return { is: 'not tried', crossed: 0 };
  const members = await OlderMembers.open(older());
  try {
    if (members.isEmpty) return { is: 'not tried', crossed: 0 };
    const directory = await orUndefined(() => readFarDirectory(far, members.directoryBytes));
    const pieces = directory && planAssembly(directory, (entry) => members.find(entry));
    const isWorth = (bytes: number) => bytes <= (file.size - have) * (1 - LEAST.savedShare);
    if (!pieces || !isWorth(far.crossed + bytesToCross(pieces, have))) return { is: 'not tried', crossed: far.crossed };
    await fillPart(part, far, pieces, directory.end);
    await part.settle();
    return { is: part.sha256() === file.sha256 ? 'assembled' : 'wrong', crossed: far.crossed };
  } catch (error) {
    if (error instanceof NoSuchPart) return { is: 'wrong', crossed: far.crossed };
    if (error instanceof KhoError && error.code === 'UPSTREAM') return { is: 'broken off', crossed: far.crossed };
    throw error;
  } finally {
    await part.settle().catch(() => {}); // whoever goes on with it meets the fault again
    members.close();
  }
}

/** What cannot be read so is brought as a whole, which tells what is wrong with it. */
async function orUndefined<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    const isUpstreams = error instanceof KhoError && error.code === 'UPSTREAM';
    if (error instanceof FormatError || error instanceof NoSuchPart || isUpstreams) return undefined;
    throw error;
  }
}

async function fillPart(
  part: PartFile,
  far: FarFile,
  pieces: readonly Piece[],
  end: FarDirectory['end'],
): Promise<void> {
  for (const piece of pieces) {
    if (piece.here) await copyMember(part, piece);
    if (part.size < piece.to) await far.bring(part.size, piece.to, (bytes) => part.append(bytes)); // also where an older wheel is another by now
  }
  await part.append(end.bytes.subarray(part.size - end.from));
}

/** As far as it can be had. */
async function copyMember(part: PartFile, { from, to, here }: Piece): Promise<void> {
  if (!here || part.size >= to) return;
  const { header, member } = here;
  try {
    const inHeader = part.size - from;
    if (inHeader < header.length) await part.append(header.subarray(inHeader));
    for await (const bytes of packedBytes(member, part.size - from - header.length)) await part.append(bytes);
  } catch (error) {
    if (error instanceof KhoError) throw error;
    if (!(error instanceof FormatError) && (error as NodeJS.ErrnoException).code === undefined) throw error;
  }
}
