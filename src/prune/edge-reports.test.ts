import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestSite } from '../../test/support/site.ts';
import { edgeReportText } from '../sync-format/edge-report.ts';
import { readEdgeReports } from './edge-reports.ts';
import { readLocks } from './read-locks.ts';

let site: TestSite;
beforeEach(() => {
  site = new TestSite();
});
afterEach(() => site.close());

const [ONE, TWO, THREE] = ['1', '2', '3'].map((digit) => digit.repeat(64)) as [string, string, string];
const report = (...has: string[]) =>
  edgeReportText({ site: 'b', repository: 'armhf', counter: 4, has }, '2026-11-29T08:00:00.000Z', 'farm-3');

test('readEdgeReports() takes all that some edge has together, and readLocks() counts it as what lock files name', async () => {
  expect([...readEdgeReports(site.root).sha256s]).toEqual([]);
  site.put('edges/farm-3.json', report(ONE, TWO));
  site.put('edges/lab.json', report(TWO));
  site.put('edges/.farm-4.json.part', 'half a file that is still coming');
  site.put('edges/README', 'of people');
  site.put('requirements.txt', `farm==1.0 --hash=sha256:${THREE}\n`);
  expect(readEdgeReports(site.root).files).toEqual(
    ['farm-3', 'lab'].map((name) => join(site.root, `edges/${name}.json`)),
  );
  const locked = await readLocks(site.root, ['requirements.txt']);
  expect([...locked.sha256s].sort()).toEqual([ONE, TWO, THREE]);
});

test.each([
  ['half of one', () => site.put('edges/farm-3.json', report(ONE).slice(0, -10))],
  ['nothing', () => site.put('edges/farm-3.json', '')],
  ['something else', () => site.put('edges/farm-3.json', '{"format":1,"has":["all"]}')],
  ['one of a later kind', () => site.put('edges/farm-3.json', report(ONE).replace('"format": 1', '"format": 2'))],
  ['more than an edge can have', () => site.put('edges/farm-3.json', report(ONE) + ' '.repeat(8 * 1024 * 1024))],
  ['a folder', () => mkdirSync(join(site.root, 'edges/farm-3.json'), { recursive: true })],
  [
    'a link out of the site',
    () => {
      site.put('edges/.keep', '');
      symlinkSync('/etc/hostname', join(site.root, 'edges/farm-3.json'));
    },
  ],
])('readEdgeReports() stops at %s, since what it names could go', async (_what, put) => {
  put();
  await expect(readLocks(site.root, [])).rejects.toMatchObject({
    code: 'READ',
    message: expect.stringContaining('edges/farm-3.json'),
  });
});
