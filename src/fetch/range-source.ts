import { KhoError } from '../errors.ts';
import type { ByteSource } from '../formats/byte-source.ts';
import { type HttpClient, readBody } from './http-client.ts';
import { partOf } from './range-request.ts';
import { shownAddress } from './upstream-address.ts';

/** In bytes: the directory of most wheels, and their metadata, are in the end that is read first. */
const TAIL_BYTES = 32 * 1024;
/** More in one piece is no metadata. In bytes. */
const PIECE_LIMIT = 64 * 1024 * 1024;

/** A file on a server that can send parts of it; undefined when the server cannot. */
export async function rangeSource(url: URL, client: HttpClient): Promise<ByteSource | undefined> {
  const last = await askRange(url, client, `bytes=-${TAIL_BYTES}`);
  if (!last) return undefined;
  const { from: tailFrom, bytes: tail, total } = last;
  return {
    size: total,
    async read(offset, length) {
      const end = Math.min(offset + length, total);
      if (offset >= tailFrom) return tail.subarray(offset - tailFrom, end - tailFrom);
      if (end - offset > PIECE_LIMIT)
        throw new KhoError('UPSTREAM', `Cannot read ${shownAddress(url)}: it asks for too much at once`);
      const until = Math.min(end, tailFrom);
      const piece = await askRange(url, client, `bytes=${offset}-${until - 1}`);
      if (!piece || piece.from !== offset)
        throw new KhoError('UPSTREAM', `Cannot read ${shownAddress(url)}: its server sends other parts than asked for`);
      return until === end ? piece.bytes : Buffer.concat([piece.bytes, tail.subarray(0, end - until)]);
    },
  };
}

async function askRange(
  url: URL,
  client: HttpClient,
  range: string,
): Promise<{ from: number; total: number; bytes: Buffer } | undefined> {
  return client.retried(async () => {
    const reply = await client.get(url, { Range: range });
    const part = partOf(reply);
    if (part === undefined) {
      reply.discard();
      return undefined;
    }
    const { from, to, total } = part;
    const bytes = await readBody(reply, PIECE_LIMIT);
    return bytes.length === to - from + 1 ? { from, total, bytes } : undefined;
  });
}
