/** What one request may lead to, and how often it is made: redirects, answers that are none, servers that are slow. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ScriptedServer } from '../../test/support/scripted-server.ts';
import { ATTEMPTS, HttpClient, Unreachable } from './http-client.ts';

let server: ScriptedServer;
const client = new HttpClient({}, { firstWaitMs: 1 });
beforeAll(async () => {
  server = await ScriptedServer.start();
});
afterAll(async () => {
  await client.close();
  server.stop();
});

/** At that path, whatever it is asked. */
function answers(path: string, status: number, headers: Record<string, string> = {}, body = ''): URL {
  server.answers.set(path, (_request, response) => void response.writeHead(status, headers).end(body));
  return server.url(path);
}

const timesAsked = (start: string) => server.requests.filter(({ path }) => path.startsWith(start)).length;

/** Nobody listens there. */
const NOWHERE = new URL('http://127.0.0.1:1/');

test.each([300, 301, 302, 307, 308, 399])('get() follows a redirect with %d', async (status) => {
  answers('/here', 200, {}, 'it');
  const reply = await client.get(answers(`/moved-${status}`, status, { Location: 'here' }));
  expect([reply.status, reply.url.href]).toEqual([200, server.url('/here').href]);
  expect(await text(reply.body)).toBe('it');
});

test.each<[what: string, status: number, headers: Record<string, string>]>([
  ['what was made, and says where', 201, { Location: '/elsewhere' }],
  ['a choice without an address', 300, {}],
  ['what did not change', 304, {}],
  ['a refusal that says where to log in', 400, { Location: '/elsewhere' }],
  ['a refusal that is the last of its kind', 499, {}],
])('get() takes for an answer: %s', async (_what, status, headers) => {
  const reply = await client.get(answers('/answer', status, headers));
  expect([reply.status, reply.url.pathname]).toEqual([status, '/answer']);
});

test.each([
  ['http://[', ' leads to no address'],
  ['ftp://elsewhere.example/', ' leads to ftp://, which is not followed'],
  ['xhttp://elsewhere.example/', ' leads to xhttp://, which is not followed'],
  ['httpx://elsewhere.example/', ' leads to httpx://, which is not followed'],
])('get() does not follow a redirect to %j', async (location, why) => {
  const url = answers('/astray', 302, { Location: location });
  const fault = await client.get(url).catch((error: unknown) => error);
  expect(fault).toBeInstanceOf(Unreachable);
  expect((fault as Error).message).toBe(`${url.href}${why}`);
});

test('get() follows five redirects, and no more', async () => {
  for (let hop = 0; hop < 6; hop++) answers(`/hop${hop}`, 302, { Location: `/hop${hop + 1}` });
  answers('/hop6', 200, {}, 'there');
  expect(await text((await client.get(server.url('/hop1'))).body)).toBe('there');
  const before = timesAsked('/hop');
  await expect(client.get(server.url('/hop0'))).rejects.toThrow('/hop0 leads on and on');
  expect(timesAsked('/hop') - before).toBe(6);
});

test.each([429, 500, 503])('get() has no use for an answer with %d, and reads nothing of it', async (status) => {
  const path = `/no-use-${status}`;
  const isClosed = new Promise((resolve) => {
    server.answers.set(path, (_request, response) => {
      response.writeHead(status, { 'Retry-After': '7' }).write('and so on'); // without an end
      response.on('close', resolve);
    });
  });
  const fault = await client.get(server.url(path)).catch((error: unknown) => error);
  expect(fault).toMatchObject({ message: `${server.url(path).href} answers ${status}`, waitMs: 7000 });
  await isClosed;
});

test('get() says which server cannot be reached, without a password', async () => {
  const secret = new URL('http://me:secret@127.0.0.1:1/');
  await expect(client.get(secret)).rejects.toThrow('http://127.0.0.1:1/ cannot be read: ');
});

test('what is not read to its end can be given up', async () => {
  const isClosed = new Promise((resolve) => {
    server.answers.set('/endless', (_request, response) => {
      response.writeHead(200).write('and so on');
      response.on('close', resolve);
    });
  });
  (await client.get(server.url('/endless'))).discard();
  await isClosed;
});

test.each<[what: string, via: string | undefined]>([
  ['tells through whom it asks', '1.1 kho-x'],
  ['tells of nobody', undefined],
])('a client %s, who it is, and that it wants bytes as they are', async (_what, via) => {
  const asking = new HttpClient({}, {}, { ...(via !== undefined && { via }) });
  await asking.get(answers('/who', 200), { Range: 'bytes=1-' });
  await asking.close();
  const { headers } = server.requests.at(-1) as { headers: IncomingHttpHeaders };
  expect(headers).toMatchObject({ 'user-agent': 'kho', 'accept-encoding': 'identity', range: 'bytes=1-' });
  expect(headers.via).toBe(via);
});

test('sizeOf() asks for the head alone, and knows the size where a server tells it', async () => {
  const methods: (string | undefined)[] = [];
  server.answers.set('/long', ({ method }, response) => {
    methods.push(method);
    response.writeHead(200, { 'Content-Length': '123456789012345' }).end();
  });
  server.answers.set('/silent', (_request, response) => void response.writeHead(200).end());
  expect(await client.sizeOf(server.url('/long'))).toBe(123_456_789_012_345);
  expect(methods).toEqual(['HEAD']);
  expect(await client.sizeOf(server.url('/silent'))).toBeUndefined();
  expect(await client.sizeOf(answers('/gone', 404, { 'Content-Length': '7' }, 'not it!'))).toBeUndefined();
  expect(await client.sizeOf(answers('/broken', 500))).toBeUndefined();
  expect(await client.sizeOf(NOWHERE)).toBeUndefined();
});

test('sizeOf() hides no bug', async () => {
  await expect(client.sizeOf('no address' as unknown as URL)).rejects.toThrow(TypeError);
});

test('post() asks once, and tells what came, whatever that is', async () => {
  const asked: { request: IncomingMessage; body: string }[] = [];
  server.answers.set('/do', async (request, response) => {
    asked.push({ request, body: await text(request) });
    response.writeHead(asked.length === 1 ? 503 : 302, { Location: '/elsewhere' }).end('not now');
  });
  const url = server.url('/do');
  client.logIn(Object.assign(new URL(url), { username: 'me', password: 'pw' }));
  expect(await client.post(url, '{"a":1}')).toEqual({ status: 503, text: 'not now' });
  expect(await client.post(url, '{}', 'Bearer x')).toEqual({ status: 302, text: 'not now' });
  expect(asked.map(({ request, body }) => [request.method, body])).toEqual([
    ['POST', '{"a":1}'],
    ['POST', '{}'],
  ]);
  expect(asked.map(({ request }) => request.headers.authorization)).toEqual([
    `Basic ${Buffer.from('me:pw').toString('base64')}`,
    'Bearer x',
  ]);
  expect(asked[0]?.request.headers).toMatchObject({
    ...{ 'user-agent': 'kho', 'content-type': 'application/json', accept: 'application/json' },
  });
  await expect(client.post(NOWHERE, '{}')).rejects.toThrow(`${NOWHERE.href} cannot be reached: `);
});

test('retried() tries so often, twice as long after each time, and then says what is the matter', async () => {
  const patient = new HttpClient({}, { firstWaitMs: 8 });
  const times: number[] = [];
  const fails = () => {
    times.push(performance.now());
    throw new Unreachable('it rains');
  };
  await expect(patient.retried(async () => fails())).rejects.toMatchObject({
    ...{ code: 'UPSTREAM', message: 'Cannot fetch: it rains', hint: expect.stringContaining('try again later') },
  });
  expect(times).toHaveLength(ATTEMPTS);
  const waits = times.slice(1).map((time, place) => time - (times[place] as number));
  for (const [place, wait] of waits.entries()) expect(wait).toBeGreaterThan(8 * 2 ** place - 2);
  await patient.close();
});

test('retried() waits as long as the server wishes', async () => {
  const patient = new HttpClient({}, { firstWaitMs: 1_000_000 });
  let tries = 0;
  const works = patient.retried(async () => {
    if (++tries < 3) throw new Unreachable('busy', 1);
    return 'done';
  });
  expect(await works).toBe('done');
  await patient.close();
});

test.each<[what: string, bytes: (time: number) => number, tries: number]>([
  ['that each bring 4,096 bytes as often as need be', () => 4096, 12],
  [
    'of which one brings 4,095, and the others nothing, as if it had brought nothing',
    (time) => (time === 1 ? 4095 : 0),
    ATTEMPTS,
  ],
])('retried() makes tries %s', async (_what, bytes, expected) => {
  let [tries, there] = [0, 0];
  const work = async () => {
    if (++tries === 12) return;
    there += bytes(tries);
    throw new Unreachable('it breaks off');
  };
  await client.retried(work, () => there).catch(() => {});
  expect(tries).toBe(expected);
});

test('retried() does not try again what will not change', async () => {
  let tries = 0;
  const fails = async () => {
    tries++;
    throw new TypeError('a bug');
  };
  await expect(client.retried(fails)).rejects.toThrow(TypeError);
  expect(tries).toBe(1);
});

test.each<[bytes: string, why: string | undefined]>([
  ['12345', undefined],
  ['1234', 'no more than 4 bytes came in 0 seconds'],
])('of a server that sends %j within the time that it has for five bytes', async (bytes, why) => {
  server.answers.set('/slow', (_request, response) => {
    response.writeHead(200);
    response.flushHeaders();
    setTimeout(() => response.end(bytes), 60);
  });
  const impatient = new HttpClient({}, { windowMs: 30, bytes: 5 });
  const reply = await impatient.get(server.url('/slow'));
  const read = text(reply.body).catch(({ message }: Error) => message);
  expect(await read).toBe(why ?? bytes);
  await impatient.close();
});

test('getOnce() tells of the head, and of each piece', async () => {
  server.page('/whole', 'all of it');
  let told = 0;
  const { reply, bytes } = await client.getOnce(server.url('/whole'), 100, {}, () => told++);
  expect([reply.status, bytes.toString(), told]).toEqual([200, 'all of it', 2]);
  await expect(client.getOnce(server.url('/whole'), 8)).rejects.toMatchObject({ code: 'UPSTREAM' });
});
