import { readFileSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestSite } from '../../test/support/site.ts';
import { sentAs } from '../publish/sent-as.ts';
import { bucketServer } from './bucket-hints.ts';
import { examine } from './examine.ts';
import { hintFor } from './hints.ts';

/** A store, and a CDN before it that has no function. */
interface Bucket {
  /** In all answers. */
  says: Record<string, string>;
  /** 404, or 403 where who asks may not list. */
  missing: 403 | 404;
  /** Of a missing file. */
  saysMissing?: Record<string, string>;
  /** As a website. */
  hasIndexDocuments: boolean;
  /** Instead of the types that the files had. */
  type?: string;
  /** Of pages. */
  cache?: string;
  /** By Accept, and in other spellings. */
  negotiates?: boolean;
  /** What kho knows of it, to everybody. */
  showsOwn?: boolean;
}

const S3 = { Server: 'AmazonS3', 'x-amz-request-id': 'R', 'x-amz-id-2': 'I' };
const CLOUDFRONT = {
  ...S3,
  Via: '1.1 x.cloudfront.net (CloudFront)',
  'X-Cache': 'Miss from cloudfront',
  'x-amz-cf-id': 'C',
};
const R2 = { Server: 'cloudflare', 'cf-ray': '9-FRA' };

let site: TestSite;
let server: Server;
let bucket: Bucket;
let address: URL;

beforeAll(async () => {
  site = new TestSite();
  site.wheel('glibc', { name: 'Foo_Bar', version: '1.0' });
  await site.build();
  server = createServer(answer).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  address = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/glibc/simple/`);
});
afterAll(() => {
  server.close();
  site.close();
});

function answer({ url = '', headers, method }: IncomingMessage, response: ServerResponse): void {
  let path = decodeURIComponent(new URL(url, 'http://x').pathname).slice(1);
  if (method === 'POST') return void response.writeHead(405, bucket.says).end();
  const normalized = path.replace(/\/{2,}/g, '/').replace(
    /(?<=\/simple\/)([^/]+)\/?$/,
    (name) =>
      `${name
        .toLowerCase()
        .replace(/[-_.]+/g, '-')
        .replace(/\/?$/, '')}/`,
  );
  if (bucket.negotiates && normalized.replace(/\/simple$/, '/simple/') !== path) {
    return void response
      .writeHead(301, { ...bucket.says, Location: `/${normalized.replace(/\/simple$/, '/simple/')}` })
      .end();
  }
  const isJson = bucket.negotiates && headers.accept?.includes('v1+json');
  if (bucket.hasIndexDocuments && (path === '' || path.endsWith('/'))) path += isJson ? 'index.json' : 'index.html';
  if (bucket.showsOwn && path === '.kho/site') return void response.writeHead(200, bucket.says).end('{}');
  const file = join(site.root, path);
  if (!statSync(file, { throwIfNoEntry: false })?.isFile() || path.startsWith('.')) {
    response.writeHead(bucket.missing, { ...bucket.says, ...bucket.saysMissing, 'Content-Type': 'application/xml' });
    return void response.end(`<Error><Code>${bucket.missing === 403 ? 'AccessDenied' : 'NoSuchKey'}</Code></Error>`);
  }
  const body = readFileSync(file);
  const { type, cache } = sentAs(path, false);
  const about = {
    'Content-Type': bucket.type ?? type,
    'Cache-Control': bucket.cache ?? cache,
    ETag: `"${body.length}"`,
    'Content-Length': body.length,
  };
  response
    .writeHead(200, { ...bucket.says, ...about, 'Accept-Ranges': 'bytes' })
    .end(method === 'HEAD' ? undefined : body);
}

async function found(how: Partial<Bucket>) {
  bucket = { says: S3, missing: 404, hasIndexDocuments: true, ...how };
  const { findings, server: name } = await examine(address, { projects: 5, now: 0 });
  return { name, of: (check: string) => findings.find((finding) => finding.check === check) };
}

test('examine() tells of a bare bucket that it knows no index documents', async () => {
  const { of } = await found({ hasIndexDocuments: false });
  expect(of('reachable')).toMatchObject({
    result: 'failed',
    what: expect.stringContaining('index.html is there, but nobody gets it at'),
    hint: expect.stringMatching(/kho config cloudfront, cloudflare or nginx-bucket.*slash_keys/),
  });
});

test('examine() tells that everybody can read what kho knows of a bucket', async () => {
  const { of } = await found({ showsOwn: true });
  expect(of('hidden')).toMatchObject({
    result: 'failed',
    what: expect.stringContaining('/.kho/site can be read by everybody'),
    hint: expect.stringContaining('kho config cloudfront, cloudflare or nginx-bucket'),
  });
});

test('examine() tells of a bucket that lets nobody read', async () => {
  bucket = { says: S3, missing: 403, hasIndexDocuments: false };
  const { findings } = await examine(new URL('/musl/simple/', address), { projects: 1, now: 0 });
  expect(findings[0]).toMatchObject({
    result: 'failed',
    what: expect.stringContaining('with 403'),
    hint: expect.stringContaining('kho config s3-policy'),
  });
});

test.each([
  ['a website of a store', S3, 'bucket', 'a bucket cannot do it'],
  ['CloudFront', CLOUDFRONT, 'cloudfront', 'kho config cloudfront prints a function'],
  ['Cloudflare', R2, 'cloudflare', 'kho config cloudflare prints a Worker'],
  [
    'an nginx that shows what is behind it',
    { ...S3, Server: 'nginx/1.26' },
    'nginx-bucket',
    'kho config nginx-bucket prints',
  ],
])('examine() knows %s, and what prints what it lacks', async (_what, says, name, hint) => {
  const seen = await found({ says });
  expect(seen.name).toBe(name);
  for (const check of ['slash', 'spelling', 'json']) {
    expect(seen.of(check)).toMatchObject({ result: 'failed', hint: expect.stringContaining(hint) });
  }
  expect(seen.of('json')?.what).toContain('index.json is there, but nobody gets it');
});

test('examine() tells that 403 for what is not there stops uv, and how to mend it', async () => {
  expect((await found({ missing: 403 })).of('unknown')).toMatchObject({
    result: 'failed',
    what: expect.stringContaining('with 403'),
    hint: expect.stringMatching(/uv ends its search at 403.*s3:ListBucket[\s\S]*kho config/),
  });
});

test('examine() tells of types that a copy by other tools has lost', async () => {
  expect((await found({ type: 'binary/octet-stream' })).of('reachable')).toMatchObject({
    result: 'failed',
    what: expect.stringContaining('is sent as "binary/octet-stream"'),
    hint: expect.stringContaining('kho check s3://'),
  });
});

test.each([
  ['an Age', { Age: '300' }],
  ['a max-age', { 'Cache-Control': 'public, max-age=300' }],
  ['what only shared caches are told', { 'Cache-Control': 'max-age=0, s-maxage=300' }],
])('examine() tells of a CDN that remembers what was not there, by %s', async (_what, saysMissing) => {
  expect((await found({ says: CLOUDFRONT, saysMissing })).of('fresh')).toMatchObject({
    result: 'failed',
    what: expect.stringContaining('caches keep that for 300 s'),
    hint: expect.stringContaining('errors be kept for 10 s'),
  });
  expect((await found({ says: CLOUDFRONT, saysMissing: { Age: '9' } })).of('fresh')).toMatchObject({ result: 'fine' });
});

test('examine() finds nothing wrong with what the edge should do, where it does it', async () => {
  const seen = await found({ says: CLOUDFRONT, negotiates: true });
  for (const check of [
    'reachable',
    'unknown',
    'slash',
    'spelling',
    'double-slash',
    'json',
    'html',
    'fresh',
    'files',
    'hidden',
  ]) {
    expect(seen.of(check)).toEqual({ check, result: 'fine' });
  }
});

test('bucketHint() sends nobody to the configuration of a web server for what is private', () => {
  expect(hintFor('private', 'cloudflare')).toMatch(/^what stands before the bucket .*\n.*kho config cloudflare/);
});

test.each([
  [{ server: 'nginx' }, undefined],
  [{ server: 'kho/1.0', via: '1.1 varnish' }, undefined],
  [{ server: 'AmazonS3' }, 'bucket'],
  [{ 'x-goog-generation': '1', server: 'UploadServer' }, 'bucket'],
  [{ server: 'MinIO' }, 'bucket'],
  [{ 'x-cache': 'Error from cloudfront' }, 'cloudfront'],
])('bucketServer() of %j is %s', (headers, name) => {
  expect(bucketServer(headers)).toBe(name);
});
