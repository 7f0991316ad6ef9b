import type { ChangeAnswer } from '../changes/change-desk.ts';
import type { AskedAction } from '../changes/change-order.ts';
import { answer, type UploadAnswer } from '../upload/answers.ts';
import type { AskedUpload } from '../upload/asked-upload.ts';
import { type Answer, dataAnswer, NEVER_KEEP, plainAnswer } from './answer.ts';
import { changeAddress } from './change-address.ts';
import { clientOf, isLoopback, plainAddress } from './client.ts';
import { drainBody } from './drain-body.ts';
import type { Exchange } from './exchange.ts';
import type { Forwarded } from './forwarded.ts';
import type { ServedSite } from './served-site.ts';
import { uploadAddress } from './upload-address.ts';

/** Takes what a client sends, to change the site; undefined when it went away. */
export interface Takers {
  upload: (asked: AskedUpload) => Promise<UploadAnswer | undefined>;
  change: (asked: AskedUpload, action: AskedAction) => Promise<ChangeAnswer | undefined>;
}

interface About {
  site: ServedSite;
  /** Path and query, without the prefix of a proxy. */
  target: string;
  /** That the request names. */
  host: string | undefined;
  forwarded: Forwarded;
}

/** Answers a POST. The connection stays while the rest of its body comes, so that the client reads the answer. */
export async function takeUpload(exchange: Exchange, take: Takers, about: About): Promise<void> {
  const { request, response } = exchange;
  const { site, target, host, forwarded } = about;
  exchange.kind = 'upload';
  const action = changeAddress(target);
  const address = action === undefined ? uploadAddress(target, site) : {};
  if (address === undefined) {
    const [first] = [...site.repositories].filter((name) => name !== '.' && !site.privateRepositories.has(name));
    const example = first === undefined ? '/upload/' : `/${first}/upload/`;
    return finish(exchange, answer(404, `Nothing takes uploads at this address. What to do: upload to ${example}`));
  }
  const isForwarded = request.headers['x-forwarded-for'] !== undefined || request.headers['via'] !== undefined;
  request.socket.setTimeout(0); // it is timed by what comes of it
  const asked: AskedUpload = {
    ...{ request, response, ...address, address: forwarded.address, client: clientOf(exchange.address) },
    isDirect: !isForwarded && request.socket.remoteAddress !== undefined,
    isConfidential: forwarded.isEncrypted || isLocal(forwarded.address),
    hosts: hostsOf(site, host, forwarded),
  };
  const answered = await (action === undefined ? take.upload(asked) : take.change(asked, action));
  if (answered !== undefined) return finish(exchange, answered);
  exchange.done(400, 0);
  request.socket.destroy();
}

function finish(exchange: Exchange, answered: UploadAnswer | ChangeAnswer): void {
  const { request } = exchange;
  const { status, body } = answered;
  const headers = [...answered.headers, ...NEVER_KEEP];
  const answer: Answer =
    'reason' in answered
      ? { ...plainAnswer(status, body, headers), reason: answered.reason }
      : dataAnswer(status, body, headers);
  // Whoever waits for a sign and gets an answer instead does not send the body, and the next request would be taken for it.
  const isUnsent = !request.complete && request.headers.expect !== undefined;
  exchange.send(isUnsent ? { ...answer, headers: [...answer.headers, 'Connection', 'close'] } : answer);
  drainBody(request);
}

/** Whoever asks through a unix socket is on this machine, or is a proxy that should say for whom it asks. */
function isLocal(address: string): boolean {
  return address === 'unix' || isLoopback(plainAddress(address));
}

function hostsOf({ config }: ServedSite, host: string | undefined, { siteUrl }: Forwarded): string[] {
  const urls = [config.url, siteUrl].filter((url) => url !== undefined && URL.canParse(url)) as string[];
  return [...(host === undefined ? [] : [host.toLowerCase()]), ...urls.map((url) => new URL(url).host)];
}
