/** The question of a web server that sends a site's files itself: who may ask it, and what it is answered. */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addToken } from '../src/access/edit-tokens.ts';
import { loadSite } from '../src/config/load-config.ts';
import { type RunningServer, startServer } from '../src/server/start-server.ts';
import { TestSite } from './support/site.ts';
import { uploadForm } from './support/upload-form.ts';

let site: TestSite;
let bySocket: RunningServer;
let byPort: RunningServer;
let reader: string;
let uploader: string;
let log = '';

beforeAll(async () => {
  site = new TestSite();
  site.put('kho.toml', '[repositories.lab]\nprivate = true\n');
  site.wheel('lab', { name: 'tool', version: '1.0' });
  site.wheel('open', { name: 'farm', version: '1.0' });
  const { config } = await loadSite(site.root);
  const token = async (name: string, right: 'read' | 'upload') =>
    (await addToken(config, { name, rights: [right], repositories: ['lab'], projects: [] }, { now: Date.now() }))
      .secret;
  [reader, uploader] = [await token('reader', 'read'), await token('uploader', 'upload')];
  const write = (lines: string) => {
    log += lines;
  };
  const accessLog = { format: 'text' as const, write };
  const socketPath = join(site.root, 'kho.sock');
  bySocket = await startServer({ config: () => config, listen: { socketPath }, accessLog });
  byPort = await startServer({ config: () => config, listen: { host: '127.0.0.1', port: 0 } });
});

afterAll(async () => {
  await Promise.all([bySocket.close(), byPort.close()]);
  site.close();
});

/** @param headers names and values in turn, as they are sent */
async function ask(headers: readonly string[], target = '/.kho/may-read', method = 'GET'): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const options = { socketPath: bySocket.url, path: target, method, agent: false };
    const outgoing = httpRequest({ ...options, headers: ['Host', 'localhost', ...headers] as never });
    outgoing.on('response', (answer) => resolve(answer.resume())).on('error', reject);
    outgoing.end();
  });
}

const about = (path: string, token?: string) => [
  'X-Kho-Path',
  path,
  ...Object.entries(token === undefined ? {} : uploadForm.authorization(token)).flat(),
];

test.each([
  ['a public file', () => about('/open/simple/'), 204, undefined],
  ['the front page', () => about('/'), 204, undefined],
  ['a private file, without a token', () => about('/lab/simple/'), 401, undefined],
  ['a private file, with one that may read', () => about('/lab/simple/', reader), 204, 'yes'],
  ['a private file, with one that may only upload', () => about('/lab/simple/', uploader), 401, undefined],
  ['a private file in other capitals', () => about('/Lab/simple/'), 401, undefined],
  ['a path that climbs', () => about('/open/../lab/simple/', reader), 403, undefined],
  ['two paths', () => [...about('/open/'), ...about('/lab/')], 403, undefined],
  ['no path', () => [], 403, undefined],
] as const)('kho tells a web server of %s', async (_what, headers, status, isPrivate) => {
  const answer = await ask(headers());
  expect([answer.statusCode, answer.headers['x-kho-private']]).toEqual([status, isPrivate]);
  expect(answer.headers['www-authenticate']?.startsWith('Basic realm="kho"')).toBe(status === 401 || undefined);
});

test.each([
  ['a client whose request was passed on', () => ask([...about('/open/'), 'X-Forwarded-For', '192.0.2.7'])],
  ['a question in other words', () => ask(about('/open/'), '/.kho/may-read?')],
  ['an address that means the same', () => ask(about('/open/'), '//.kho/may-read')],
])('kho tells nothing to %s', async (_what, question) => {
  expect((await question()).statusCode).toBe(404);
});

test('kho tells nothing of it to who comes by a port, unless that is a trusted proxy', async () => {
  const answer = await fetch(`${byPort.url}/.kho/may-read`, { headers: { 'X-Kho-Path': '/open/' } });
  expect(answer.status).toBe(404);
});

test('the question is not in the log: whoever asks has a log of its own', async () => {
  await ask(about('/open/'));
  await ask([], '/open/simple/');
  await bySocket.close();
  expect(log).toContain('/open/simple/');
  expect(log.match(/"GET \/\.kho\/may-read HTTP/g)).toHaveLength(1); // of the client that was passed on
});
