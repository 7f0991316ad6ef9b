/** Looks at a bucket: what its store can do, and what follows for a site that is published there. */

import type { StoreSettings } from '../config/store-settings.ts';
import { StoreError } from '../object-store/object-store.ts';
import type { RaceResult } from '../object-store/probe-races.ts';
import { probeStore, type StoreAbilities } from '../object-store/probe-store.ts';
import { S3Store } from '../object-store/s3-store.ts';
import type { StoreAddress } from '../object-store/store-address.ts';
import type { Examination } from './examine.ts';
import { BUCKET_CHECKS, type BucketCheckName, type Finding, NO_BUCKET } from './finding.ts';

/** @throws {KhoError} USAGE for settings that cannot be */
export async function examineBucket(address: StoreAddress, settings: StoreSettings): Promise<Examination> {
  const store = new S3Store(address, settings);
  const names = Object.keys(BUCKET_CHECKS) as BucketCheckName[];
  try {
    const abilities = await probeStore(store);
    const where = store.session.endpoint?.origin ?? `AWS, ${store.session.region}`;
    const what = [where, abilities.server].filter(Boolean).join(': ');
    return {
      url: address.name,
      server: 'other',
      findings: names.map((check) => (check === 'bucket' ? reached(what, store.clockMs()) : judge(check, abilities))),
    };
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    const hint = error.hint === undefined ? {} : { hint: error.hint };
    const first: Finding = { check: 'bucket', result: 'failed', what: error.message, ...hint };
    const unseen = names.slice(1).map((check): Finding => ({ check, result: 'not looked at', what: NO_BUCKET }));
    return { url: address.name, server: 'other', findings: [first, ...unseen] };
  }
}

/** Stores refuse what is signed by a clock that is 15 minutes off, and each request then has to be sent twice. In milliseconds. */
const CLOCK_IS_OFF_MS = 5 * 60_000;

function reached(what: string, storeMs: number | undefined): Finding {
  const offMs = storeMs === undefined ? 0 : Date.now() - storeMs;
  if (Math.abs(offMs) < CLOCK_IS_OFF_MS) return { check: 'bucket', result: 'fine', what };
  const off = `${Math.round(Math.abs(offMs) / 60_000)} minutes ${offMs > 0 ? 'ahead of' : 'behind'}`;
  return {
    ...{ check: 'bucket', result: 'note', hint: 'set the clock (chrony, date -s)' },
    what: `${what}\nthis machine's clock is ${off} that of the store`,
  };
}

function judge(check: Exclude<BucketCheckName, 'bucket'>, abilities: StoreAbilities): Finding {
  const found = JUDGES[check](abilities);
  return found === undefined ? { check, result: 'fine' } : { check, ...found };
}

type AbilityFinding = Pick<Finding, 'result' | 'what' | 'hint'> | undefined;

const JUDGES: Record<Exclude<BucketCheckName, 'bucket'>, (abilities: StoreAbilities) => AbilityFinding> = {
  kept: ({ changedHeaders }) =>
    changedHeaders.length === 0
      ? undefined
      : failed(
          `${changedHeaders.map((name) => HEADER_NAMES[name]).join(', ')} of an object did not come back as written`,
          changedHeaders.map((name) => WHAT_IS_LOST[name]).join('\n'),
        ),
  listed: ({ lists }) =>
    lists ? undefined : failed('what was written is not in the list', 'kho check of this bucket would miss files'),
  creates: ({ creates }) => judgeRace(creates, 'created', 'If-None-Match'),
  swaps: ({ swaps }) => judgeRace(swaps, 'changed', 'If-Match'),
  verified: ({ looksAtHashes }) =>
    looksAtHashes
      ? undefined
      : note(
          'bytes were stored that are not those announced',
          'what changes on the way is not noticed there: kho check --deep reads it all again',
        ),
  hashes: ({ tellsHashes }) =>
    tellsHashes
      ? undefined
      : note(
          'HEAD tells no SHA-256 that the store has computed',
          'kho check believes what was said when a file was written; --deep reads it',
        ),
  parts: ({ parts }) =>
    parts
      ? undefined
      : failed(
          'an upload in parts could not be begun, found and given up',
          'files over 64 MiB need it: allow s3:AbortMultipartUpload and s3:ListBucketMultipartUploads, or use another store',
        ),
  removes: ({ removesMany }) =>
    removesMany
      ? undefined
      : note('only one object is removed with a request', 'nothing to do: removing many takes longer'),
  missing: ({ missing, unsigned }) => {
    if (missing.signed !== 404)
      return failed(
        `an object that is not there is ${missing.signed}, with these credentials`,
        'allow s3:ListBucket for the prefix: else nobody can tell what is not there from what is forbidden',
      );
    if (unsigned.object === 200 && missing.unsigned !== 404)
      return failed(
        `an object that is not there is ${missing.unsigned} for everybody: uv ends its search at that`,
        'allow s3:ListBucket to who reads, or have the CDN answer 404 for 403: kho config cloudfront prints one that does',
      );
    return undefined;
  },
  public: ({ unsigned }) => {
    if (unsigned.list === 200)
      return note(
        'everybody can list the bucket',
        'allow s3:ListBucket to your own credentials and your CDN alone, unless everybody may know all names',
      );
    return unsigned.object === 200 ? undefined : unseen('nobody reads it without credentials: a CDN or a proxy has to');
  },
  'slash-keys': ({ slashKeys, unsigned }) => {
    if (unsigned.folder === 200) return undefined; // it knows index documents
    return slashKeys
      ? undefined
      : note(
          'keys that end in a slash are not kept, and addresses that do show no index.html',
          'put a function before it that knows index documents: kho config cloudfront, cloudflare or nginx-bucket',
        );
  },
};

const HEADER_NAMES: Record<string, string> = {
  contentType: 'Content-Type',
  cacheControl: 'Cache-Control',
  contentEncoding: 'Content-Encoding',
  meta: 'x-amz-meta-kho-sha256',
};

/** Where what is said of an object does not come back. */
const WHAT_IS_LOST: Record<string, string> = {
  contentType: 'clients would not know pages for what they are: use another store',
  cacheControl:
    'caches between may keep pages as long as they like, and a release stays unseen: let what stands before the bucket say Cache-Control, as what kho config cloudflare and nginx-bucket print does',
  contentEncoding:
    'pages that lie there packed would not be unpacked: leave precompress out of [bucket], or use another store',
  meta: 'kho would not know again what it has put there, and send it anew after a push that broke off: use another store',
};

function judgeRace({ isHeeded, rounds }: RaceResult, done: string, header: string): AbilityFinding {
  if (!isHeeded)
    return note(
      `${header} is ignored: what must not be ${done} is`,
      'let one machine alone publish here: a second one that does so at the same time is not noticed',
    );
  if (rounds.lost > 0)
    return note(
      `in ${rounds.lost} of ${rounds.won + rounds.lost} rounds several were told that they ${done} the same object`,
      'let one machine alone publish here: a second one that does so at the same time may not be noticed',
    );
  return undefined;
}

const failed = (what: string, hint: string): AbilityFinding => ({ result: 'failed', what, hint });
const note = (what: string, hint: string): AbilityFinding => ({ result: 'note', what, hint });
const unseen = (what: string): AbilityFinding => ({ result: 'not looked at', what });
