import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { ScriptedServer } from '../../test/support/scripted-server.ts';
import { HttpClient } from './http-client.ts';
import { rangeSource } from './range-source.ts';

const BYTES = randomBytes(100_000);
const TAIL = 32 * 1024;

let server: ScriptedServer;
const client = new HttpClient({}, { firstWaitMs: 1 });
beforeAll(async () => {
  server = await ScriptedServer.start();
  server.file('/file', BYTES);
  server.file('/small', BYTES.subarray(0, 10));
  server.page('/whole', BYTES);
});
afterAll(async () => {
  await client.close();
  server.stop();
});
beforeEach(() => void server.requests.splice(0));

const open = (path: string) => rangeSource(server.url(path), client);
const ranges = () => server.requests.map(({ headers }) => headers.range);

/** Answers each request by a part that says so of itself. */
const answerWith = (path: string, contentRange: string, bytes: Uint8Array, from = 1) =>
  server.answers.set(path, ({ headers }, response, count) => {
    const [start, end] = [BYTES.length - TAIL, BYTES.length - 1];
    const isTail = headers.range?.startsWith('bytes=-') && count <= from;
    const range = isTail ? `bytes ${start}-${end}/${BYTES.length}` : contentRange;
    response.writeHead(206, { 'Content-Range': range }).end(isTail ? BYTES.subarray(start) : bytes);
  });

test('rangeSource() asks for the end, and for nothing that is in it again', async () => {
  const source = await open('/file');
  expect(source?.size).toBe(BYTES.length);
  expect(await source?.read(BYTES.length - TAIL, 10)).toEqual(BYTES.subarray(-TAIL, 10 - TAIL));
  expect(await source?.read(BYTES.length - 5, 100)).toEqual(BYTES.subarray(-5));
  expect(ranges()).toEqual([`bytes=-${TAIL}`]);
  expect(await source?.read(10, 20)).toEqual(BYTES.subarray(10, 30));
  expect(await source?.read(BYTES.length - TAIL - 1, TAIL + 100)).toEqual(BYTES.subarray(-TAIL - 1));
  expect(await source?.read(BYTES.length - TAIL - 1, 3)).toEqual(BYTES.subarray(-TAIL - 1, 2 - TAIL));
  const before = `bytes=${BYTES.length - TAIL - 1}-${BYTES.length - TAIL - 1}`;
  expect(ranges().slice(1)).toEqual(['bytes=10-29', before, before]);
});

test('rangeSource() has all of a file that is shorter', async () => {
  const source = await open('/small');
  expect(await source?.read(0, 100)).toEqual(BYTES.subarray(0, 10));
  expect(ranges()).toHaveLength(1);
});

test.each([
  ['sends files whole only', '/whole'],
  ['has no such file', '/missing'],
  ['says nothing of what it sends', '/odd'],
])('rangeSource() gives up a server that %s', async (_what, path) => {
  answerWith('/odd', 'bytes */7', BYTES.subarray(0, 5), 0);
  expect(await open(path)).toBeUndefined();
});

test.each<[what: string, contentRange: string, bytes: Uint8Array]>([
  ['another part', 'bytes 11-30/100000', BYTES.subarray(11, 31)],
  ['less than it says', 'bytes 10-29/100000', BYTES.subarray(10, 20)],
  ['more than it says', 'bytes 10-29/100000', BYTES.subarray(10, 40)],
])('rangeSource() believes no server that sends %s', async (what, contentRange, bytes) => {
  const path = encodeURI(`/${what}`);
  answerWith(path, contentRange, bytes);
  const source = await open(path);
  await expect(source?.read(10, 20) ?? Promise.resolve()).rejects.toMatchObject({
    ...{ code: 'UPSTREAM', message: expect.stringContaining('its server sends other parts than asked for') },
  });
});

test('rangeSource() asks for no part that no metadata has', async () => {
  server.answers.set('/huge', (_request, response) => {
    const total = 10 ** 9;
    response.writeHead(206, { 'Content-Range': `bytes ${total - 4}-${total - 1}/${total}` }).end('tail');
  });
  const source = await open('/huge');
  await expect(source?.read(0, 64 * 1024 * 1024 + 1)).rejects.toMatchObject({
    ...{ code: 'UPSTREAM', message: expect.stringContaining('it asks for too much at once') },
  });
  expect(ranges()).toHaveLength(1);
  await expect(source?.read(5, 64 * 1024 * 1024)).rejects.toThrow('other parts than asked for'); // this much it asks for
  expect(ranges()).toHaveLength(2);
});
