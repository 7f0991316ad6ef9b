/** What one upload costs, counted at a small site and at one that has a hundred times as much. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { countReads } from '../../test/support/count-reads.ts';
import { wheelFilename } from '../../test/support/make-package.ts';
import { TestSite } from '../../test/support/site.ts';
import { takeUploads } from '../../test/support/take-uploads.ts';
import { orderIn } from '../../test/support/upload-order.ts';
import { loadSite } from '../config/load-config.ts';
import { readKeptLines, writeKeptLines } from '../io/kept-lines.ts';

const sites: TestSite[] = [];
afterEach(() => {
  for (const site of sites.splice(0)) site.close();
});

/** A published site with so many projects, of which all but two were never really there. */
async function siteOf(projects: number): Promise<TestSite> {
  const site = new TestSite();
  sites.push(site);
  site.wheel('', { name: 'foo', version: '1.0' });
  site.wheel('', { name: 'other', version: '1.0' });
  await site.build();
  const path = join(site.root, '.kho/manifest');
  const [header = '', ...lines] = readKeptLines(path).lines;
  const other = lines.find((line) => line.startsWith('other ')) as string;
  for (let number = 0; number < projects; number++) {
    const name = `other${number}`;
    lines.push(other.replaceAll('other', name));
    writeFileSync(join(site.root, 'packages', wheelFilename({ name, version: '1.0' })), '');
  }
  lines.sort();
  writeKeptLines(path, [header.replace('"projects":2', `"projects":${lines.length}`), ...lines]);
  return site;
}

async function costOf(site: TestSite, ...versions: string[]) {
  const { config } = await loadSite(site.root);
  const orders = versions.map((version) => orderIn(site, '', { name: 'foo', version }));
  const reads = countReads(site.root);
  try {
    const { outcomes } = await takeUploads(config, orders);
    if (outcomes.some(({ is }) => is !== 'taken')) throw new Error(JSON.stringify(outcomes));
  } finally {
    reads.stop();
  }
  for (const { filename } of orders) expect(site.read('simple/foo/index.html')).toContain(filename);
  const kilobytes = [...reads.bytes.values()].reduce((sum, each) => sum + each, 0) / 1024;
  const pages = reads.opens.get('index.json') ?? 0;
  const wheels = [...reads.bytes.keys()].filter((name) => name.endsWith('.whl'));
  return { wheels, opened: reads.opened, looked: reads.looked, listed: reads.listed, pages, kilobytes };
}

test('takeUploads() looks at what concerns the file, however much else there is', async () => {
  const small = await costOf(await siteOf(50), '2.0');
  const large = await costOf(await siteOf(5000), '2.0');
  const most = ({ opened, looked, listed }: typeof small) => Math.max(opened, looked, listed);
  expect(most(large), JSON.stringify({ small, large })).toBeLessThan(most(small) + 20); // whoever looks at all finds 5,000
  expect(large.kilobytes).toBeLessThan(small.kilobytes + 1500); // the manifest has 6 MB more, of which some steps that halve it are read
});

test('takeUploads() reads the page and the record of a project once for all of its files', async () => {
  const one = await costOf(await siteOf(50), '2.0');
  const four = await costOf(await siteOf(50), '2.0', '2.1', '2.2', '2.3');
  expect(four.pages).toBe(one.pages);
  const lookedMore = (four.looked - one.looked) / 3;
  expect(lookedMore, JSON.stringify({ one, four })).toBeLessThan(20); // 21 where each asks for the record itself
});

test('takeUploads() reads no file again that was taken in a moment ago', async () => {
  const site = await siteOf(50);
  await costOf(site, '2.0');
  const soon = await costOf(site, '2.1');
  expect(soon.wheels).toEqual([]); // what came is in memory, and what came before is known
});
