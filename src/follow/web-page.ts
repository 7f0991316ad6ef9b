/** A page for people in the place of a file: a network that wants somebody to sign in sends it, with 200, whatever is asked for. */
import { KhoError } from '../errors.ts';
import type { Reply } from '../fetch/http-client.ts';
import { shownAddress } from '../fetch/upstream-address.ts';

export class WebPage extends KhoError {
  constructor(url: URL) {
    super('UPSTREAM', `Cannot fetch ${shownAddress(url)}: a page for people came in its place`, {
      hint: 'look at it with a browser: the network there, or a proxy, may want somebody to sign in; what is here stays as it is',
    });
  }
}

const HTML = /^(?:text\/html|application\/xhtml\+xml)\b/i;

/** What a page begins with, after a byte order mark as Latin-1 shows it. */
const BEGINNING = /^(?:\u00ef\u00bb\u00bf)?\s*</;

/** By its type alone: some servers call all that they do not know HTML. */
export function isCalledPage({ status, headers }: Pick<Reply, 'status' | 'headers'>): boolean {
  return status === 200 && HTML.test(headers.get('content-type') ?? '');
}

/** The same reply; where a page comes, whoever reads its body gets a WebPage thrown. @param reply to what is neither HTML nor XML */
export function withoutPage(reply: Reply): Reply {
  return isCalledPage(reply) ? { ...reply, body: readNoPage(reply) } : reply;
}

async function* readNoPage({ body, url, discard }: Reply): AsyncGenerator<Uint8Array> {
  let isFirst = true;
  for await (const piece of body) {
    if (isFirst && BEGINNING.test(Buffer.from(piece.subarray(0, 64)).toString('latin1'))) {
      discard();
      throw new WebPage(url);
    }
    isFirst = false;
    yield piece;
  }
}
