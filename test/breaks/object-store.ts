import type { Break } from './break.ts';

const S3 = 'src/object-store/s3-store.test.ts';
const RETRY = { file: 'src/object-store/retry.ts', test: 'src/object-store/retry.test.ts' };
const LIST = { file: 'src/object-store/retry-store.ts', test: 'src/object-store/retry-store.test.ts' };
const FAULTS = { file: 'src/object-store/s3-faults.ts', test: S3 };
const SESSION = { file: 'src/object-store/s3-session.ts', test: S3 };
const PARTS = { file: 'src/object-store/s3-multipart.ts', test: S3 };
const RACES = { file: 'src/object-store/probe-races.ts', test: 'src/object-store/probe-races.test.ts' };

export const OBJECT_STORE_BREAKS: readonly Break[] = [
  {
    ...RETRY,
    what: 'what is no fault of the store is asked again',
    find: "!(error instanceof StoreError) || error.fault !== 'busy'",
    replace: 'false',
  },
  { ...RETRY, what: 'all who wait come back together', find: 'clock.random() * most', replace: 'most' },
  { ...RETRY, what: 'a store that asks for time does not get it', find: 'error.retryAfterMs ?? 0', replace: '0' },
  {
    ...RETRY,
    what: 'a store is asked for ever',
    find: 'tries >= leastTries && clock.now() + waitMs > endsAt',
    replace: 'false',
  },
  {
    ...LIST,
    what: 'a list begins anew when a page did not come',
    find: 'keys = this.#store.list(prefix, last)[Symbol.asyncIterator]();\n              throw',
    replace: 'keys = this.#store.list(prefix, after)[Symbol.asyncIterator]();\n              throw',
  },
  {
    ...FAULTS,
    what: 'a conflict is taken for a refusal',
    find: '(status === 409 && !FOLDER_CODES.has(code))',
    replace: 'false',
  },
  {
    ...FAULTS,
    what: 'nobody there is waited for',
    find: 'const isNobody = NOBODY_CODES.has(network) && !asked.hasAnswered;',
    replace: 'const isNobody = false;',
  },
  {
    ...FAULTS,
    what: 'credentials that ended are wrong ones',
    find: 'if (EXPIRED_CODES.has(code) || ',
    replace: 'if (',
  },
  {
    ...FAULTS,
    what: 'a clock that was set right is not tried with',
    find: "error.$metadata?.clockSkewCorrected\n      ? fault('busy', clocks)",
    replace: "error.$metadata?.clockSkewCorrected\n      ? fault('refused', clocks)",
  },
  {
    ...SESSION,
    what: 'the same old credentials are asked with again',
    find: 'if (old.accessKeyId === fresh.accessKeyId && old.sessionToken === fresh.sessionToken) return false;',
    replace: '',
  },
  {
    ...SESSION,
    what: 'a region that was named is left',
    find: 'const region = this.#settings.region === undefined ? otherRegion(error, before.region) : undefined;',
    replace: 'const region = otherRegion(error, before.region);',
  },
  {
    file: 'src/object-store/signed-body.ts',
    test: S3,
    what: 'the hash of the body is not signed',
    find: "headers['x-amz-content-sha256'] = sha256;",
    replace: '',
  },
  {
    file: 'src/object-store/s3-client.ts',
    test: S3,
    what: 'the SDK asks again by itself',
    find: 'maxAttempts: 1',
    replace: 'maxAttempts: 3',
  },
  {
    file: 'src/object-store/s3-headers.ts',
    test: S3,
    what: 'a 404 is a fault where an ETag was named',
    find: "statusOf(error) === 412 || ('ifEtag' in condition && isMissing(error))",
    replace: 'statusOf(error) === 412',
  },
  {
    ...PARTS,
    what: 'a big file is put over another',
    find: '...conditionHeaders(condition), UploadId: id',
    replace: 'UploadId: id',
  },
  {
    ...PARTS,
    what: 'parts of a big file that changed become one',
    find: "if (whole.digest('hex') === sha256) return parts;",
    replace: 'return parts;',
  },
  {
    ...PARTS,
    what: 'parts stay when an upload fails',
    find: 'await abandonUpload(run.session, run.key, id).catch(() => {}); // what was wrong first is what is told',
    replace: '',
  },
  {
    ...PARTS,
    what: 'a lost end of an upload is believed',
    find: "if (found?.size === body.size && found.headers.meta?.['kho-sha256'] === body.sha256)",
    replace: 'if (found)',
  },
  { ...RACES, what: 'a round that two won is not counted', find: 'if (winners > 1) rounds.lost += 1;', replace: '' },
  {
    ...RACES,
    what: 'what comes back has its old ETag',
    find: '`round ${round}, writer ${writer}`',
    replace: '`writer ${writer}`',
  },
  {
    file: 'src/object-store/check-endpoint.ts',
    test: 'src/object-store/check-endpoint.test.ts',
    what: 'everything goes in the clear to other machines',
    find: "url.protocol === 'http:' && !insecure && !isLoopback(url.hostname)",
    replace: 'false',
  },
  {
    file: 'src/object-store/sent-body.ts',
    test: 'src/object-store/sent-body.test.ts',
    what: 'what broke the body is a fault of the network',
    find: 'throw unread ?? error;',
    replace: 'throw error;',
  },
];
