import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { advisoryZip, osvRange, osvRecord } from '../../test/support/make-advisories.ts';
import { ScriptedServer } from '../../test/support/scripted-server.ts';
import { TestSite } from '../../test/support/site.ts';
import { openAdvisories } from '../advisories/advisory-book.ts';
import { loadSite } from '../config/load-config.ts';
import { HttpClient } from '../fetch/http-client.ts';
import { namesIn } from '../io/open-file.ts';
import { normalizeName } from '../standards/name.ts';
import { Admission, ASK_AGAIN_MS } from './admission.ts';

let site: TestSite;
let server: ScriptedServer;
let client: HttpClient;
beforeEach(async () => {
  site = new TestSite();
  server = await ScriptedServer.start();
  client = new HttpClient({});
  site.put('a/packages/README', '');
  site.put('kho.toml', `[advisories]\nfrom = "${from()}"\n`);
});
afterEach(async () => {
  await client.close();
  server.stop();
  site.close();
});

const from = () => server.url('/PyPI/all.zip').href;
const export_ = (...ids: string[]) =>
  advisoryZip(...ids.map((id) => osvRecord(id, 'evil', osvRange({ introduced: '0' }))));
const known = () =>
  openAdvisories(site.root, from())
    ?.of(normalizeName('evil'))
    ?.map(({ id }) => id);
const leftOver = () => namesIn(join(site.root, '.kho')).filter((name) => name.startsWith('.kho-'));

/** As a server that knows ETags. */
function offer(bytes: Uint8Array, etag = '"1"'): void {
  server.answers.set('/PyPI/all.zip', ({ headers }, response) => {
    if (headers['if-none-match'] === etag) response.writeHead(304).end();
    else response.writeHead(200, { ETag: etag, 'Content-Length': bytes.length }).end(bytes);
  });
}

async function open(): Promise<Admission> {
  const { config } = await loadSite(site.root);
  return Admission.open(config, { client });
}

test('Admission brings advisories from an address, and asks again by their ETag after ten minutes, not before', async () => {
  offer(export_('MAL-1'));
  const admission = await open();
  expect([known(), admission.notes]).toEqual([['MAL-1'], []]);
  await admission.refresh(Date.now() + ASK_AGAIN_MS - 10_000);
  expect(server.requests).toHaveLength(1);
  await admission.refresh(Date.now() + ASK_AGAIN_MS);
  expect(server.requests.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, '"1"']);
  const { generation } = admission;
  offer(export_('MAL-1', 'MAL-2'), '"2"');
  await admission.refresh(Date.now() + 3 * ASK_AGAIN_MS);
  expect([known(), admission.generation === generation]).toEqual([['MAL-1', 'MAL-2'], false]);
  expect(leftOver()).toEqual([]);
});

test('Admission asks a server without ETags by the date', async () => {
  const date = 'Sun, 29 Nov 2026 08:00:00 GMT';
  server.answers.set(
    '/PyPI/all.zip',
    (_request, response) => void response.writeHead(200, { 'Last-Modified': date }).end(export_('MAL-1')),
  );
  await open();
  await (await open()).refresh();
  expect(server.requests.map(({ headers }) => headers['if-modified-since'])).toEqual([undefined, date]);
});

test.each<[what: string, spoil: () => void, why: string]>([
  [
    'is a page to log in',
    () => server.page('/PyPI/all.zip', '<html>log in</html>', 'text/html'),
    'Cannot read the advisories in "',
  ],
  [
    'is of another ecosystem',
    () => server.page('/PyPI/all.zip', advisoryZip({ id: 'GHSA-1' })),
    'holds no advisory about a project of PyPI',
  ],
  [
    'is cut off',
    () => server.page('/PyPI/all.zip', export_('MAL-1', 'MAL-2').subarray(0, 250)),
    'Cannot read the advisories in "',
  ],
  ['is not there', () => server.answers.delete('/PyPI/all.zip'), 'it answers 404'],
  [
    'is an error',
    () => server.answers.set('/PyPI/all.zip', (_request, response) => void response.writeHead(503).end()),
    'answers 503',
  ],
  [
    'breaks off',
    () =>
      server.answers.set('/PyPI/all.zip', (_request, response) => {
        response.writeHead(200, { 'Content-Length': 1_000_000 });
        response.write(Buffer.alloc(1000), () => response.destroy());
      }),
    'breaks off',
  ],
])('Admission goes on with what it has when what comes %s, also in a later run', async (_what, spoil, why) => {
  offer(export_('MAL-1'));
  const admission = await open();
  spoil();
  await admission.refresh(Date.now() + ASK_AGAIN_MS);
  expect(admission.notes).toEqual([expect.stringContaining(why)]);
  expect([known(), leftOver()]).toEqual([['MAL-1'], []]);
  await admission.refresh(Date.now() + ASK_AGAIN_MS + 1000);
  expect(admission.notes, 'until it works').toHaveLength(1);
  const later = await open();
  await later.refresh();
  expect([known(), later.notes.length, later.policyFor('public', normalizeName('evil')).advisories?.length]).toEqual([
    ['MAL-1'],
    1,
    1,
  ]);
});

test('Admission brings them anew when .kho is gone', async () => {
  offer(export_('MAL-1'));
  await open();
  rmSync(join(site.root, '.kho'), { recursive: true });
  await open();
  expect([known(), server.requests.map(({ headers }) => headers['if-none-match'])]).toEqual([
    ['MAL-1'],
    [undefined, undefined],
  ]);
});

test('Admission without a client asks nobody, and knows what was brought', async () => {
  offer(export_('MAL-1'));
  await open();
  const { config } = await loadSite(site.root);
  const admission = await Admission.open(config);
  expect([admission.policyFor('public', normalizeName('evil')).advisories?.length, server.requests.length]).toEqual([
    1, 1,
  ]);
});
