import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { KhoError } from '../errors.ts';
import { hashFile } from '../inspect/inspect-file.ts';
import type { WholeSource } from '../intake/place-whole.ts';
import { removeFile } from '../io/disk.ts';
import { look } from '../io/open-file.ts';
import { PartFile } from '../io/part-file.ts';
import { claimPart } from '../io/part-name.ts';
import { FormatError } from '../problems.ts';
import { fileStamp } from '../scan/scan-packages.ts';
import { brokenHash, wrongHash } from './file-hashes.ts';
import { type HttpClient, networkFault, type Reply, retried, Unreachable } from './http-client.ts';
import type { UpstreamCandidate } from './read-index-page.ts';
import { shownAddress } from './upstream-address.ts';

/** Where no index says how long a file is, it may be so long. In bytes. */
const UNKNOWN_SIZE_LIMIT = 8 * 1024 * 1024 * 1024;

/**
 * Bring a file over the line, until it is whole, and its hash is the one that the index named. What has come when this run is stopped, a
 * later run goes on with.
 *
 * @param parts a folder that nobody else may write in, absolute
 * @param onBytes told of what arrives; negative when it has to begin anew
 * @returns what is to be placed, flushed
 * @throws {KhoError} UPSTREAM, WRITE
 */
export async function downloadFile(
  file: UpstreamCandidate,
  parts: string,
  client: HttpClient,
  onBytes: (bytes: number) => void,
): Promise<WholeSource> {
  const partPath = claimPart(parts, partKey(file));
  const part = new PartFile(partPath);
  let isDone = false;
  try {
    onBytes(part.size);
    checkNamedHashes(file);
    let most = 0;
    await retried(
      () => receive(file, part, client, onBytes),
      () => {
        most = Math.max(most, part.size);
        return most;
      },
    );
    part.flush();
    await checkHashes(file, part, partPath);
    isDone = true;
  } catch (error) {
    if (error instanceof WrongContent) {
      isDone = false;
      removeFile(partPath);
      throw new KhoError('UPSTREAM', error.message, { hint: 'nothing of it was kept; tell those who run that index' });
    }
    throw error;
  } finally {
    part.close();
    if (!isDone && part.size === 0) removeFile(partPath);
  }
  return { path: partPath, stamp: fileStamp(look(partPath) as Stats), sha256: part.sha256(), isPrivate: true };
}

function partKey({ filename, sha256 = '' }: UpstreamCandidate): string {
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

/** What came is not what the index said: nothing to go on with. */
class WrongContent extends Error {}

async function receive(
  file: UpstreamCandidate,
  part: PartFile,
  client: HttpClient,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const { url, size } = file;
  const startAnew = () => {
    onBytes(-part.size);
    part.empty();
  };
  if (size !== undefined && part.size === size && file.sha256 === part.sha256()) return;
  if (size !== undefined && part.size >= size) startAnew();
  const reply = await client.get(url, part.size > 0 ? { Range: `bytes=${part.size}-` } : {});
  if (reply.status === 416) {
    // It is all there already, or another file by now: the hash tells.
    reply.discard();
    if (file.sha256 === part.sha256()) return;
    startAnew();
    throw new Unreachable(`${shownAddress(url)} has no more of it`);
  }
  if (reply.status !== 200 && reply.status !== 206) {
    reply.discard();
    throw new KhoError('UPSTREAM', `Cannot fetch ${shownAddress(url)}: it answers ${reply.status}`);
  }
  if (part.size > 0 && !continues(reply, part.size)) startAnew();
  const limit = size ?? UNKNOWN_SIZE_LIMIT;
  try {
    for await (const chunk of reply.body) {
      if (part.size + chunk.length > limit) {
        reply.discard();
        throw new WrongContent(
          `Cannot fetch ${shownAddress(url)}: it is longer than the ${limit} bytes that it may have`,
        );
      }
      part.append(chunk);
      onBytes(chunk.length);
    }
  } catch (error) {
    if (error instanceof WrongContent || error instanceof KhoError) throw error;
    throw new Unreachable(`${shownAddress(url)} breaks off: ${networkFault(error)}`);
  }
  if (size !== undefined && part.size < size)
    throw new Unreachable(`${shownAddress(url)} ended after ${part.size} of ${size} bytes`);
}

/** A server that knows no ranges sends all of it again. */
function continues(reply: Reply, from: number): boolean {
  return reply.status === 206 && reply.headers.get('content-range')?.startsWith(`bytes ${from}-`) === true;
}

/** What is no hash, no file has: there is no need to fetch it. */
function checkNamedHashes({ url, hashes = {} }: UpstreamCandidate): void {
  const broken = brokenHash(hashes);
  if (broken === undefined) return;
  throw new WrongContent(`Cannot fetch ${shownAddress(url)}: the ${broken} that the index names is none`);
}

async function checkHashes(file: UpstreamCandidate, part: PartFile, path: string): Promise<void> {
  const { url, allowedSha256s } = file;
  const { sha256, ...others } = { ...file.hashes, ...(file.sha256 !== undefined && { sha256: file.sha256 }) };
  if (allowedSha256s && !allowedSha256s.has(part.sha256()))
    throw new WrongContent(`Cannot fetch ${shownAddress(url)}: its sha256 is none of those that the lock allows`);
  const wrong = sha256 !== undefined && part.sha256() !== sha256 ? 'sha256' : await wrongHash(path, others);
  if (wrong === undefined) return;
  throw new WrongContent(`Cannot fetch ${shownAddress(url)}: its ${wrong} is not the one that the index names`);
}
