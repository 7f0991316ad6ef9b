/** An index that breaks on the way, lies, or is another one by the next request: what is brought is whole and right, or it is told. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeSdist, makeWheel } from '../../test/support/make-package.ts';
import { ScriptedServer } from '../../test/support/scripted-server.ts';
import { normalizeName } from '../standards/name.ts';
import { downloadFile } from './download-file.ts';
import { HttpClient } from './http-client.ts';
import type { UpstreamCandidate } from './read-index-page.ts';
import { upstreamSource } from './upstream-source.ts';

let server: ScriptedServer;
const client = new HttpClient({}, { firstWaitMs: 1 });
beforeAll(async () => {
  server = await ScriptedServer.start();
});
afterAll(async () => {
  await client.close();
  server.stop();
});

const FOO = normalizeName('foo');
const FILE = 'foo-1.0-py3-none-any.whl';
const SIGN_IN = '<!DOCTYPE html><title>Sign in</title><form action="/login"></form></html>';
const NOISE = randomBytes(50_000);
const WHEEL = Buffer.from(
  makeWheel({ name: 'foo', version: '1.0', metadata: ['Requires-Dist: bar'], members: { 'foo/noise.bin': NOISE } }),
);
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const flipped = (bytes: Buffer, at: number) => Buffer.from(bytes).fill((bytes[at] as number) ^ 0xff, at, at + 1);
let count = 0;
const newPath = () => `/file-${count++}/${FILE}`;
const askedFor = (path: string) => server.requests.filter((request) => request.path === path);

function candidate(path: string, more: Partial<UpstreamCandidate> = {}): UpstreamCandidate {
  return { origin: 'upstream', filename: FILE, version: '1.0', isYanked: false, url: server.url(path), ...more };
}

async function bring(file: UpstreamCandidate, into = mkdtempSync(join(tmpdir(), 'kho-break-'))) {
  const { path } = await downloadFile(file, into, client, () => {});
  return readFileSync(path);
}

test('downloadFile() asks once more for what came with a wrong byte', async () => {
  const path = newPath();
  server.answers.set(path, (_request, response, time) => void response.end(time === 1 ? flipped(WHEEL, 99) : WHEEL));
  expect((await bring(candidate(path, { sha256: sha256(WHEEL) }))).equals(WHEEL)).toBe(true);
  expect(askedFor(path)).toHaveLength(2);
});

test('downloadFile() begins anew where what an earlier run left is of other bytes', async () => {
  const path = newPath();
  server.file(path, WHEEL);
  const into = mkdtempSync(join(tmpdir(), 'kho-break-'));
  const key = sha256(Buffer.from(`${FILE} ${sha256(WHEEL)}`)).slice(0, 32);
  writeFileSync(join(into, `.kho-fetch-${key}.${2 ** 22 + 1}.part`), NOISE.subarray(0, 1000));
  expect((await bring(candidate(path, { sha256: sha256(WHEEL) }), into)).equals(WHEEL)).toBe(true);
  expect(askedFor(path).map(({ headers }) => headers.range)).toEqual(['bytes=1000-', undefined]);
});

test('downloadFile() goes on with nothing that an earlier run left of a file without a hash', async () => {
  const path = newPath();
  server.file(path, WHEEL);
  const into = mkdtempSync(join(tmpdir(), 'kho-break-'));
  const key = sha256(Buffer.from(`${FILE} `)).slice(0, 32);
  writeFileSync(join(into, `.kho-fetch-${key}.${2 ** 22 + 1}.part`), WHEEL.subarray(0, 1000));
  expect((await bring(candidate(path), into)).equals(WHEEL)).toBe(true);
  expect(askedFor(path).map(({ headers }) => headers.range)).toEqual([undefined]);
});

const NEXT = Buffer.from(makeWheel({ name: 'foo', version: '1.0', members: { 'foo/noise.bin': randomBytes(60_000) } }));

test.each<[what: string, headers: Record<string, string>, range: string | undefined, condition: string | undefined]>([
  ['a strong ETag', { ETag: '"one"' }, 'bytes=20000-', '"one"'],
  ['a date', { 'Last-Modified': 'Sat, 01 Aug 2026 00:00:00 GMT' }, 'bytes=20000-', 'Sat, 01 Aug 2026 00:00:00 GMT'],
  ['a weak ETag', { ETag: 'W/"one"' }, undefined, undefined],
  ['nothing', {}, undefined, undefined],
])(
  'downloadFile() joins no two files without hashes where %s tells them apart',
  async (_what, headers, range, condition) => {
    const path = newPath();
    server.answers.set(path, ({ headers: asked }, response, time) => {
      if (time > 1) {
        // Another file by now: a server that is asked with a condition sends all of it.
        const start = asked.range !== undefined && asked['if-range'] === undefined ? 20_000 : 0;
        const about = { 'Content-Range': `bytes ${start}-${NEXT.length - 1}/${NEXT.length}` };
        response.writeHead(start > 0 ? 206 : 200, about).end(NEXT.subarray(start));
        return;
      }
      response.writeHead(200, { 'Content-Length': WHEEL.length, ...headers });
      response.write(WHEEL.subarray(0, 20_000), () => setTimeout(() => response.destroy(), 50));
    });
    expect((await bring(candidate(path))).equals(NEXT)).toBe(true);
    expect([askedFor(path)[1]?.headers.range, askedFor(path)[1]?.headers['if-range']]).toEqual([range, condition]);
  },
);

test.each<[what: string, filename: string, body: Uint8Array | string]>([
  ['a page to sign in with', FILE, SIGN_IN],
  ['half of a wheel', FILE, WHEEL.subarray(0, WHEEL.length / 2)],
  ['a wheel with a wrong byte', FILE, flipped(WHEEL, WHEEL.indexOf(NOISE.subarray(100, 120)))],
  ['half of an sdist', 'foo-1.0.tar.gz', makeSdist({ name: 'foo', version: '1.0' }).subarray(0, -40)],
  ['nothing', FILE, ''],
])('downloadFile() keeps no %s where no index names a hash or a size', async (_what, filename, body) => {
  const path = newPath();
  server.answers.set(path, (_request, response) => void response.end(body));
  const into = mkdtempSync(join(tmpdir(), 'kho-break-'));
  await expect(bring(candidate(path, { filename }), into)).rejects.toMatchObject({ code: 'UPSTREAM' });
  expect(readdirSync(into)).toEqual([]);
});

const JSON_TYPE = 'application/vnd.pypi.simple.v1+json';
const pageWith = (path: string, more: object) =>
  Buffer.from(
    JSON.stringify({
      meta: { 'api-version': '1.1' },
      name: 'foo',
      files: [{ filename: FILE, url: path, hashes: { sha256: sha256(WHEEL) }, ...more }],
      comment: 'x'.repeat(500),
    }),
  );

/** The index at a path of its own: its first answers are spoilt. */
function indexThatBreaks(page: Buffer, ...spoilt: (Uint8Array | string)[]): URL {
  const base = `/index-${count++}/`;
  server.answers.set(`${base}foo/`, (_request, response, time) => {
    const body = spoilt[time - 1] ?? page;
    response.writeHead(200, { 'Content-Type': JSON_TYPE }).end(body);
  });
  return server.url(base);
}

test.each<[what: string, spoil: (page: Buffer) => Uint8Array | string]>([
  ['a byte that no UTF-8 has', (page) => Buffer.from(page).fill(0xff, page.length - 100, page.length - 99)],
  ['its end cut off', (page) => page.subarray(0, -5)],
  ['a page to sign in with in its place', () => SIGN_IN],
  ['nothing in its place', () => ''],
  ['null in its place', () => 'null'],
  ['an error in JSON in its place', () => '{"errors":[{"status":500,"message":"cache is being filled"}]}'],
])('upstreamSource() asks once more for a page with %s', async (_what, spoil) => {
  const page = pageWith(newPath(), {});
  const source = upstreamSource(indexThatBreaks(page, spoil(page)), client);
  expect(await source.candidates(FOO)).toHaveLength(1);
});

test('upstreamSource() reads a page after a byte order mark', async () => {
  const page = Buffer.concat([Buffer.from('\ufeff'), pageWith(newPath(), {})]);
  expect(await upstreamSource(indexThatBreaks(page), client).candidates(FOO)).toHaveLength(1);
});

test.each<[what: string, headers: Record<string, string>, body: (page: Buffer) => Uint8Array]>([
  ['packed, and cut off', { 'Content-Encoding': 'gzip' }, (page) => gzipSync(page).subarray(0, -20)],
  ['said to be packed, and is not', { 'Content-Encoding': 'gzip' }, (page) => page],
  ['packed as nobody asked for', { 'Content-Encoding': 'br' }, (page) => page],
])('upstreamSource() asks once more for a page that is %s', async (_what, headers, body) => {
  const page = pageWith(newPath(), {});
  const base = `/index-${count++}/`;
  server.answers.set(`${base}foo/`, (_request, response, time) => {
    if (time === 1) response.writeHead(200, { 'Content-Type': JSON_TYPE, ...headers }).end(body(page));
    else response.writeHead(200, { 'Content-Type': JSON_TYPE }).end(page);
  });
  expect(await upstreamSource(server.url(base), client).candidates(FOO)).toHaveLength(1);
});

test.each<[what: string, setUp: (path: string) => void]>([
  [
    'a page to sign in with in its place, at first',
    (path) => {
      server.answers.set(path, (_request, response, time) => void response.end(time < 3 ? SIGN_IN : WHEEL));
    },
  ],
  [
    'wrong bytes in its parts',
    (path) => {
      server.answers.set(path, ({ headers }, response) => {
        if (headers.range === undefined) response.end(WHEEL);
        else
          response
            .writeHead(206, { 'Content-Range': `bytes 0-${WHEEL.length - 1}/${WHEEL.length}` })
            .end(Buffer.alloc(WHEEL.length));
      });
    },
  ],
])('upstreamSource() reads the metadata of a wheel with %s', async (_what, setUp) => {
  const path = newPath();
  setUp(path);
  const source = upstreamSource(indexThatBreaks(pageWith(path, {})), client);
  const [file] = await source.candidates(FOO);
  expect((await source.metadata(file!))?.requiresDist).toEqual(['bar']);
});

test('upstreamSource() asks the wheel where its .metadata cannot be had', async () => {
  const path = newPath();
  server.file(path, WHEEL);
  server.answers.set(`${path}.metadata`, (_request, response) => void response.writeHead(403).end());
  const page = pageWith(path, { 'core-metadata': { sha256: 'a'.repeat(64) } });
  const source = upstreamSource(indexThatBreaks(page), client);
  const [file] = await source.candidates(FOO);
  expect((await source.metadata(file!))?.requiresDist).toEqual(['bar']);
});
