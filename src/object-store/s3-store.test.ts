import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import {
  errorAnswer,
  type ScriptedStore,
  startScriptedStore,
} from '../../test/support/object-stores/scripted-store.ts';
import { NO_CREDENTIALS, setAwsEnvironment } from '../../test/support/object-stores/store-server.ts';
import { PAGE, streamOf } from '../../test/support/store-contract.ts';
import type { StoreSettings } from '../config/store-settings.ts';
import { bytesBody } from './bytes-body.ts';
import type { Clock } from './clock.ts';
import { type StoredObject, StoreError, type StoreFault } from './object-store.ts';
import { addressOf } from './s3-client.ts';
import { S3Store } from './s3-store.ts';
import { parseStoreAddress } from './store-address.ts';

const KEYS = { ...NO_CREDENTIALS, AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret', AWS_REGION: 'us-east-1' };
const MIB = 1024 * 1024;

let server: ScriptedStore;
let restore = () => {};
beforeAll(async () => {
  server = await startScriptedStore();
});
afterAll(() => server.stop());
beforeEach(() => {
  server.answer = () => ({});
  server.asked.length = 0;
  restore = setAwsEnvironment(KEYS);
});
afterEach(() => restore());

/** Waits for nobody. */
const CLOCK: Clock = { now: () => Date.now(), sleep: async () => {}, random: () => 0 };

const open = (settings: StoreSettings = {}) =>
  new S3Store(parseStoreAddress('s3://team/py'), { endpoint: server.url, ...settings }, CLOCK);

async function faultOf(asking: Promise<unknown>): Promise<StoreError> {
  const error = await asking.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(StoreError);
  return error as StoreError;
}

test('put() says which bytes it sends, and of what kind they are', async () => {
  const body = streamOf('content', 3);
  const meta = { 'kho-sha256': body.sha256 };
  const store = open({ sse: 'aws:kms', sseKey: 'alias/kho' });
  expect(await store.put('a/b+c', body, { ...PAGE, contentEncoding: 'gzip', meta }, { ifAbsent: true })).toBe('"etag"');
  const [{ name, headers, body: sent } = {} as never] = server.asked;
  expect([name, String(sent)]).toEqual(['PUT /team/py/a/b+c', 'content']);
  expect(headers).toMatchObject({
    'content-length': '7',
    'content-type': PAGE.contentType,
    'cache-control': PAGE.cacheControl,
    'content-encoding': 'gzip',
    'if-none-match': '*',
    'x-amz-content-sha256': body.sha256,
    'x-amz-checksum-sha256': Buffer.from(body.sha256, 'hex').toString('base64'),
    'x-amz-meta-kho-sha256': body.sha256,
    'x-amz-server-side-encryption': 'aws:kms',
    'x-amz-server-side-encryption-aws-kms-key-id': 'alias/kho',
  });
  expect(headers['authorization']).toMatch(/SignedHeaders=[^,]*x-amz-content-sha256/);
  for (const unwanted of ['x-amz-acl', 'expect', 'transfer-encoding', 'x-amz-trailer', 'x-amz-checksum-crc32'])
    expect(headers[unwanted]).toBeUndefined();
});

test('put() names the ETag that it may be put over, as the store said it', async () => {
  await open().put('a', bytesBody('x'), PAGE, { ifEtag: '"old"' });
  expect(server.asked[0]!.headers['if-match']).toBe('"old"');
});

test('put() goes without a hash where the store knows none, and remembers it', async () => {
  server.answer = ({ headers }) => (headers['x-amz-checksum-sha256'] ? errorAnswer(501, 'NotImplemented') : {});
  const store = open();
  expect(await store.put('a', bytesBody('x'), PAGE)).toBe('"etag"');
  expect(await store.put('b', bytesBody('x'), PAGE)).toBe('"etag"');
  expect(server.asked).toHaveLength(3);
});

test.each<[status: number, code: string, fault: StoreFault, words: string]>([
  [503, 'SlowDown', 'busy', '503 SlowDown'],
  [500, 'InternalError', 'busy', '500 InternalError'],
  [429, 'TooManyRequests', 'busy', '429'],
  [409, 'ConditionalRequestConflict', 'busy', '409'],
  [400, 'RequestTimeout', 'busy', 'RequestTimeout'],
  [502, 'BadGateway', 'busy', '502'],
  [403, 'AccessDenied', 'denied', '403 AccessDenied'],
  [403, 'SignatureDoesNotMatch', 'denied', 'SignatureDoesNotMatch'],
  [401, 'Unauthorized', 'denied', '401'],
  [400, 'ExpiredToken', 'expired', 'come to their end'],
  [404, 'NoSuchBucket', 'no-bucket', 'no such bucket'],
  [400, 'EntityTooLarge', 'refused', '400 EntityTooLarge'],
  [501, 'NotImplemented', 'refused', '501 NotImplemented'],
  [409, 'ObjectParentIsFile', 'refused', 'folders'],
  [400, 'XAmzContentSHA256Mismatch', 'refused', 'changed while it was sent'],
])('put() tells %i %s as %s', async (status, code, fault, words) => {
  server.answer = () => errorAnswer(status, code);
  const error = await faultOf(open().put('a', bytesBody('x'), PAGE));
  expect(error.fault).toBe(fault);
  expect(error.message).toMatch(/^Cannot write "s3:\/\/team\/py\/a": /);
  expect(error.message).toContain(words);
});

test.each<[status: number, code: string, condition: { ifAbsent: true } | { ifEtag: string }]>([
  [412, 'PreconditionFailed', { ifAbsent: true }],
  [412, 'PreconditionFailed', { ifEtag: '"x"' }],
  [404, 'NoSuchKey', { ifEtag: '"x"' }],
])('put() is refused by %i %s', async (status, code, condition) => {
  server.answer = () => errorAnswer(status, code);
  expect(await open().put('a', bytesBody('x'), PAGE, condition)).toBe('refused');
});

test('a store that says when to come back is believed', async () => {
  server.answer = () => errorAnswer(503, 'SlowDown', { headers: { 'Retry-After': '7' } });
  expect((await faultOf(open().head('a'))).retryAfterMs).toBe(7000);
});

test('get() gives the connection back when nobody reads what came', async () => {
  server.answer = () => ({ body: 'x'.repeat(10 * MIB) });
  const found = (await open().get('a')) as StoredObject;
  expect(server.asked[0]!.socket.destroyed).toBe(false);
  found.body.destroy();
  await vi.waitFor(() => expect(server.asked[0]!.socket.destroyed).toBe(true));
});

test('what is not there is undefined, and what may not be known is denied', async () => {
  server.answer = () => errorAnswer(404, 'NoSuchKey');
  expect([await open().get('a'), await open().head('a')]).toEqual([undefined, undefined]);
  server.answer = () => errorAnswer(403, 'AccessDenied');
  expect((await faultOf(open().get('a'))).fault).toBe('denied');
  expect((await faultOf(open().head('a'))).fault).toBe('denied');
});

test('a page of something that is no store is told as that', async () => {
  server.answer = () => ({ headers: { 'Content-Type': 'text/html' }, body: '<!doctype html><p>Welcome & hello' });
  const list = open().list('')[Symbol.asyncIterator]();
  expect((await faultOf(list.next())).fault).toBe('refused');
});

test('nobody there is told at once, and a line that breaks later as something that passes', async () => {
  const nobody = new S3Store(parseStoreAddress('s3://team/py'), { endpoint: 'http://127.0.0.1:1' });
  expect(await faultOf(nobody.head('a'))).toMatchObject({
    fault: 'refused',
    message: expect.stringContaining('ECONNREFUSED'),
  });
  server.answer = () => 'reset';
  expect((await faultOf(open().head('a'))).fault).toBe('busy');
});

test('a bucket elsewhere is asked there, unless a region was named: then it is said', async () => {
  const headers = { 'x-amz-bucket-region': 'eu-west-1' };
  server.answer = (asked) =>
    asked.headers['authorization']?.includes('/eu-west-1/s3/')
      ? {}
      : errorAnswer(301, 'PermanentRedirect', { headers });
  const store = open();
  expect(await store.put('a', bytesBody('x'), PAGE)).toBe('"etag"');
  expect(await store.put('b', bytesBody('x'), PAGE)).toBe('"etag"');
  expect(server.asked).toHaveLength(3);
  const error = await faultOf(open({ region: 'us-west-2' }).head('a'));
  expect(error).toMatchObject({ fault: 'refused', hint: expect.stringContaining('--region eu-west-1') });
  expect(error.message).toContain('it is in region eu-west-1, and us-west-2 was asked');
});

test('credentials that end are read anew; the same ones are not asked with again', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'kho-aws-')), 'credentials');
  const write = (key: string) =>
    writeFileSync(
      file,
      `[default]\naws_access_key_id = ${key}\naws_secret_access_key = s\naws_session_token = t-${key}\n`,
    );
  restore();
  restore = setAwsEnvironment({ ...NO_CREDENTIALS, AWS_SHARED_CREDENTIALS_FILE: file, AWS_REGION: 'us-east-1' });
  write('OLD');
  server.answer = ({ headers }) => (headers['authorization']?.includes('OLD/') ? errorAnswer(400, 'ExpiredToken') : {});
  const store = open();
  expect((await faultOf(store.put('a', bytesBody('x'), PAGE))).fault).toBe('expired');
  expect(server.asked).toHaveLength(1);
  write('NEW');
  expect(await store.put('a', bytesBody('x'), PAGE)).toBe('"etag"');
  expect(server.asked).toHaveLength(3);
  expect(server.asked[2]!.headers['x-amz-security-token']).toBe('t-NEW');
});

test('without any credentials that is what is said', async () => {
  restore();
  restore = setAwsEnvironment({ ...NO_CREDENTIALS });
  const error = await faultOf(open().head('a'));
  expect(error).toMatchObject({
    fault: 'no-credentials',
    message: expect.stringContaining('there are no credentials'),
  });
  expect(error.hint).toContain('AWS_ACCESS_KEY_ID');
  expect((await faultOf(open({ profile: 'team' }).head('a'))).hint).toContain('"team"');
});

test('a clock that is wrong is set right by the first answer', async () => {
  const hourAgo = new Date(Date.now() - 3_600_000).toUTCString();
  server.answer = (_asked, count) =>
    count === 0 ? errorAnswer(403, 'RequestTimeTooSkewed', { headers: { Date: hourAgo } }) : {};
  const store = open();
  expect((await faultOf(store.put('a', bytesBody('x'), PAGE))).fault).toBe('busy');
  await store.put('a', bytesBody('x'), PAGE);
  const signed = server.asked[1]!.headers['x-amz-date']!;
  expect(signed.slice(0, 11)).toBe(new Date(Date.now() - 3_600_000).toISOString().replaceAll(/[-:]/g, '').slice(0, 11));
});

/** Answers of an upload in parts. */
function inParts(complete: (count: number) => ReturnType<ScriptedStore['answer']>): ScriptedStore['answer'] {
  let completed = 0;
  return ({ name, query }) => {
    if (query.has('uploads'))
      return { body: '<InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>' };
    if (query.has('partNumber')) return { headers: { ETag: `"part ${query.get('partNumber')}"` } };
    if (name.startsWith('POST')) return complete(completed++);
    return {};
  };
}

const DONE = { body: '<CompleteMultipartUploadResult><ETag>"whole"</ETag></CompleteMultipartUploadResult>' };
const BIG = bytesBody(Buffer.alloc(65 * MIB, 'kho'));

test('put() sends what is big in parts, with the condition at its end', async () => {
  server.answer = inParts(() => DONE);
  expect(await open().put('big', BIG, { ...PAGE, meta: { a: 'b' } }, { ifAbsent: true })).toBe('"whole"');
  const parts = server.asked.filter(({ query }) => query.has('partNumber'));
  expect(parts.map(({ body }) => body.length).sort()).toEqual([MIB, ...Array(4).fill(16 * MIB)].sort());
  for (const { headers, body } of parts) expect(headers['x-amz-content-sha256']).toBe(bytesBody(body).sha256);
  const [first, last] = [server.asked[0]!, server.asked.at(-1)!];
  expect(first.headers).toMatchObject({ 'content-type': PAGE.contentType, 'x-amz-meta-a': 'b' });
  expect(last.name).toBe('POST /team/py/big');
  expect(last.headers['if-none-match']).toBe('*');
  expect([...String(last.body).matchAll(/<PartNumber>(\d)/g)].map(([, number]) => number)).toEqual([
    '1',
    '2',
    '3',
    '4',
    '5',
  ]);
});

test('put() gives up the parts of what is refused, changed or broken', async () => {
  const isAbandoned = () =>
    server.asked.at(-1)!.name.startsWith('DELETE') && server.asked.at(-1)!.query.get('uploadId') === 'u1';
  server.answer = inParts(() => errorAnswer(412, 'PreconditionFailed'));
  expect(await open().put('big', BIG, PAGE, { ifAbsent: true })).toBe('refused');
  expect(isAbandoned()).toBe(true);
  server.answer = inParts(() => DONE);
  const changed = { ...BIG, sha256: bytesBody('other').sha256 };
  expect((await faultOf(open().put('big', changed, PAGE))).message).toContain('changed while it was sent');
  expect(isAbandoned()).toBe(true);
  expect(
    server.asked.filter(({ name }) => name.startsWith('POST')).filter(({ query }) => query.has('uploadId')),
  ).toHaveLength(1);
});

test('put() sends a part again that did not come through, and no other', async () => {
  const answer = inParts(() => DONE);
  let failures = 0;
  server.answer = (asked, count) =>
    asked.query.get('partNumber') === '2' && failures++ < 2 ? errorAnswer(503, 'SlowDown') : answer(asked, count);
  expect(await open().put('big', BIG, PAGE)).toBe('"whole"');
  const numbers = server.asked.flatMap(({ query }) => query.get('partNumber') ?? []);
  expect(numbers.sort()).toEqual(['1', '2', '2', '2', '3', '4', '5']);
});

test('put() sends what is big again whose parts and object are both gone', async () => {
  const lost = inParts(() => errorAnswer(404, 'NoSuchUpload'));
  server.answer = (asked, count) =>
    asked.name.startsWith('HEAD') ? errorAnswer(404, 'NoSuchKey') : lost(asked, count);
  expect((await faultOf(open().put('big', BIG, PAGE))).fault).toBe('busy');
});

test('put() looks whether it is there when the end of an upload in parts was not heard', async () => {
  const lost = inParts((count) => (count === 0 ? 'reset' : errorAnswer(404, 'NoSuchUpload')));
  const head = (sha256: string) => ({
    headers: { 'Content-Length': String(BIG.size), 'x-amz-meta-kho-sha256': sha256, ETag: '"there"' },
  });
  server.answer = (asked, count) => (asked.name.startsWith('HEAD') ? head(BIG.sha256) : lost(asked, count));
  expect(await open().put('big', BIG, PAGE)).toBe('"there"');
  const again = inParts((count) => (count === 0 ? 'reset' : errorAnswer(404, 'NoSuchUpload')));
  server.answer = (asked, count) => (asked.name.startsWith('HEAD') ? head('others') : again(asked, count));
  expect((await faultOf(open().put('big', BIG, PAGE))).fault).toBe('busy');
});

test('remove() goes one by one where the store takes no more', async () => {
  server.answer = ({ name }) => (name.startsWith('POST') ? errorAnswer(501, 'NotImplemented') : { status: 204 });
  const store = open();
  await store.remove(['a', 'b']);
  await store.remove(['c', 'd']);
  expect(server.asked.map(({ name }) => name).sort()).toEqual([
    ...['DELETE /team/py/a', 'DELETE /team/py/b', 'DELETE /team/py/c', 'DELETE /team/py/d', 'POST /team/'],
  ]);
});

test('remove() tells what was not removed', async () => {
  server.answer = () => ({
    body: '<DeleteResult><Error><Key>py/b</Key><Code>AccessDenied</Code><Message>no</Message></Error></DeleteResult>',
  });
  expect((await faultOf(open().remove(['a', 'b']))).fault).toBe('denied');
  server.answer = () => ({
    body: '<DeleteResult><Error><Key>py/b</Key><Code>InternalError</Code></Error></DeleteResult>',
  });
  expect((await faultOf(open().remove(['a', 'b']))).fault).toBe('busy');
});

test('list() goes on where the page before ended, and begins behind a key', async () => {
  const page = (keys: string[], next?: string) => ({
    body: `<ListBucketResult>${keys.map((key) => `<Contents><Key>py/${key}</Key><ETag>&quot;e&quot;</ETag><Size>1</Size><LastModified>2026-01-01T00:00:00.000Z</LastModified></Contents>`).join('')}<IsTruncated>${next !== undefined}</IsTruncated>${next === undefined ? '' : `<NextContinuationToken>${next}</NextContinuationToken>`}</ListBucketResult>`,
  });
  server.answer = ({ query }) => (query.get('continuation-token') === 'n1' ? page(['c']) : page(['', 'a', 'b'], 'n1'));
  const found: string[] = [];
  for await (const { key, etag } of open().list('x', 'w')) found.push(`${key} ${etag}`);
  expect(found).toEqual(['a "e"', 'b "e"', 'c "e"']);
  expect(server.asked[0]!.query.get('start-after')).toBe('py/w');
  expect(server.asked[0]!.query.get('prefix')).toBe('py/x');
});

test.each<[settings: StoreSettings, address: string]>([
  [{ endpoint: 'https://s3.example.org' }, 'https://s3.example.org/team'],
  [{ endpoint: 'https://s3.example.org:9000/under/', pathStyle: true }, 'https://s3.example.org:9000/under/team'],
  [{ endpoint: 'https://s3.example.org', pathStyle: false }, 'https://team.s3.example.org'],
  [{ region: 'eu-west-1' }, 'https://team.s3.eu-west-1.amazonaws.com'],
  [{ region: 'cn-north-1' }, 'https://team.s3.cn-north-1.amazonaws.com.cn'],
  [{ region: 'eu-west-1', pathStyle: true }, 'https://s3.eu-west-1.amazonaws.com/team'],
])('addressOf() a bucket with %j is %s', async (settings, address) => {
  const { session } = new S3Store(parseStoreAddress('s3://team/py'), settings);
  expect(addressOf('team', await session.open())).toBe(address);
});

test('askUnsigned() asks as somebody without credentials', async () => {
  server.answer = () => ({ status: 403 });
  const { session } = open();
  expect((await session.askUnsigned('GET', 'py/a%2Bb')).status).toBe(403);
  await session.askUnsigned('GET', '?list-type=2');
  expect(server.asked.map(({ name, query }) => `${name} ${query}`)).toEqual([
    'GET /team/py/a+b ',
    'GET /team/ list-type=2',
  ]);
  for (const { headers } of server.asked) expect(headers['authorization']).toBeUndefined();
});
