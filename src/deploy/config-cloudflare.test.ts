import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { parseSync } from 'oxc-parser';
import { expect, test } from 'vitest';
import { FakeR2, loadWorker, type StoredForR2 } from '../../test/support/run-edge.ts';
import { ACCEPT, JSON_TYPE } from '../../test/support/server-contract/check.ts';
import type { SiteConfig } from '../config/site-config.ts';
import { parseByteRange } from '../standards/http/byte-range.ts';
import { CACHE_CONTROL } from '../standards/http/cache-control.ts';
import { judgeConditions, mayAnswerInPart } from '../standards/http/conditions.ts';
import { cloudflareConfig } from './config-cloudflare.ts';
import { type EdgeSite, edgeSite } from './edge/edge-site.ts';

const CONFIG = { root: '/srv/PyPI', title: 'T', repositories: [] } as unknown as SiteConfig;
const SITE: EdgeSite = {
  ...edgeSite(CONFIG, 's3://team-packages/python', { url: 'https://packages.example.org' }),
  hidden: ['lab'],
};
const UPLOADED = new Date(Date.UTC(2026, 10, 28, 12));
const WHEEL = Buffer.from(Array.from({ length: 1000 }, (_, place) => place % 251));
const HTML = Buffer.from(`<!DOCTYPE html>${'<a href="x">x</a>'.repeat(50)}`);

const object = (
  body: Uint8Array,
  contentType: string,
  cacheControl: string = CACHE_CONTROL.ask,
  contentEncoding?: string,
): StoredForR2 => ({
  body,
  uploaded: UPLOADED,
  httpMetadata: { contentType, cacheControl, ...(contentEncoding !== undefined && { contentEncoding }) },
});

const OBJECTS: Record<string, StoredForR2> = {
  'python/index.html': object(HTML, 'text/html; charset=utf-8'),
  'python/glibc/simple/foo/index.html': object(HTML, 'text/html; charset=utf-8'),
  'python/glibc/simple/foo/index.json': object(Buffer.from('{"files":[]}'), JSON_TYPE),
  'python/glibc/simple/packed/index.html': object(
    gzipSync(HTML),
    'text/html; charset=utf-8',
    CACHE_CONTROL.ask,
    'gzip',
  ),
  'python/glibc/packages/a-1+cpu-py3-none-any.whl': object(WHEEL, 'application/octet-stream'),
  'python/glibc/packages/kept-1-py3-none-any.whl': object(WHEEL, 'application/octet-stream', CACHE_CONTROL.keep),
  'python/glibc/project/foo/index.html': object(HTML, 'text/html; charset=utf-8'),
  'python/project/404.html': object(Buffer.from('<!DOCTYPE html>lost'), 'text/html; charset=utf-8'),
  'python/lab/simple/index.html': object(HTML, 'text/html'),
  'python/.kho/site': object(HTML, 'application/json'),
};

function start(text = cloudflareConfig(SITE), objects = OBJECTS) {
  const { worker, cache } = loadWorker(text);
  const bucket = new FakeR2((key) => objects[key]);
  const waited: Promise<unknown>[] = [];
  const ask = async (target: string, headers: Record<string, string> = {}, method = 'GET', cf?: object) => {
    const request = new Request(`https://packages.example.org${target}`, { method, headers });
    if (cf) Object.defineProperty(request, 'cf', { value: cf });
    const answer = await worker.fetch(
      request,
      { BUCKET: bucket },
      { waitUntil: (promise) => void waited.push(promise) },
    );
    await Promise.all(waited.splice(0));
    // What runs Workers takes the body of an answer to HEAD away.
    const body = method === 'HEAD' ? Buffer.alloc(0) : Buffer.from(await answer.arrayBuffer());
    return { status: answer.status, headers: Object.fromEntries(answer.headers), body, text: body.toString() };
  };
  return { ask, bucket, cache };
}

const { ask } = start();
const tagOf = (body: Uint8Array, mark = '') => `"${createHash('md5').update(body).digest('hex')}${mark}"`;

test('the Worker is a module that reads, with lines for wrangler.toml', () => {
  const text = cloudflareConfig(SITE);
  expect(parseSync('worker.mjs', text, { sourceType: 'module' }).errors).toEqual([]);
  expect(text).toContain('//   bucket_name = "team-packages"\n');
  expect(text).toContain('//   routes = [{ pattern = "packages.example.org", custom_domain = true }]\n');
  const below = edgeSite(CONFIG, 's3://team-packages', { url: 'https://packages.example.com.vn/py' });
  expect(cloudflareConfig(below)).toContain('//   routes = ["packages.example.com.vn/py*"]\n');
  expect(text).not.toMatch(/undefined"|\[object|NaN/);
});

test('the Worker negotiates, and says so', async () => {
  const json = await ask('/glibc/simple/foo/', { Accept: ACCEPT.pip });
  expect(json).toMatchObject({
    status: 200,
    text: '{"files":[]}',
    headers: { 'content-type': JSON_TYPE, vary: 'Accept', 'cache-control': 'no-cache' },
  });
  const html = await ask('/glibc/simple/foo/?x=1', { Accept: ACCEPT.pip22 });
  expect(html).toMatchObject({
    status: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      vary: 'Accept',
      etag: tagOf(HTML),
      'access-control-allow-origin': '*',
      'x-content-type-options': 'nosniff',
    },
  });
  const v1 = await ask('/glibc/simple/foo/', { Accept: 'application/vnd.pypi.simple.v1+html' });
  expect(v1.headers).toMatchObject({
    'content-type': 'application/vnd.pypi.simple.v1+html; charset=utf-8',
    etag: tagOf(HTML, '-v1'),
  });
  expect(
    (await ask('/glibc/simple/foo/', { Accept: ACCEPT.pip, 'If-None-Match': json.headers['etag'] ?? '' })).status,
  ).toBe(304);
  expect(
    (await ask('/glibc/simple/foo/', { Accept: ACCEPT.pip22, 'If-None-Match': json.headers['etag'] ?? '' })).status,
  ).toBe(200);
  expect(await ask('/glibc/simple/foo/', { Accept: 'image/png' })).toMatchObject({
    status: 406,
    headers: { vary: 'Accept' },
  });
});

test('the Worker answers 404 for what is not there, private, or kho’s own, and asks R2 only for what may be', async () => {
  const { ask: askNew, bucket } = start();
  for (const target of [
    '/lab/simple/',
    '/.kho/site',
    '/python/index.html',
    '/glibc/../.kho/site',
    '/glibc/packages/',
    '/%2ekho/site',
    '/incoming/x',
  ]) {
    expect([target, (await askNew(target, { Accept: ACCEPT.pip })).status]).toEqual([target, 404]);
  }
  expect(bucket.asked).toEqual(['get python/python/index.html']);
  expect(await askNew('/glibc/simple/gone/', { Accept: ACCEPT.pip })).toMatchObject({
    status: 404,
    text: 'Nothing is published here\n',
    headers: { 'cache-control': 'no-cache' },
  });
  const lost = await askNew('/glibc/project/gone/', { Accept: ACCEPT.browser });
  expect(lost).toMatchObject({
    status: 404,
    text: '<!DOCTYPE html>lost',
    headers: { 'content-security-policy': expect.stringContaining("frame-ancestors 'none'") },
  });
  expect(await askNew('/glibc/project/gone/', { Accept: ACCEPT.browser }, 'HEAD')).toMatchObject({
    status: 404,
    text: '',
  });
});

test('the Worker lets nobody change anything', async () => {
  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
    expect(await ask('/glibc/simple/foo/', {}, method)).toMatchObject({
      status: 405,
      headers: { allow: 'GET, HEAD, OPTIONS' },
    });
  }
  expect(await ask('/glibc/simple/foo/', {}, 'OPTIONS')).toMatchObject({
    status: 204,
    headers: { 'access-control-allow-origin': '*' },
  });
});

test('the Worker says where pages for people may get things from, and leads folders to their slash', async () => {
  expect((await ask('/glibc/project/foo/')).headers['content-security-policy']).toContain("default-src 'none'");
  expect((await ask('/')).headers['content-security-policy']).toBeUndefined();
  expect(await ask('/glibc/project/foo')).toMatchObject({
    status: 301,
    headers: { location: '../../glibc/project/foo/' },
  });
});

const PLUS = '/glibc/packages/a-1%2Bcpu-py3-none-any.whl';

test.each([
  'bytes=0-0',
  'bytes=10-19',
  'bytes=900-',
  'bytes=-100',
  'bytes=-5000',
  'bytes=999-2000',
  'bytes=1000-',
  'bytes=1005-1010',
  'bytes=-0',
  'bytes=5-2',
  'bytes=0-9,20-29',
  'lines=1-2',
  'bytes=-',
  'bytes = 0 - 4',
  '',
])('the Worker answers the range %j as kho serve does', async (range) => {
  const expected = parseByteRange(range, WHEEL.length);
  const answer = await ask(PLUS, { Range: range });
  if (expected === 'unsatisfiable') {
    expect(answer).toMatchObject({ status: 416, headers: { 'content-range': `bytes */${WHEEL.length}` } });
  } else if (expected === 'whole') {
    expect([answer.status, answer.body.equals(WHEEL)]).toEqual([200, true]);
  } else {
    const { start: from, end } = expected;
    expect(answer).toMatchObject({
      status: 206,
      headers: { 'content-range': `bytes ${from}-${end - 1}/${WHEEL.length}`, 'content-length': String(end - from) },
    });
    expect(answer.body.equals(WHEEL.subarray(from, end))).toBe(true);
  }
});

const CURRENT = { etag: tagOf(WHEEL), lastModified: UPLOADED.toUTCString() };
const BEFORE = new Date(UPLOADED.getTime() - 1000).toUTCString();
const TAGS = [undefined, CURRENT.etag, `W/${CURRENT.etag}`, `"x", ${CURRENT.etag}`, '*', '"x"', 'x', ''];
const DATES = [undefined, CURRENT.lastModified, BEFORE, 'never'];

test('the Worker judges conditions as kho serve does', async () => {
  for (const noneMatch of TAGS) {
    for (const match of TAGS) {
      for (const [since, unmodified] of DATES.flatMap((one) => DATES.map((other) => [one, other] as const))) {
        const all = {
          'if-none-match': noneMatch,
          'if-match': match,
          'if-modified-since': since,
          'if-unmodified-since': unmodified,
        };
        const headers = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Record<
          string,
          string
        >;
        const status = { send: 200, unchanged: 304, failed: 412 }[judgeConditions(headers, CURRENT)];
        expect([headers, (await ask(PLUS, headers)).status]).toEqual([headers, status]);
      }
    }
  }
});

test('the Worker gives a part of what the client knows, and the whole of anything else', async () => {
  for (const condition of [CURRENT.etag, CURRENT.lastModified, BEFORE, '"x"', `W/${CURRENT.etag}`]) {
    const mayBeInPart = mayAnswerInPart({ 'if-range': condition }, CURRENT);
    const { status } = await ask(PLUS, { Range: 'bytes=0-4', 'If-Range': condition });
    expect([condition, status]).toEqual([condition, mayBeInPart ? 206 : 200]);
  }
});

test('the Worker sends the whole of a file that was replaced between its two questions', async () => {
  const other = Buffer.from('other bytes');
  let asks = 0;
  const objects = new Proxy(OBJECTS, {
    get: (all, key: string) => (asks++ === 0 ? all[key] : object(other, 'application/octet-stream')),
  });
  expect(await start(undefined, objects).ask(PLUS, { Range: 'bytes=0-4' })).toMatchObject({
    status: 200,
    text: 'other bytes',
  });
});

test('the Worker tells to HEAD what GET gets, without reading the file', async () => {
  const { ask: askNew, bucket } = start();
  for (const target of ['/', '/glibc/simple/foo/', PLUS, '/glibc/simple/gone/']) {
    const get = await askNew(target);
    bucket.asked.length = 0;
    const head = await askNew(target, {}, 'HEAD');
    expect([target, head.status, head.headers, head.text]).toEqual([target, get.status, get.headers, '']);
    expect(bucket.asked.every((question) => question.startsWith('head '))).toBe(true);
  }
});

test('the Worker keeps what never changes, and asks each time for all else', async () => {
  const { ask: askNew, bucket, cache } = start();
  for (const target of [
    '/glibc/packages/kept-1-py3-none-any.whl?x=1',
    '/glibc/packages/kept-1-py3-none-any.whl',
    PLUS,
    PLUS,
    '/glibc/simple/foo/',
    '/glibc/simple/foo/',
  ]) {
    expect((await askNew(target)).status).toBe(200);
  }
  expect(bucket.asked.filter((question) => question.includes('kept'))).toHaveLength(1);
  expect(bucket.asked).toHaveLength(5);
  expect([...cache.kept.keys()]).toEqual(['https://packages.example.org/glibc/packages/kept-1-py3-none-any.whl']);
});

test.each([
  ['gzip, deflate', undefined, true],
  ['gzip;q=0.5', undefined, true],
  ['*', undefined, true],
  ['identity', undefined, false],
  ['gzip;q=0, *;q=0', undefined, false],
  ['', undefined, false],
  ['gzip', { clientAcceptEncoding: 'identity' }, false],
  ['br', { clientAcceptEncoding: 'gzip, br' }, true],
])('the Worker sends what lies there packed, packed or not: to who says %j (%j)', async (accepts, cf, isPacked) => {
  const answer = await ask('/glibc/simple/packed/', { 'Accept-Encoding': accepts }, 'GET', cf);
  expect([answer.status, answer.headers['content-encoding'], answer.headers['vary']]).toEqual([
    200,
    isPacked ? 'gzip' : undefined,
    'Accept, Accept-Encoding',
  ]);
  expect((isPacked ? gunzipSync(answer.body) : answer.body).equals(HTML)).toBe(true);
  const packed = await ask('/glibc/simple/packed/', { 'Accept-Encoding': 'gzip' });
  expect(answer.headers['etag'] === packed.headers['etag']).toBe(isPacked);
  expect((await ask('/glibc/simple/packed/', { 'Accept-Encoding': accepts }, 'HEAD', cf)).headers).toEqual(
    answer.headers,
  );
});
