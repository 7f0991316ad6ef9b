import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { KhoError } from '../errors.ts';
import { hashFile } from '../inspect/inspect-file.ts';
import type { WholeSource } from '../intake/place-whole.ts';
import { removeFile } from '../io/disk.ts';
import { fileStamp } from '../io/file-stamp.ts';
import { look } from '../io/open-file.ts';
import { PartFile } from '../io/part-file.ts';
import { claimPart } from '../io/part-name.ts';
import { FormatError } from '../problems.ts';
import { brokenHash, wrongHash } from './file-hashes.ts';
import { type HttpClient, type Reply, Unreachable } from './http-client.ts';
import { assembleFromOlder } from './members/assemble-from-older.ts';
import { networkFault } from './network-fault.ts';
import { beginsAt, type FileState, rangeHeaders, setValidator, totalOf } from './range-request.ts';
import type { UpstreamCandidate } from './read-index-page.ts';
import { shownAddress } from './upstream-address.ts';
import { packageFault } from './whole-package.ts';

/** Where no index says how long a file is, it may be so long. In bytes. */
const UNKNOWN_SIZE_LIMIT = 8 * 1024 * 1024 * 1024;

/** What is asked for: as an index lists it. */
export type Downloadable = Pick<
  UpstreamCandidate,
  'filename' | 'url' | 'sha256' | 'hashes' | 'size' | 'allowedSha256s'
>;

/** Who looks on while a file comes. */
export interface DownloadWatch {
  /** What is there of it already is told of next. */
  onPart?: (part: PartFile, path: string) => void;
  /** Before anything of it is taken. @param total in bytes, of the whole file, as far as its server tells; what it throws, `downloadFile` throws */
  onReply?: (reply: Reply, total: number | undefined) => void;
  /** It is not wanted any more: what has come stays for a later run. */
  signal?: AbortSignal;
  /** The end of the file came before, from the same address: it need not cross the line again. Of a file with a sha256 and a size only. */
  tail?: FileTail | undefined;
}

/** The last bytes of a file. */
export interface FileTail {
  /** Where they begin, in bytes. */
  from: number;
  bytes: Uint8Array;
}

export interface DownloadOptions extends DownloadWatch {
  /** Asked for where that may pay: wheels of its project that are here, absolute, the most alike first. What they have of it need not cross the line. */
  older?: () => readonly string[];
  /** A file was put together out of those. @param crossed what came over the line for it, in bytes */
  onAssembled?: (crossed: number) => void;
}

/** What `downloadFile` ends with where trying again is of no use, or not soon. */
export class DownloadFault extends KhoError {
  /** What came is not what the index names; or the status that its server answered with. */
  readonly is: 'wrong content' | number;

  constructor(is: DownloadFault['is'], message: string, hint?: string) {
    super('UPSTREAM', message, hint === undefined ? {} : { hint });
    this.is = is;
  }
}

/**
 * Bring a file over the line, until it is whole, and its hash is the one that the index named. What has come when this run is stopped, a
 * later run goes on with.
 *
 * @param parts a folder that nobody else may write in, absolute
 * @param onBytes told of what arrives, and can be read; negative when it has to begin anew
 * @returns what is to be placed, flushed
 * @throws {KhoError} UPSTREAM (often a DownloadFault), WRITE
 */
export async function downloadFile(
  file: Downloadable,
  parts: string,
  client: HttpClient,
  onBytes: (bytes: number) => void,
  options: DownloadOptions = {},
): Promise<WholeSource> {
  const partPath = claimPart(parts, partKey(file));
  const part = await PartFile.open(partPath);
  let isDone = false;
  try {
    options.onPart?.(part, partPath);
    onBytes(part.size);
    part.onWritten = onBytes;
    checkNamedHashes(file);
    await assemble(file, part, client, onBytes, options);
    for (let attempt = 1; !isDone; attempt++) {
      try {
        await receiveAll(file, part, client, onBytes, attempt === 1 ? options : { ...options, tail: undefined });
        await part.flush();
        await checkContent(file, part, partPath);
        isDone = true;
      } catch (error) {
        if (!(error instanceof WrongContent) || error.isFinal || attempt === TRIES) throw error;
        await startAnew(part, onBytes);
      }
    }
  } catch (error) {
    if (error instanceof WrongContent) {
      removeFile(partPath);
      throw new DownloadFault('wrong content', error.message, 'nothing of it was kept; tell those who run that index');
    }
    throw error;
  } finally {
    await part.settle().catch(() => {}); // it was told, or is of no use any more
    part.close();
    if (!isDone && part.size === 0) removeFile(partPath);
  }
  return { path: partPath, stamp: fileStamp(look(partPath) as Stats), sha256: part.sha256(), isPrivate: true };
}

/** Stands for a file in the name of its part. */
export function partKey({ filename, sha256 = '' }: Pick<Downloadable, 'filename' | 'sha256'>): string {
  return createHash('sha256').update(`${filename} ${sha256}`).digest('hex').slice(0, 32);
}

/** Whether a file is what the index names. */
export async function hasSameBytes(path: string, { sha256, hashes = {} }: UpstreamCandidate): Promise<boolean> {
  try {
    if (sha256 !== undefined) return (await hashFile(path)) === sha256;
    return Object.keys(hashes).length > 0 && (await wrongHash(path, hashes)) === undefined;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return false;
  }
}

/** Something of the way may have spoilt it, or what an earlier run left: then it is right the second time. */
const TRIES = 2;

/** What came is not what the index said: nothing to go on with. */
class WrongContent extends Error {
  /** It would be so the next time too. */
  readonly isFinal: boolean;

  constructor(message: string, isFinal = false) {
    super(message);
    this.isFinal = isFinal;
  }
}

/** Whether the index names a hash or a size, by which a download can be checked. */
function isChecked({ sha256, hashes = {}, allowedSha256s }: Downloadable): boolean {
  return sha256 !== undefined || allowedSha256s !== undefined || Object.keys(hashes).length > 0;
}

async function startAnew(part: PartFile, onBytes: (bytes: number) => void): Promise<void> {
  await part.settle();
  if (part.size === 0) return;
  onBytes(-part.size);
  await part.empty();
}

/** Where that is worth while; what it does not bring comes as if it had not been tried. */
async function assemble(
  file: Downloadable,
  part: PartFile,
  client: HttpClient,
  onBytes: (bytes: number) => void,
  { older, onAssembled, signal }: DownloadOptions,
): Promise<void> {
  const { url, size, sha256 } = file;
  if (older === undefined || size === undefined || sha256 === undefined) return;
  const { is, crossed } = await assembleFromOlder({ file: { url, size, sha256 }, older, part, client, signal });
  if (is === 'assembled') onAssembled?.(crossed);
  if (is === 'wrong') await startAnew(part, onBytes);
}

async function receiveAll(
  file: Downloadable,
  part: PartFile,
  client: HttpClient,
  onBytes: (bytes: number) => void,
  watch: DownloadWatch,
): Promise<void> {
  const state: FileState = {};
  let most = 0;
  await client.retried(
    () => receive(file, part, client, onBytes, state, watch),
    () => {
      most = Math.max(most, part.size);
      return most;
    },
  );
}

async function receive(
  file: Downloadable,
  part: PartFile,
  client: HttpClient,
  onBytes: (bytes: number) => void,
  state: FileState,
  { onReply, signal, tail }: DownloadWatch,
): Promise<void> {
  const { url, size } = file;
  const anew = () => startAnew(part, onBytes);
  await addTail(part, tail);
  if (size !== undefined && part.size === size && file.sha256 === part.sha256()) return;
  if (size !== undefined && part.size >= size) await anew();
  signal?.throwIfAborted();
  if (!isChecked(file) && state.validator === undefined) await anew(); // what is there, an earlier run's too, could be of another file than what the server sends next
  const last = tail && !state.isMixedUp && part.size < tail.from ? tail.from - 1 : undefined;
  const reply = await client.get(url, part.size > 0 || last !== undefined ? rangeHeaders(part.size, state, last) : {});
  if (reply.status === 416) {
    // The server has no byte behind those of the part file: that one is whole, or the file on the server is now another and shorter one. Its hash decides.
    reply.discard();
    if (file.sha256 === part.sha256()) return;
    await anew();
    throw new Unreachable(`${shownAddress(url)} has no more of it`);
  }
  if (reply.status !== 200 && reply.status !== 206) {
    reply.discard();
    throw new DownloadFault(reply.status, `Cannot fetch ${shownAddress(url)}: it answers ${reply.status}`);
  }
  try {
    onReply?.(reply, totalOf(reply));
  } catch (error) {
    reply.discard();
    throw error;
  }
  if (reply.status === 206 && !beginsAt(reply, part.size)) {
    // Some cache on the way mixes parts up: it is asked for all of it instead.
    reply.discard();
    await anew();
    state.isMixedUp = true;
    throw new Unreachable(`${shownAddress(url)} sends another part than asked for`);
  }
  if (part.size > 0 && reply.status === 200 && !mayPassOver(file, reply)) await anew();
  let toPass = beginsAt(reply, part.size) ? 0 : part.size;
  if (!isChecked(file) && part.size === 0) setValidator(state, reply);
  const limit = size ?? UNKNOWN_SIZE_LIMIT;
  const giveUp = () => reply.discard();
  signal?.addEventListener('abort', giveUp);
  try {
    for await (const piece of reply.body) {
      signal?.throwIfAborted();
      const chunk = piece.subarray(toPass);
      toPass -= piece.length - chunk.length;
      if (part.size + chunk.length > limit) {
        reply.discard();
        throw new WrongContent(
          `Cannot fetch ${shownAddress(url)}: it is longer than the ${limit} bytes that it may have`,
        );
      }
      await part.append(chunk);
    }
  } catch (error) {
    if (error instanceof WrongContent || error instanceof KhoError || signal?.aborted) throw error;
    throw new Unreachable(`${shownAddress(url)} breaks off: ${networkFault(error)}`);
  } finally {
    signal?.removeEventListener('abort', giveUp);
    await part.settle();
  }
  await addTail(part, tail);
  if (size !== undefined && part.size < size)
    throw new Unreachable(`${shownAddress(url)} ended after ${part.size} of ${size} bytes`);
}

/** What came up to it, it goes on with. */
async function addTail(part: PartFile, tail: FileTail | undefined): Promise<void> {
  if (tail === undefined || part.size !== tail.from) return;
  await part.append(tail.bytes);
  await part.settle();
}

/** Who has some of it already need not begin again: what is there is passed over in what comes, and the hash of all of it tells whether they fit. */
function mayPassOver({ sha256 }: Downloadable, { status }: Reply): boolean {
  return status === 200 && sha256 !== undefined;
}

/** What is no hash, no file has: there is no need to fetch it. */
function checkNamedHashes({ url, hashes = {} }: Downloadable): void {
  const broken = brokenHash(hashes);
  if (broken === undefined) return;
  throw new WrongContent(`Cannot fetch ${shownAddress(url)}: the ${broken} that the index names is none`, true);
}

/** @throws {WrongContent} */
async function checkContent(file: Downloadable, part: PartFile, path: string): Promise<void> {
  const { url, allowedSha256s } = file;
  const { sha256, ...others } = { ...file.hashes, ...(file.sha256 !== undefined && { sha256: file.sha256 }) };
  if (allowedSha256s && !allowedSha256s.has(part.sha256()))
    throw new WrongContent(`Cannot fetch ${shownAddress(url)}: its sha256 is none of those that the lock allows`, true);
  const wrong = sha256 !== undefined && part.sha256() !== sha256 ? 'sha256' : await wrongHash(path, others);
  if (wrong !== undefined)
    throw new WrongContent(`Cannot fetch ${shownAddress(url)}: its ${wrong} is not the one that the index names`);
  const fault = isChecked(file) ? undefined : await packageFault(path, file.filename);
  if (fault !== undefined) throw new WrongContent(`Cannot fetch ${shownAddress(url)}: it ${fault}`);
}
