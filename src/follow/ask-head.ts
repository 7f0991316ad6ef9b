/** What the centre has now: its head, believed only if it may follow the one before, and is signed where signers are named. */
import { KhoError } from '../errors.ts';
import { readBody } from '../fetch/http-client.ts';
import { FormatError } from '../problems.ts';
import { TEXT_LIMITS } from '../standards/text-limits.ts';
import { HEAD_PATH, headSha256, readHead, type SyncHead, signaturePath } from '../sync-format/head.ts';
import type { Centre } from './centre.ts';
import { checkHead, type HeadOptions } from './check-head.ts';
import { checkSignature, type Signers } from './check-signature.ts';
import type { FollowState } from './follow-state.ts';
import { getResumed } from './get-resumed.ts';
import { asItIs } from './in-the-way.ts';
import { knownHead } from './known-head.ts';

export interface AskedHead {
  head: SyncHead;
  /** Byte for byte. */
  text: string;
  signature?: string;
  etag?: string;
  /** It is not the one that was believed before. */
  isNew: boolean;
}

/**
 * One request where nothing is new, and its answer is empty.
 *
 * @param before what is known of it
 * @param signers absent: no signature is asked for
 * @throws {KhoError} UPSTREAM, which says what is wrong with it
 */
export async function askHead(
  centre: Centre,
  before: FollowState | undefined,
  signers: Signers | undefined,
  options: Omit<HeadOptions, 'repository' | 'shown'>,
): Promise<AskedHead> {
  const { client, repository, shown } = centre;
  const url = centre.address(HEAD_PATH);
  const known = before && knownHead(before);
  const isSame = known?.repository === repository && before?.url === shown;
  const etagBefore = isSame ? before?.etag : undefined;
  const { reply, bytes } = await client.retried(async () => {
    const asked = asItIs(await client.get(url, etagBefore === undefined ? {} : { 'If-None-Match': etagBefore }));
    return { reply: asked, bytes: await readBody(asked, TEXT_LIMITS.syncHeadBytes) };
  });
  if (before && known && isSame && reply.status === 304) {
    // Who may sign may have changed since.
    const signature = signers && (before.signature ?? (await signatureOf(centre, Buffer.from(before.head))));
    if (signers) checkSignature(Buffer.from(before.head), signature, signers, { repository, shown });
    return {
      ...{ head: known, text: before.head, isNew: false },
      ...(signature !== undefined && { signature }),
      ...(before.etag !== undefined && { etag: before.etag }),
    };
  }
  if (reply.status !== 200) throw notFollowed(reply.status, centre, url);
  const head = understood(() => readHead(bytes.toString('utf8')), centre);
  const signature = signers && (await signatureOf(centre, bytes));
  if (signers) checkSignature(bytes, signature, signers, { repository, shown });
  checkHead(head, known, { ...options, repository, shown });
  const etag = reply.headers.get('etag');
  const text = bytes.toString('utf8');
  return {
    ...{ head, text, isNew: text !== before?.head },
    ...(signature !== undefined && { signature }),
    ...(etag !== undefined && { etag }),
  };
}

async function signatureOf(centre: Centre, head: Uint8Array): Promise<string | undefined> {
  const url = centre.address(signaturePath(headSha256(head)));
  return (await getResumed(url, TEXT_LIMITS.syncHeadBytes, centre.client))?.toString('latin1');
}

/** @throws {KhoError} UPSTREAM in the place of a FormatError */
export function understood<T>(read: () => T, { repository, shown }: Pick<Centre, 'repository' | 'shown'>): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new KhoError('UPSTREAM', `Cannot follow "${repository}" of ${shown}: ${error.message}`, {
      hint: 'nothing was changed here; tell those who run the centre',
    });
  }
}

function notFollowed(status: number, { repository, shown }: Centre, { pathname }: URL): KhoError {
  const isClosed = status === 401 || status === 403;
  return new KhoError('UPSTREAM', `Cannot follow "${repository}" of ${shown}: it answers ${status} for ${pathname}`, {
    hint: isClosed
      ? 'put name and password into url of [follow] (https://NAME:PASSWORD@…), or into .netrc'
      : 'look whether the address is the root of a site, and that its kho.toml says sync = true for that repository',
  });
}
