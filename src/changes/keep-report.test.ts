/** What a site that follows tells over HTTP of what it has: it lies where prune looks, under the name of its token, and nothing else comes there. */
import { existsSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { pipLock } from '../../test/support/made-centre.ts';
import { serveUploads } from '../../test/support/served-uploads.ts';
import { TestSite } from '../../test/support/site.ts';
import type { Right } from '../access/token.ts';
import { loadSite } from '../config/load-config.ts';
import { HttpClient } from '../fetch/http-client.ts';
import { pull } from '../follow/pull.ts';
import { centreUrl, readPullOrder } from '../follow/pull-order.ts';
import { sendReport } from '../follow/send-report.ts';
import { readLog } from '../log/read-log.ts';
import { readEdgeReports } from '../prune/edge-reports.ts';
import { TEXT_LIMITS } from '../standards/text-limits.ts';
import { type EdgeReport, edgeReportText } from '../sync-format/edge-report.ts';
import { readHead } from '../sync-format/head.ts';

const TOLD = '2026-11-29T08:00:00.000Z';
const ONE = '1'.repeat(64);

async function serve() {
  const served = await serveUploads('[repositories.glibc]\nsync = true\n');
  const { site } = readHead(served.site.read('glibc/sync/head.json'));
  const tell = async (report: Partial<EdgeReport> | string, token: string) => {
    const all = { site, repository: 'glibc', counter: 1, has: [ONE] };
    const body = typeof report === 'string' ? report : edgeReportText({ ...all, ...report }, TOLD);
    const headers = { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) };
    const response = await fetch(`${served.url}/-/report`, { method: 'POST', body, headers });
    return { status: response.status, text: await response.text() };
  };
  const edges = () => (existsSync(join(served.site.root, 'edges')) ? readdirSync(join(served.site.root, 'edges')) : []);
  return { ...served, tell, edges };
}

test('a report lies under the name of its token, whatever it calls itself, the newest in the place of the one before', async () => {
  const { tell, edges, site, tokenFor } = await serve();
  const token = await tokenFor({ rights: ['report'] }); // t1
  expect((await tell({ has: ['2'.repeat(64)] }, token)).status).toBe(200);
  const text = edgeReportText({ site: '', repository: '', counter: 0, has: [] }, TOLD, '../../glibc/packages/x');
  const { edge } = JSON.parse(text) as { edge: string };
  expect(await tell({ edge } as Partial<EdgeReport>, token)).toMatchObject({
    status: 200,
    text: expect.stringContaining('edges/t1@glibc.json'),
  });
  expect(edges()).toEqual(['t1@glibc.json']);
  expect(JSON.parse(site.read('edges/t1@glibc.json'))).toMatchObject({ edge: 't1', repository: 'glibc', has: [ONE] });
  expect([...readEdgeReports(site.root).sha256s]).toEqual([ONE]);
});

test.each<[what: string, report: Partial<EdgeReport> | string, rights: Right[], status: number, words: string]>([
  ['without the right', {}, ['read', 'upload', 'new', 'yank', 'remove', 'replace'], 403, 'may not report'],
  ['of another site', { site: '0b1c2d3e-4f50-4a61-8b72-9c83ad94be05' }, ['report'], 409, 'another site'],
  ['of a repository that nobody follows', { repository: 'musl' }, ['report'], 409, 'nobody can follow'],
  ['of a path', { repository: '../glibc' }, ['report'], 409, 'nobody can follow'],
  ['of what is no hash', { has: ['../../x'] }, ['report'], 400, 'not what kho pull'],
  ['that is no report', '{"format":1}', ['report'], 400, 'not what kho pull'],
  ['without an end', ' '.repeat(8 * 1024 * 1024 + 1), ['report'], 413, 'longer than'],
])('a report %s is refused, and nothing is kept', async (_what, report, rights, status, words) => {
  const { tell, edges, tokenFor } = await serve();
  expect(await tell(report, await tokenFor({ rights }))).toEqual({ status, text: expect.stringContaining(words) });
  expect(edges()).toEqual([]);
});

test('a report that would be too long as it is kept is refused: prune could not read it', async () => {
  const { tell, edges, site: one, tokenFor } = await serve();
  const { site } = readHead(one.read('glibc/sync/head.json'));
  const has = Array.from({ length: 125_000 }, (_, place) => place.toString(16).padStart(64, '0'));
  const packed = JSON.stringify({ format: 1, site, repository: 'glibc', counter: 1, has });
  expect(packed.length).toBeLessThan(TEXT_LIMITS.edgeReportBytes);
  const told = await tell(packed, await tokenFor({ rights: ['report'] }));
  expect(told).toEqual({ status: 413, text: expect.stringContaining('longer than') });
  expect(edges()).toEqual([]);
});

test('who may not report stands in the log, whether that was seen before its body or after', async () => {
  const { tell, site, tokenFor } = await serve();
  await tell({}, await tokenFor({ rights: ['read'] })); // t1
  await tell({}, await tokenFor({ rights: ['report'], repositories: ['musl'] })); // t2
  const events = [...readLog(site.root)].flatMap((part) => part.events).filter(({ event }) => event === 'refused');
  expect(events).toMatchObject([
    { who: 't1', address: '127.0.0.1', reason: expect.stringMatching(/^report: .*may not report/) },
    { who: 't2', address: '127.0.0.1', reason: expect.stringMatching(/^report: .*not for the repository/) },
  ]);
});

test('a report needs a token, and one that is for the repository', async () => {
  const { tell, edges, tokenFor } = await serve();
  expect((await tell({}, '')).status).toBe(401);
  const other = await tell({}, await tokenFor({ rights: ['report'], repositories: ['musl'] }));
  expect(other).toEqual({ status: 403, text: expect.stringContaining('not for the repository') });
  expect(edges()).toEqual([]);
});

test('a report is written through no link', async () => {
  const { tell, site, tokenFor } = await serve();
  const elsewhere = new TestSite();
  onTestFinished(() => elsewhere.close());
  symlinkSync(elsewhere.root, join(site.root, 'edges'));
  expect((await tell({}, await tokenFor({ rights: ['report'] }))).status).toBeGreaterThanOrEqual(400);
  expect(readdirSync(elsewhere.root)).toEqual([]);
});

test('sendReport() tells the centre what is here, once for each state, with the token in its address', async () => {
  const { url, site, tokenFor, edges } = await serve();
  const token = await tokenFor({ rights: ['report'] });
  const edge = new TestSite();
  onTestFinished(() => edge.close());
  const [{ sha256 } = { sha256: '' }] = site
    .json('glibc/simple/always/index.json')
    .files.map((file: { hashes: { sha256: string } }) => file.hashes);
  edge.put('lock.txt', pipLock([{ project: 'always', version: '1.0', sha256 } as never]));
  const address = url.replace('//', `//__token__:${token}@`);
  edge.put(
    'kho.toml',
    `pages = false\n[repositories.glibc]\nplatforms = ["glibc-x86_64"]\n[follow]\nurl = "${address}"\nneeds = ["lock.txt"]\npythons = ["3.11"]\n`,
  );
  edge.put('glibc/packages/.keep', '');
  const { config } = await loadSite(edge.root);
  const order = { url: centreUrl(config, {}), ...readPullOrder(config, {}) };
  const client = new HttpClient({}, { firstWaitMs: 1 });
  onTestFinished(() => client.close());
  const doer = { now: Date.parse(TOLD), who: 'user:hà' };
  const run = { config, order, client, doer, crossed: () => 0, dryRun: false, allowOlder: false, newCentre: false };
  const { head } = await pull({ ...run, isLocked: () => false, onProgress: () => {} });
  expect(await sendReport(config, order, head, { client, doer })).toBeUndefined();
  expect([...readEdgeReports(site.root).sha256s]).toContain(sha256);
  site.remove('edges');
  expect(await sendReport(config, order, head, { client, doer })).toBeUndefined();
  expect(edges()).toEqual([]); // nothing is new: nothing crossed
  const stranger = new HttpClient({}, { firstWaitMs: 1 });
  onTestFinished(() => stranger.close());
  edge.remove('.kho-keep/followed');
  await pull({ ...run, isLocked: () => false, onProgress: () => {} });
  const wrong = { ...order, url: new URL(address.replace(token, 'kho_x')) };
  expect(await sendReport(config, wrong, head, { client: stranger, doer })).toContain('it answers 401');
});
