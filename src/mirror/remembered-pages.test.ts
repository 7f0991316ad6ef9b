import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ScriptedServer } from '../../test/support/scripted-server.ts';
import { TestSite } from '../../test/support/site.ts';
import { HttpClient } from '../fetch/http-client.ts';
import { upstreamSource } from '../fetch/upstream-source.ts';
import { namesIn } from '../io/open-file.ts';
import { normalizeName } from '../standards/name.ts';
import { rememberedPages } from './remembered-pages.ts';

const FOO = normalizeName('foo');

let site: TestSite;
let server: ScriptedServer;
let client: HttpClient;
/** Statuses of answers. */
let answers: number[];
beforeEach(async () => {
  [site, server, client] = [new TestSite(), await ScriptedServer.start(), new HttpClient({}, { firstWaitMs: 1 })];
  site.put('.kho/README', '');
  answers = [];
});
afterEach(async () => {
  await client.close();
  server.stop();
  site.close();
});

/** A page with a file of each version, and the headers that tell it from another one. */
function offer(headers: Record<string, string>, ...versions: string[]): void {
  const body = versions.map((version) => `<a href="foo-${version}.tar.gz">foo-${version}.tar.gz</a>`).join('\n');
  server.answers.set('/simple/foo/', ({ headers: asked }, response) => {
    const isSame =
      (asked['if-none-match'] ?? asked['if-modified-since']) !== undefined &&
      asked['if-none-match'] === headers['ETag'] &&
      asked['if-modified-since'] === headers['Last-Modified'];
    answers.push(isSame ? 304 : 200);
    if (isSame) response.writeHead(304, headers).end();
    else response.writeHead(200, { 'Content-Type': 'text/html', ...headers }).end(`<html>${body}</html>`);
  });
}

/** As one run asks. */
async function ask(mayWrite = true): Promise<string[]> {
  const index = server.url('/simple/');
  const memory = rememberedPages(site.root, index, mayWrite);
  const files = await upstreamSource(index, client, memory).candidates(FOO);
  memory.sweep();
  return files.map(({ version }) => version);
}

const folder = () => join(site.root, '.kho/mirror-pages', namesIn(join(site.root, '.kho/mirror-pages'))[0] ?? '');
const page = () => join('.kho/mirror-pages', folder().split('/').at(-1) ?? '', 'foo');

test.each([
  ['an ETag', { ETag: '"1"' }],
  ['a date', { 'Last-Modified': 'Sun, 29 Nov 2026 08:00:00 GMT' }],
  ['both', { ETag: '"1"', 'Last-Modified': 'Sun, 29 Nov 2026 08:00:00 GMT' }],
])('rememberedPages() does not bring again what has not changed, by %s', async (_what, headers) => {
  offer(headers, '1.0');
  expect([await ask(), await ask()]).toEqual([['1.0'], ['1.0']]);
  offer({ ...headers, ETag: '"2"' }, '1.0', '1.1');
  expect([await ask(), await ask(), answers]).toEqual([
    ['1.0', '1.1'],
    ['1.0', '1.1'],
    [200, 304, 200, 304],
  ]);
});

test.each<[what: string, spoil: () => void]>([
  ['is cut off', () => site.put(page(), site.read(page()).slice(0, 40))],
  ['is gone', () => site.remove('.kho/mirror-pages')],
])('rememberedPages() asks anew where what was remembered %s', async (_what, spoil) => {
  offer({ ETag: '"1"' }, '1.0');
  await ask();
  spoil();
  offer({ ETag: '"2"' }, '1.1');
  expect([await ask(), answers]).toEqual([['1.1'], [200, 200]]);
});

test('rememberedPages() does not take other bytes for the page that came', async () => {
  offer({ ETag: '"1"' }, '1.0');
  await ask();
  const [about = ''] = site.read(page()).split('\n');
  const other = gzipSync('<html><a href="foo-9.9.tar.gz">foo-9.9.tar.gz</a></html>');
  site.put(page(), Buffer.concat([Buffer.from(`${about}\n`), other]));
  expect([await ask(), answers]).toEqual([['1.0'], [200, 200]]);
});

test('rememberedPages() changes nothing in a dry run, keeps no page without validators, and forgets what nobody asks for', async () => {
  offer({ ETag: '"1"' }, '1.0');
  await ask(false);
  expect(existsSync(join(site.root, '.kho/mirror-pages'))).toBe(false);
  offer({}, '1.0');
  await ask();
  expect(existsSync(join(site.root, '.kho/mirror-pages'))).toBe(false);
  offer({ ETag: '"1"' }, '1.0');
  await ask();
  site.put(page().replace(/foo$/, 'bar'), 'of an older order');
  await ask();
  expect(namesIn(folder())).toEqual(['foo']);
});
