/** What comes in the place of a file, with 200, whatever is asked for: a page where a network wants somebody to sign in, or what a proxy packed. */
import { KhoError } from '../errors.ts';
import type { Reply } from '../fetch/http-client.ts';
import { packingOf } from '../fetch/packing.ts';
import { shownAddress } from '../fetch/upstream-address.ts';

export class InTheWay extends KhoError {
  constructor({ url }: Pick<Reply, 'url'>, what: string, hint: string) {
    super('UPSTREAM', `Cannot fetch ${shownAddress(url)}: ${what}`, { hint });
  }
}

const HTML = /^(?:text\/html|application\/xhtml\+xml)\b/i;

/** What a page begins with, after a byte order mark as Latin-1 shows it. */
const BEGINNING = /^(?:\u00ef\u00bb\u00bf)?\s*</;

/** @param size of the file, in bytes: some servers call all that they do not know HTML. @param total in bytes, as the server tells it. @throws {InTheWay} */
export function refuseOther(reply: Reply, size: number, total: number | undefined): void {
  refusePacked(reply);
  if (isCalledPage(reply) && total !== size) throw page(reply);
}

/** The same reply; where a page comes, whoever reads its body gets it thrown. @param reply to what is neither HTML nor XML. @throws {InTheWay} */
export function asItIs(reply: Reply): Reply {
  refusePacked(reply);
  return isCalledPage(reply) ? { ...reply, body: readNoPage(reply) } : reply;
}

function isCalledPage({ status, headers }: Reply): boolean {
  return status === 200 && HTML.test(headers.get('content-type') ?? '');
}

function refusePacked(reply: Reply): void {
  const packing = packingOf(reply.headers);
  const isFile = reply.status === 200 || reply.status === 206;
  if (!isFile || packing === undefined) return;
  reply.discard();
  throw new InTheWay(
    reply,
    `it comes packed (Content-Encoding: ${packing.slice(0, 20)}), which nobody asked for`,
    'let the web server there, or the proxy before it, send it as it is; kho config writes such configurations',
  );
}

async function* readNoPage(reply: Reply): AsyncGenerator<Uint8Array> {
  let isFirst = true;
  for await (const piece of reply.body) {
    if (isFirst && BEGINNING.test(Buffer.from(piece.subarray(0, 64)).toString('latin1'))) {
      reply.discard();
      throw page(reply);
    }
    isFirst = false;
    yield piece;
  }
}

function page(reply: Reply): InTheWay {
  return new InTheWay(
    reply,
    'a page for people came in its place',
    'look at it with a browser: the network there, or a proxy, may want somebody to sign in; what is here stays as it is',
  );
}
