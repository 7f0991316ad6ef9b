/** Whether uploads get through to kho as they are. Nothing is uploaded: no token is sent that kho would know. */
import type { Check } from './check.ts';
import { Fault, NothingToSee } from './finding.ts';
import type { PostResponse } from './http-post.ts';

/** A megabyte is what nginx takes unasked. */
const SMALL_BYTES = 100;
const BIG_BYTES = 2 * 1024 * 1024;

/** The password of nobody. */
const UNKNOWN_TOKEN = `Basic ${Buffer.from('__token__:kho-doctor-asks').toString('base64')}`;

export const UPLOAD_CHECKS: Partial<Record<string, Check>> = {
  async uploads({ visitor, index, takesUploads }) {
    const url = new URL('../upload/', index.url);
    const bare = await visitor.post(url, SMALL_BYTES);
    if (isTooOften(bare))
      throw new NothingToSee('kho answers nobody without a token at the moment: look again in a minute');
    if (!isOfKho(bare)) {
      if (takesUploads || isPlainRefusal(bare)) throw notPassed(url, bare);
      throw new NothingToSee(`${url.href} takes no uploads: a POST is answered with ${bare.status}`);
    }
    for (const other of [new URL(url.href.replace(/\/$/, '')), new URL('.', url)]) {
      const answer = await visitor.post(other, SMALL_BYTES);
      if (!isOfKho(answer) && !isTooOften(answer)) throw notPassed(other, answer);
    }

    const big = await visitor.post(url, BIG_BYTES, UNKNOWN_TOKEN);
    if (isTooOften(big)) return;
    if (!isOfKho(big)) {
      throw new Fault(`${url.href} answers a body of 2 MB with ${big.status}, and a small one as it should`);
    }
    if (needsToken(big)) throw new Fault(`${url.href}: the token (Authorization) that clients send does not reach kho`);
    if (bare.reason === 'Unauthorized') {
      const what = `${url.href}: the words in the status line of an answer are lost; twine and PDM show nothing else of it`;
      throw new Fault(what, { isNote: true });
    }
    // Apache reads no answer before it has sent a body, also where it does not keep it.
    if (!big.isEarly && !/apache/i.test(String(big.headers['server']))) {
      throw new Fault(`${url.href}: a body is kept until it is whole: uploads take twice as long`, { isNote: true });
    }
  },
};

/** Nobody else challenges so. */
function isOfKho({ status, headers }: PostResponse): boolean {
  return status === 401 && /\brealm="kho"/.test(headers['www-authenticate'] ?? '');
}

function needsToken({ body }: PostResponse): boolean {
  return body.includes('An upload needs a token');
}

/** kho, to whoever has tried too many tokens. */
function isTooOften({ status, body }: PostResponse): boolean {
  return status === 429 && body.includes('Too many tries');
}

/** kho, or a server before it, to who does not come by https: a site that takes uploads. */
function isPlainRefusal({ status, body }: PostResponse): boolean {
  return status === 403 && /^(?:Use https: a token|Upload to https:\/\/)/.test(body.toString());
}

function notPassed(url: URL, answer: PostResponse): Fault {
  const { status, headers } = answer;
  if (isPlainRefusal(answer)) {
    const hint =
      url.protocol === 'https:'
        ? 'let the server before kho say X-Forwarded-Proto, and name it in trusted_proxies of kho.toml, where it comes by a port'
        : 'upload to the https address, or read about upload.allow_http';
    return new Fault(`${url.href} is taken for plain http, over which kho takes no token`, { hint });
  }
  const { location } = headers;
  if (status >= 300 && status < 400 && location !== undefined) {
    return new Fault(`${url.href} leads a POST to "${location}": clients lose the file on the way, or refuse to go`);
  }
  return new Fault(`a POST to ${url.href} is answered with ${status}, and not by kho`);
}
