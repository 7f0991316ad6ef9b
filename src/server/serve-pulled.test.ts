import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestSite } from '../../test/support/site.ts';
import { loadSite } from '../config/load-config.ts';
import type { PulledPage, PullRequest } from '../upstream/pages/pull-pages.ts';
import { type RunningServer, startServer } from './start-server.ts';

let site: TestSite;
let server: RunningServer;
let found: PulledPage = { is: 'own' };
const asked: PullRequest[] = [];
const JSON_TYPE = 'application/vnd.pypi.simple.v1+json';

beforeAll(async () => {
  site = new TestSite();
  for (const name of ['red', 'blue']) site.wheel(name, { name: 'farm', version: '1.0' });
  await site.build();
  site.put('.kho/upstream-pages/red/foo/index.json', '{"name":"foo","files":[]}');
  site.put('.kho/upstream-pages/red/foo/index.html', '<!DOCTYPE html><title>foo</title>');
  const { config } = await loadSite(site.root);
  const pull = {
    covers: (repository: string) => repository === 'red',
    page: async (request: PullRequest) => {
      asked.push(request);
      return found;
    },
  };
  server = await startServer({ config: () => config, listen: { host: '127.0.0.1', port: 0 }, pull });
});
afterAll(async () => {
  await server.close();
  site.close();
});

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(server.url.replace(/\/$/, '') + path, { headers: { accept: JSON_TYPE, ...headers } });
const merged = (form: string): PulledPage => ({
  ...{ is: 'page', folder: `${site.root}/.kho/upstream-pages` },
  path: `${site.root}/.kho/upstream-pages/red/foo/index.${form}`,
  packedPath: `${site.root}/.kho/upstream-pages/red/foo/index.${form}.gz`,
});

test('a page with what an upstream has is sent as all pages are, in the form that the client likes', async () => {
  found = merged('json');
  const json = await get('/red/simple/foo/');
  expect(await json.json()).toEqual({ name: 'foo', files: [] });
  expect([json.headers.get('content-type'), json.headers.get('age')]).toEqual([JSON_TYPE, null]);
  const again = await get('/red/simple/foo/', { 'if-none-match': json.headers.get('etag') ?? '' });
  expect(again.status).toBe(304);
  found = merged('html');
  const html = await get('/red/simple/foo/', { accept: 'text/html' });
  expect(await html.text()).toContain('<title>foo</title>');
  await get('/red/simple/foo/index.json');
  await get('/red/simple/foo/index.html');
  expect(asked.splice(0).map(({ form }) => form)).toEqual(['json', 'json', 'html', 'json', 'html']);
});

test('a page that is packed is sent so to clients that take gzip, and unpacked to all others', async () => {
  const packed = { json: gzipSync('{"packed":"json"}'), html: gzipSync('<!DOCTYPE html><title>packed</title>') };
  for (const form of ['json', 'html'] as const) site.put(`.kho/upstream-pages/red/foo/index.${form}.gz`, packed[form]);
  found = merged('json');
  const body = async (encoding: string, more: Record<string, string> = {}) => {
    const answer = await get('/red/simple/foo/', { 'accept-encoding': encoding, ...more });
    return [answer.headers.get('content-encoding'), await answer.text(), answer];
  };
  for (const takes of ['gzip', 'gzip, br', 'br;q=0.5, gzip', 'gzip, deflate, br, zstd']) {
    const [encoding, text, answer] = await body(takes);
    expect([takes, encoding, text]).toEqual([takes, 'gzip', '{"packed":"json"}']);
    const { headers } = answer as Response;
    expect([headers.get('content-length'), headers.get('vary')]).toEqual([
      String(packed.json.length),
      'Accept, Accept-Encoding',
    ]);
    const again = await get('/red/simple/foo/', {
      'accept-encoding': takes,
      'if-none-match': headers.get('etag') ?? '',
    });
    expect(again.status).toBe(304);
  }
  for (const takes of ['identity', 'gzip;q=0', 'br'])
    expect((await body(takes)).slice(0, 2)).toEqual([null, '{"name":"foo","files":[]}']); // too short to be packed anew
  found = merged('html');
  const [, text, answer] = await body('gzip', { accept: 'text/html' });
  expect([text, (answer as Response).headers.get('content-security-policy')]).toEqual([
    '<!DOCTYPE html><title>packed</title>',
    expect.stringContaining("default-src 'none'"),
  ]);
  for (const form of ['json', 'html'] as const) site.remove(`.kho/upstream-pages/red/foo/index.${form}.gz`);
});

test('an old page says how old it is', async () => {
  found = { ...merged('json'), ageSeconds: 77 } as PulledPage;
  expect((await get('/red/simple/foo/')).headers.get('age')).toBe('77');
});

test('a client may want a page asked for anew, and is known by its address', async () => {
  found = { is: 'own' };
  asked.length = 0;
  await get('/red/simple/foo/', { 'cache-control': 'no-cache', via: '1.1 someone' });
  await get('/red/simple/foo/', { 'cache-control': 'max-age=0' });
  expect(asked).toEqual([
    { repository: 'red', project: 'foo', form: 'json', isRefresh: true, client: '127.0.0.1', via: '1.1 someone' },
    { repository: 'red', project: 'foo', form: 'json', isRefresh: false, client: '127.0.0.1', via: undefined },
  ]);
});

test('what the repository has by itself is sent where nothing else is there', async () => {
  found = { is: 'own' };
  expect((await get('/red/simple/farm/')).status).toBe(200);
  expect((await get('/red/simple/foo/')).status).toBe(404);
});

test('nothing is asked for lists of projects, for pages for people, and for other repositories', async () => {
  asked.length = 0;
  for (const path of ['/red/simple/', '/red/project/farm/', '/red/pypi/farm/json', '/blue/simple/farm/'])
    await get(path);
  expect(asked).toEqual([]);
});

test.each<[is: 'unavailable' | 'busy' | 'loop', status: number, retryAfter: string | null]>([
  ['unavailable', 503, '10'],
  ['busy', 429, '10'],
  ['loop', 508, null],
])('a page that is %s is answered with %i', async (is, status, retryAfter) => {
  found = { is };
  const answer = await get('/red/simple/foo/');
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([status, retryAfter]);
});

test('a page that went away between being found and being sent is no 404', async () => {
  const path = `${site.root}/.kho/upstream-pages/red/foo/gone.json`;
  found = { ...merged('json'), path, packedPath: `${path}.gz` } as PulledPage;
  expect((await get('/red/simple/foo/')).status).toBe(503);
});
