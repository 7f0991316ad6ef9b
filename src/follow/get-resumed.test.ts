import { afterEach, beforeEach, expect, test } from 'vitest';
import { ScriptedServer } from '../../test/support/scripted-server.ts';
import { HttpClient } from '../fetch/http-client.ts';
import { getResumed } from './get-resumed.ts';

const BYTES = Buffer.from(Array.from({ length: 40_000 }, (_, index) => index % 251));

let server: ScriptedServer;
let client: HttpClient;
beforeEach(async () => {
  [server, client] = [await ScriptedServer.start(), new HttpClient({}, { firstWaitMs: 1 })];
});
afterEach(async () => {
  await client.close();
  server.stop();
});
const get = (limit = 100_000) => getResumed(server.url('/x'), limit, client);

test('getResumed() asks for the rest of what broke off, and for nothing twice', async () => {
  let sent = 0;
  server.answers.set('/x', ({ headers }, response) => {
    const from = Number(/\d+/.exec(headers.range ?? '')?.[0] ?? 0);
    const piece = BYTES.subarray(from, from + 9000);
    sent += piece.length;
    const range = { 'Content-Range': `bytes ${from}-${BYTES.length - 1}/${BYTES.length}` };
    response.writeHead(from > 0 ? 206 : 200, { 'Content-Length': BYTES.length - from, ...(from > 0 && range) });
    response.write(piece, () => (from + 9000 < BYTES.length ? response.destroy() : response.end()));
  });
  expect((await get())?.equals(BYTES)).toBe(true);
  expect(sent).toBe(BYTES.length);
});

test('getResumed() begins anew where a server knows no ranges', async () => {
  server.answers.set('/x', (_request, response, count) => {
    response.writeHead(200, { 'Content-Length': BYTES.length });
    if (count > 1) response.end(BYTES);
    else response.write(BYTES.subarray(0, 9000), () => response.destroy());
  });
  expect((await get())?.equals(BYTES)).toBe(true);
});

test('getResumed() has nothing of what is not there, and takes no more than it may', async () => {
  expect(await get()).toBeUndefined();
  server.page('/x', BYTES);
  await expect(get(39_999)).rejects.toThrow('it is longer than');
});
