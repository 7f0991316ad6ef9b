/** What `downloadFile` makes of what an earlier run left, and of a server that says there is no more (416). */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { makeZip } from '../../test/support/make-zip.ts';
import { ScriptedServer } from '../../test/support/scripted-server.ts';
import { TestSite } from '../../test/support/site.ts';
import { letWrite } from '../../test/support/stop-writes.ts';
import { removeFile, writeHook } from '../io/disk.ts';
import { downloadFile } from './download-file.ts';
import { HttpClient } from './http-client.ts';
import type { UpstreamCandidate } from './read-index-page.ts';

let server: ScriptedServer;
const client = new HttpClient({}, { firstWaitMs: 1 });
beforeAll(async () => {
  server = await ScriptedServer.start();
});
afterAll(async () => {
  await client.close();
  server.stop();
});
let site: TestSite;
beforeEach(() => {
  site = new TestSite();
});
afterEach(() => {
  letWrite();
  site.close();
});

const BYTES = randomBytes(100_000);
const hexOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const sha256 = hexOf(BYTES);
const KEY = createHash('sha256').update(`a-1.0.tar.gz ${sha256}`).digest('hex').slice(0, 32);
const DEAD = 2 ** 22 + 1; // above any process id of Linux

const candidate = (path: string, size?: number): UpstreamCandidate => ({
  ...{ origin: 'upstream', filename: 'a-1.0.tar.gz', version: '1.0', isYanked: false },
  ...{ url: server.url(path), sha256, ...(size !== undefined && { size }) },
});
const leave = (bytes: Uint8Array) => writeFileSync(join(site.root, `.kho-fetch-${KEY}.${DEAD}.part`), bytes);
const rangesOf = (path: string) =>
  server.requests.filter((request) => request.path === path).map(({ headers }) => headers.range);

/** Answers 416 to whoever asks for a rest, and all of it to others. */
function hasNoMore(path: string): void {
  server.answers.set(path, ({ headers }, response) => {
    if (headers.range === undefined) response.writeHead(200).end(BYTES);
    else response.writeHead(416, { 'Content-Range': `bytes */${BYTES.length}` }).end();
  });
}

async function expectWhole(path: string, size?: number) {
  const source = await downloadFile(candidate(path, size), site.root, client, () => {});
  expect(source.sha256).toBe(sha256);
  expect(readFileSync(source.path).equals(BYTES)).toBe(true);
}

test('downloadFile() keeps what is whole already when the server says that there is no more', async () => {
  hasNoMore('/whole');
  leave(BYTES);
  await expectWhole('/whole');
  expect(rangesOf('/whole')).toEqual([`bytes=${BYTES.length}-`]);
});

test.each([
  ['of another file, as long as it', '/other', randomBytes(BYTES.length)],
  ['that is longer', '/longer', Buffer.concat([BYTES, BYTES])],
])('downloadFile() begins anew when the server has no more of what was left %s', async (_what, path, left) => {
  hasNoMore(path);
  leave(left);
  await expectWhole(path);
  expect(rangesOf(path)).toEqual([`bytes=${left.length}-`, undefined]);
});

test.each<[what: string, path: string, headers: (from: number) => Record<string, string>]>([
  [
    'another part than asked for',
    '/other-part',
    (from) => ({ 'Content-Range': `bytes ${from - 50}-${BYTES.length - 1}/${BYTES.length}` }),
  ],
  ['a part of which it does not say where it begins', '/odd-part', () => ({})],
])('downloadFile() appends nothing to what was left where the server sends %s', async (_what, path, headers) => {
  server.answers.set(path, (request, response) => {
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    if (from === 0) response.writeHead(200).end(BYTES);
    else response.writeHead(206, headers(from)).end(BYTES.subarray(from - 50));
  });
  leave(BYTES.subarray(0, 60_000));
  await expectWhole(path, BYTES.length);
  expect(rangesOf(path)[0]).toBe('bytes=60000-');
});

test('downloadFile() asks for all of a file of which the end is known where a part that was asked for before comes again', async () => {
  const from = 90_000;
  server.answers.set('/mixed-up', ({ headers }, response) => {
    if (headers.range === undefined) response.writeHead(200).end(BYTES);
    else response.writeHead(206, { 'Content-Range': `bytes ${from}-99999/100000` }).end(BYTES.subarray(from));
  });
  const tail = { from, bytes: BYTES.subarray(from) };
  const file = candidate('/mixed-up', BYTES.length);
  const { path } = await downloadFile(file, site.root, client, () => {}, { tail });
  expect(readFileSync(path).equals(BYTES)).toBe(true);
  expect(rangesOf('/mixed-up')).toEqual([`bytes=0-${from - 1}`, undefined]);
});

test('downloadFile() asks for all of it where what was known of its end is wrong', async () => {
  server.file('/other-end', BYTES);
  const tail = { from: 90_000, bytes: randomBytes(10_000) };
  const { path } = await downloadFile(candidate('/other-end', BYTES.length), site.root, client, () => {}, { tail });
  expect(readFileSync(path).equals(BYTES)).toBe(true);
  expect(rangesOf('/other-end')).toEqual(['bytes=0-89999', undefined]);
});

test('downloadFile() says of wrong bytes that nothing of them was kept', async () => {
  server.page('/wrong-bytes', 'no package');
  await expect(downloadFile(candidate('/wrong-bytes'), site.root, client, () => {})).rejects.toMatchObject({
    is: 'wrong content',
    message: `Cannot fetch ${server.url('/wrong-bytes')}: its sha256 is not the one that the index names`,
    hint: 'nothing of it was kept; tell those who run that index',
  });
});

test('downloadFile() asks for nothing where all is there', async () => {
  leave(BYTES);
  await expectWhole('/never', BYTES.length);
  expect(rangesOf('/never')).toEqual([]);
});

test.each([
  ['as long', '/wrong', randomBytes(BYTES.length)],
  ['longer', '/too-long', Buffer.concat([BYTES, BYTES])],
])(
  'downloadFile() throws away what was left and is %s than the index says, and is not it',
  async (_what, path, left) => {
    server.file(path, BYTES);
    leave(left);
    await expectWhole(path, BYTES.length);
    expect(rangesOf(path)).toEqual([undefined]);
  },
);

test('downloadFile() brings what came to the disk', async () => {
  server.file('/flushed', BYTES);
  const kinds: string[] = [];
  writeHook.before = (kind) => kinds.push(kind);
  await expectWhole('/flushed', BYTES.length);
  expect(kinds.at(-1)).toBe('flush');
});

test('downloadFile() leaves nothing of what was refused', async () => {
  server.answers.set('/refused', (_request, response) => response.writeHead(403).end());
  await expect(downloadFile(candidate('/refused'), site.root, client, () => {})).rejects.toThrow('it answers 403');
  expect(existsSync(join(site.root, `.kho-fetch-${KEY}.${process.pid}.part`))).toBe(false);
});

test('downloadFile() goes on with an answer that ended early, as if it were whole', async () => {
  server.answers.set('/short', ({ headers }, response, count) => {
    if (count === 1)
      return void response.writeHead(200, { 'Transfer-Encoding': 'chunked' }).end(BYTES.subarray(0, 60_000));
    expect(headers.range).toBe('bytes=60000-');
    const range = `bytes 60000-${BYTES.length - 1}/${BYTES.length}`;
    response.writeHead(206, { 'Content-Range': range }).end(BYTES.subarray(60_000));
  });
  await expectWhole('/short', BYTES.length);
});

test('downloadFile() brings of a wheel what older ones here do not have, and all of it where what they have is wrong', async () => {
  const members = Array.from({ length: 8 }, (_, index) => ({ path: `a/${index}`, bytes: randomBytes(50_000) }));
  const changed = { path: 'a/1', bytes: randomBytes(50_000) };
  const bytes = makeZip([changed, ...members]);
  const lying = members.map((member) => ({
    ...member,
    says: { crc32: crc32(member.bytes) },
    bytes: randomBytes(50_000),
  }));
  server.file('/wheel', bytes);
  const wheel = (path: string) => ({
    ...candidate(path, bytes.length),
    filename: 'a-2.0-py3-none-any.whl',
    sha256: hexOf(bytes),
  });
  for (const [older, isAssembled] of [
    [makeZip(members), true],
    [makeZip(lying), false],
  ] as const) {
    writeFileSync(join(site.root, 'old.whl'), older);
    const arrived: number[] = [];
    const crossed: number[] = [];
    const options = { older: () => [join(site.root, 'old.whl')], onAssembled: (count: number) => crossed.push(count) };
    const source = await downloadFile(wheel('/wheel'), site.root, client, (count) => arrived.push(count), options);
    expect(readFileSync(source.path).equals(bytes)).toBe(true);
    expect(arrived.reduce((sum, count) => sum + count, 0)).toBe(bytes.length);
    expect(crossed.length).toBe(isAssembled ? 1 : 0);
    if (isAssembled) expect(crossed[0]).toBeLessThan(53_000);
    removeFile(source.path);
  }
  expect(rangesOf('/wheel').filter((range) => range === undefined)).toHaveLength(1);
});

test('downloadFile() goes on as before where the line breaks for good within a wheel that is put together', async () => {
  const members = Array.from({ length: 8 }, (_, index) => ({ path: `a/${index}`, bytes: randomBytes(50_000) }));
  const bytes = makeZip([{ path: 'a/new', bytes: randomBytes(50_000) }, ...members]);
  server.file('/lame', bytes);
  const whole = server.answers.get('/lame')!;
  server.answers.set('/lame', (request, response, count) => {
    const isHole = /-\d+$/.test(request.headers.range ?? '') && count > 1;
    if (isHole) response.writeHead(503).end();
    else whole(request, response, count);
  });
  writeFileSync(join(site.root, 'old.whl'), makeZip(members));
  const wheel = { ...candidate('/lame', bytes.length), filename: 'a-2.0-py3-none-any.whl', sha256: hexOf(bytes) };
  const source = await downloadFile(wheel, site.root, client, () => {}, { older: () => [join(site.root, 'old.whl')] });
  expect(source.sha256).toBe(hexOf(bytes));
});
