import { createHash, type Hash } from 'node:crypto';
import type { Downloadable } from '../../fetch/download-file.ts';
import { type HttpClient, type Reply, readBody, Unreachable } from '../../fetch/http-client.ts';
import { networkFault } from '../../fetch/network-fault.ts';
import { beginsAt, totalOf } from '../../fetch/range-request.ts';
import { shownAddress } from '../../fetch/upstream-address.ts';
import type { ByteRange } from '../../standards/http/byte-range.ts';
import { LAST_BYTES } from './arrival.ts';
import type { ClientBody } from './client-body.ts';

/** What was sent already, and its hash. */
interface Begun {
  from: number;
  hash: Hash;
}

/** What is wrong with it ends it: another try would not mend what was sent. */
class Spoilt extends Error {}

/**
 * Send a file as it comes from its server, and keep nothing: for a disk without room. The last bytes go when its hash is right, as always.
 *
 * @returns whether all was sent; else the connection is cut
 */
export async function passThrough(
  file: Downloadable,
  client: HttpClient,
  body: ClientBody,
  { from, hash }: Begun = { from: 0, hash: createHash('sha256') },
): Promise<boolean> {
  let at = from;
  let held = Buffer.alloc(0);
  const take = async (bytes: Uint8Array) => {
    hash.update(bytes);
    at += bytes.length;
    if (file.size !== undefined && at > file.size) throw new Spoilt('it is longer than its index says');
    const all = held.length === 0 ? Buffer.from(bytes) : Buffer.concat([held, bytes]);
    const mayGo = Math.max(0, all.length - LAST_BYTES);
    held = Buffer.from(all.subarray(mayGo));
    await body.write(all.subarray(0, mayGo));
  };
  const bring = async () => {
    if (body.isGone) throw new Spoilt('nobody waits for it');
    if (at > 0 && file.sha256 === undefined) throw new Spoilt('nothing tells whether the rest is of the same file');
    const reply = await client.get(file.url, at > 0 ? { Range: `bytes=${at}-` } : {});
    if (at > 0 ? !beginsAt(reply, at) : reply.status !== 200) {
      reply.discard();
      throw new Spoilt(`its server answers ${reply.status}`);
    }
    await receive(reply, take, body);
    const size = file.size ?? totalOf(reply);
    if (size !== undefined && at < size) throw new Unreachable(`${shownAddress(file.url)} ended early`);
  };
  try {
    await client.retried(bring, () => at);
    if (file.sha256 === undefined || hash.digest('hex') !== file.sha256) throw new Spoilt('its sha256 is wrong');
    await body.write(held);
    await body.end();
    return true;
  } catch {
    body.cut();
    return false;
  }
}

/**
 * Ask for a part of a file that is not here.
 *
 * @returns undefined where its server sends no parts
 * @throws {KhoError} UPSTREAM
 */
export function askRange(url: URL, range: ByteRange, client: HttpClient): Promise<Reply | undefined> {
  return client.retried(() => askRangeOnce(url, range, client));
}

async function askRangeOnce(url: URL, { start, end }: ByteRange, client: HttpClient): Promise<Reply | undefined> {
  const reply = await client.get(url, { Range: `bytes=${start}-${end - 1}` });
  if (beginsAt(reply, start)) return reply;
  reply.discard();
  return undefined;
}

/**
 * The whole of such a part, for all who ask for it.
 *
 * @returns as `askRange`
 * @throws {KhoError} UPSTREAM
 */
export function bringRange(url: URL, range: ByteRange, client: HttpClient): Promise<Buffer | undefined> {
  const length = range.end - range.start;
  return client.retried(async () => {
    const reply = await askRangeOnce(url, range, client);
    if (reply === undefined) return undefined;
    const bytes = await readBody(reply, length);
    if (bytes.length < length) throw new Unreachable(`${shownAddress(url)} ended early`);
    return bytes;
  });
}

/**
 * Send a part of a file that is not here. Nothing tells whether it is right: who puts parts together compares the hash of the whole.
 *
 * @param first what its server answered already
 * @returns whether all was sent; else the connection is cut
 */
export async function passRange(
  url: URL,
  { start, end }: ByteRange,
  client: HttpClient,
  body: ClientBody,
  first?: Reply,
): Promise<boolean> {
  let at = start;
  let next = first;
  const take = async (bytes: Uint8Array) => {
    const wanted = bytes.subarray(0, Math.max(0, end - at));
    at += wanted.length;
    await body.write(wanted);
  };
  const bring = async () => {
    if (body.isGone) throw new Spoilt('nobody waits for it');
    const reply = next ?? (await askRange(url, { start: at, end }, client));
    next = undefined;
    if (reply === undefined) throw new Spoilt('its server sends no parts any more');
    await receive(reply, take, body);
    if (at < end) throw new Unreachable(`${shownAddress(url)} ended early`);
  };
  try {
    await client.retried(bring, () => at - start);
    await body.end();
    return true;
  } catch {
    first?.discard();
    body.cut();
    return false;
  }
}

async function receive(reply: Reply, take: (bytes: Uint8Array) => Promise<void>, body: ClientBody): Promise<void> {
  body.onGone = () => reply.discard();
  try {
    for await (const bytes of reply.body) await take(bytes);
  } catch (error) {
    reply.discard();
    if (error instanceof Spoilt) throw error;
    throw new Unreachable(`${shownAddress(reply.url)} breaks off: ${networkFault(error)}`);
  } finally {
    body.onGone = () => {};
  }
}
