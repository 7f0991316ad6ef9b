import { type HttpClient, readBody, Unreachable } from '../fetch/http-client.ts';
import { beginsAt } from '../fetch/range-request.ts';
import { asItIs } from './in-the-way.ts';

/**
 * What lies at an address whose content never changes: of a line that breaks, what came is kept, and the rest is asked for. Whether it
 * is right, its caller has to judge.
 *
 * @param limit in bytes; more is a fault
 * @returns undefined where its server has nothing there
 * @throws {KhoError} UPSTREAM
 */
export async function getResumed(url: URL, limit: number, client: HttpClient): Promise<Buffer | undefined> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  const restart = () => {
    pieces.length = 0;
    size = 0;
  };
  const attempt = async (): Promise<boolean> => {
    const reply = asItIs(await client.get(url, size > 0 ? { Range: `bytes=${size}-` } : {}));
    if (reply.status === 404 || reply.status === 410) {
      reply.discard();
      return false;
    }
    if (reply.status === 416) {
      reply.discard();
      restart();
      throw new Unreachable(`${url.pathname} is shorter than what came of it`);
    }
    if (reply.status !== 200 && reply.status !== 206) {
      reply.discard();
      throw new Unreachable(`${url.pathname}: it answers ${reply.status}`);
    }
    if (!beginsAt(reply, size)) restart();
    const noting = async function* () {
      for await (const piece of reply.body) {
        pieces.push(piece);
        size += piece.length;
        yield piece;
      }
    };
    const expected = Number(reply.headers.get('content-length') ?? Number.NaN);
    const before = size;
    await readBody({ ...reply, body: noting() }, limit - before);
    if (size - before < expected) throw new Unreachable(`${url.pathname} ended too early`);
    return true;
  };
  const isThere = await client.retried(attempt, () => size);
  return isThere ? Buffer.concat(pieces) : undefined;
}
