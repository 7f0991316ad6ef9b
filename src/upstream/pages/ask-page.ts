/** One question for a page of another index, and what its answer is. */

import { type HttpClient, Unreachable } from '../../fetch/http-client.ts';
import { PAGE_ACCEPT } from '../../fetch/page-accept.ts';
import { shownAddress } from '../../fetch/upstream-address.ts';
import type { PageValidators } from '../../kept-upstream/kept-page.ts';
import type { NormalizedName } from '../../standards/name.ts';
import { TEXT_LIMITS } from '../../standards/text-limits.ts';

/** `same`: the page that is kept. `absent`: the index says that it has no such project. */
export type PageReply =
  | { is: 'page'; bytes: Buffer; contentType: string; url: URL; validators: PageValidators }
  | { is: 'same' }
  | { is: 'absent' };

/**
 * @param known of the page that is kept
 * @param onBytes called whenever something comes
 * @throws {Unreachable} for all that says neither what the page is, nor that there is none; {KhoError} UPSTREAM for one that is too long
 */
export async function askPage(
  client: HttpClient,
  index: URL,
  project: NormalizedName,
  known: PageValidators,
  onBytes: () => void,
): Promise<PageReply> {
  const url = new URL(`${project}/`, index);
  const headers = {
    Accept: PAGE_ACCEPT,
    'Accept-Encoding': 'gzip',
    ...(known.etag !== undefined && { 'If-None-Match': known.etag }),
    ...(known.modified !== undefined && { 'If-Modified-Since': known.modified }),
  };
  const { reply, bytes } = await client.getOnce(url, TEXT_LIMITS.indexPageBytes, headers, onBytes);
  if (reply.status === 304 && (known.etag ?? known.modified) !== undefined) return { is: 'same' };
  if (reply.status === 404 || reply.status === 410) return { is: 'absent' };
  if (reply.status !== 200) throw new Unreachable(`${shownAddress(url)} answers ${reply.status}`);
  const [etag, modified] = [reply.headers.get('etag'), reply.headers.get('last-modified')];
  return {
    is: 'page',
    bytes,
    contentType: reply.headers.get('content-type') ?? '',
    url: reply.url,
    validators: { ...(etag !== undefined && { etag }), ...(modified !== undefined && { modified }) },
  };
}
