/**
 * Measures how the pages for people open in a real browser, on a thin link and without one; writes the tables into bench/README.md.
 *
 * `npm run bench:pages -- [--rounds N] [--only PAGE]… [--dry] [--site FOLDER]`; the site is made in FOLDER, and kept there for later runs.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser } from 'playwright-core';
import { openBrowser } from '../test/support/browser.ts';
import { PROJECT_DIR } from '../test/support/tools.ts';
import { MANY_FILES, makeBrowsedSite } from './browsing/sites.ts';
import { type BrowserVisit, visit } from './browsing/visit.ts';
import { median } from './measure.ts';
import { table } from './report.ts';
import { startKho } from './serving/servers.ts';
import { memoryFolder } from './sites.ts';
import { writeBetween } from './write-between.ts';

const MARKS = ['<!-- pages: npm run bench:pages writes what is between here -->', '<!-- and here: pages -->'] as const;

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    only: { type: 'string', multiple: true },
    site: { type: 'string' },
    dry: { type: 'boolean', default: false },
  },
});
const ROUNDS = Number(options.rounds);

const SQLALCHEMY = 'sqlalchemy-2.1.9-cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64.manylinux_2_28_x86_64.whl';

/** A query is for pages with a search. */
const PAGES: Record<string, { path: string; query?: string }> = {
  site: { path: '/' },
  'repository, 1,000 projects': { path: '/thousand/', query: 'falcon' },
  'repository, 20,000 projects': { path: '/twenty/', query: 'falcon' },
  'project, a long description (rich)': { path: '/real/project/rich/' },
  'project, 300 files': { path: `/real/project/${MANY_FILES}/` },
  'file, 500 members (sqlalchemy)': { path: `/real/project/sqlalchemy/2.1.9/${SQLALCHEMY}.html` },
};

async function main(): Promise<void> {
  process.on('SIGINT', () => process.exit(130));
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: PROJECT_DIR, stdio: ['ignore', 'ignore', 'inherit'] });
  const site = options.site ?? mkdtempSync(join(memoryFolder() ?? tmpdir(), 'kho-bench-pages-'));
  if (options.site === undefined) process.on('exit', () => rmSync(site, { recursive: true }));
  makeBrowsedSite(site);
  const server = await startKho(site, '/');
  const browser = await openBrowser();
  try {
    const before = loadavg()[0] ?? 0;
    const thin = await visitAll(browser, server.url, true);
    const wide = await visitAll(browser, server.url, false);
    const report = [
      [
        `- ${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, Chromium ${browser.version()}`,
        `- medians of ${ROUNDS} visits, each with an empty cache; load before ${before.toFixed(1)}, after ${(loadavg()[0] ?? 0).toFixed(1)} (browser and server make 1 to 2)`,
      ].join('\n'),
      '### On a thin link: 1.6 Mbit/s, 150 ms a round trip, processor four times slower',
      thinTable(thin),
      '### Without a brake',
      wideTable(wide),
    ].join('\n\n');
    console.log(report);
    if (!options.dry && !options.only) writeBetween(MARKS, report);
  } finally {
    await browser.close();
    await server.stop();
  }
}

type Visits = [page: string, visit: BrowserVisit][];

/** Medians, each figure by itself. */
async function visitAll(browser: Browser, url: string, isThin: boolean): Promise<Visits> {
  const all: Visits = [];
  for (const [name, { path, query }] of Object.entries(PAGES)) {
    if (options.only && !options.only.some((wanted) => name.startsWith(wanted))) continue;
    console.error(`${isThin ? 'thin' : 'wide'}: ${name}`);
    const visits: BrowserVisit[] = [];
    for (let round = 0; round <= ROUNDS; round++) {
      const one = await visit(browser, url + path, { isThin, ...(query !== undefined && { query }) });
      if (round > 0) visits.push(one); // the first one warms the server up
    }
    const middle = (figure: keyof BrowserVisit) => median(visits.map((one) => one[figure] ?? Number.NaN));
    all.push([
      name,
      Object.fromEntries(
        Object.keys(visits[0]!).map((figure) => [figure, middle(figure as keyof BrowserVisit)]),
      ) as never,
    ]);
  }
  return all;
}

function thinTable(visits: Visits): string {
  const rows = visits.map(([name, one]) => [
    name,
    judged(one.firstPaintMs, 2000),
    ms(one.largestPaintMs),
    judged(one.readyMs, 2000),
    Number.isNaN(one.answeredMs) ? '' : judged(one.answeredMs ?? 0, 2000),
    Number.isNaN(one.wholeMs) ? '' : ms(one.readyMs + (one.wholeMs ?? 0)),
    `${one.longTasks} (${ms(one.longestTaskMs)})`,
    one.bytes <= 60_000 ? kilobytes(one.bytes) : `**${kilobytes(one.bytes)}, missed**`,
  ]);
  return table(
    [
      '',
      'first paint, ms (≤ 2000)',
      'largest',
      'ready (≤ 2000)',
      'search answers (≤ 2000)',
      'has searched all',
      'long tasks (longest)',
      'kB (≤ 60)',
    ],
    rows,
  );
}

function wideTable(visits: Visits): string {
  const rows = visits.map(([name, one]) => {
    const searches = !Number.isNaN(one.searchMs);
    return [
      name,
      ms(one.firstPaintMs),
      judged(one.readyMs, 300),
      kilobytes(one.bytes),
      searches ? ms(one.wholeMs ?? 0) : '',
      searches ? kilobytes(one.bytesWithSearch) : '',
      megabytes(one.heapBytes),
      searches ? megabytes(one.heapBytesWithSearch) : '',
    ];
  });
  const heads = [
    'first paint, ms',
    'ready (≤ 300)',
    'kB',
    'first key to all results, ms',
    'kB then',
    'heap, MB',
    'heap then',
  ];
  return table(['', ...heads], rows);
}

const ms = (measured: number) => measured.toFixed(0);
const judged = (measured: number, most: number) => (measured <= most ? ms(measured) : `**${ms(measured)}, missed**`);
const kilobytes = (bytes: number) => (bytes / 1000).toFixed(0);
const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);

await main();
