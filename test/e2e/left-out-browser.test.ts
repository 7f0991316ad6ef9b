/** What people see of files that another index has and a site does not let in: on the page of a project, and in `kho why`. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bringAxe, findBarriers } from '../support/axe.ts';
import { findOverflow, findSqueezed, openBrowser, watchedPage } from '../support/browser.ts';
import { advisoryZip, osvRecord } from '../support/make-advisories.ts';
import { runProgram } from '../support/run-program.ts';
import { ServedKho } from '../support/served-kho.ts';
import { TestSite } from '../support/site.ts';
import { KHO } from '../support/tools.ts';
import { UpstreamIndex } from '../support/upstream-index.ts';

const DAY_MS = 86_400_000;
const JSON_PAGE = 'application/vnd.pypi.simple.v1+json';
const PAGE = 'glibc/project/numbers/';

let upstream: UpstreamIndex;
let site: TestSite;
let kho: ServedKho;
let browser: Browser;

/** As an index lists it. @param days since it was published */
function listed(version: string, days: number, tag = 'py3-none-any') {
  const filename = `numbers-${version}-${tag}.whl`;
  const time = new Date(Math.floor((Date.now() - days * DAY_MS) / 60_000) * 60_000).toISOString();
  return { filename, url: `/files/${filename}`, hashes: { sha256: 'a'.repeat(64) }, size: 7, 'upload-time': time };
}

beforeAll(async () => {
  upstream = await UpstreamIndex.start();
  const tags = ['310', '311', '312', '313', '314'].flatMap((python) =>
    ['manylinux_2_17_x86_64.manylinux2014_x86_64', 'musllinux_1_2_aarch64', 'win_amd64', 'macosx_11_0_arm64'].map(
      (platform) => `cp${python}-cp${python}-${platform}`,
    ),
  );
  const files = [
    listed('1.0', 90),
    ...Array.from({ length: 40 }, (_, number) => listed(`0.${number}`, 900)),
    listed('2.0', 60),
    listed('2.1', 30),
    ...tags.map((tag) => listed('2.2', 2, tag)),
    listed('2.1', 1, 'cp313-cp313-manylinux_2_17_x86_64'),
  ];
  const body = { meta: { 'api-version': '1.1' }, name: 'numbers', versions: [], files };
  upstream.server.page('/simple/numbers/', JSON.stringify(body), JSON_PAGE);
  site = new TestSite();
  site.put(
    'kho.toml',
    `shared = ["numbers"]\n[advisories]\nfrom = "osv.zip"\n[upstreams.public]\nurl = "${upstream.url}"\ncooldown = "7d"\ndeny = ["numbers<1"]\n[repositories.glibc]\nupstreams = ["public"]\nplatforms = ["glibc-x86_64"]\n`,
  );
  site.put('osv.zip', advisoryZip(osvRecord('MAL-2026-1', 'numbers', { versions: ['2.0'] })));
  site.wheel('glibc', { name: 'numbers', version: '1.0', metadata: ['Summary: Numbers of the team'] });
  kho = await ServedKho.start(site.root);
  browser = await openBrowser();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await kho?.end('SIGKILL');
  upstream.stop();
  site.close();
});

const pageNow = async () => (await fetch(`${kho.url}/${PAGE}`)).text();

test('until a machine asks, a page says that nothing is known, and nobody is asked for it', async () => {
  expect(await pageNow()).toContain('kho refresh numbers');
  expect(upstream.log).toEqual([]);
});

test('once a machine has asked, a page tells what does not come in, without asking for more', async () => {
  const answer = await fetch(`${kho.url}/glibc/simple/numbers/`, { headers: { Accept: JSON_PAGE } });
  expect(((await answer.json()) as { files: unknown[] }).files).toHaveLength(2);
  const asked = upstream.log.length;
  kho.reload();
  await expect.poll(pageNow, { timeout: 60_000 }).toContain('id="left-out"');
  expect(upstream.log.length).toBe(asked);
}, 90_000);

test.each([
  ['a telephone', 360, true],
  ['a telephone without script', 390, false],
  ['a desktop', 1280, true],
])(
  'it is told on %s, and fits',
  async (_what, width, javaScriptEnabled) => {
    const { page, misdeeds } = await watchedPage(browser, kho.url, {
      ...{ viewport: { width, height: 900 }, javaScriptEnabled },
    });
    if (javaScriptEnabled) await bringAxe(page);
    await page.goto(`${kho.url}/${PAGE}`);
    if (javaScriptEnabled) expect(await findBarriers(page)).toEqual([]); // before anything is scrolled below the page's head
    const groups = page.locator('#elsewhere details.left-out');
    const heads = (await groups.locator('summary').allInnerTexts()).map((text) => text.replace(/\s+/g, ' '));
    expect(heads).toEqual([
      'Known malware 2.0 1 file',
      'Too young 2.2, 2.1 21 files',
      'Denied 0.39, 0.38, 0.37, … 40 files',
      'Other bytes under the same name 1.0 1 file',
    ]);
    const denied = groups.nth(2).locator('li');
    expect(await denied.first().isVisible()).toBe(false);
    await groups.nth(2).locator('summary').click();
    expect(await denied.first().isVisible()).toBe(true);
    expect(await groups.nth(1).innerText()).toMatch(/2\.2\s+listed from \d{4}-\d\d-\d\d \d\d:\d\d UTC on/);
    if (javaScriptEnabled) {
      expect([...(await findOverflow(page)), ...(await findSqueezed(page))]).toEqual([]);
    }
    expect(misdeeds.list).toEqual([]);
    await page.context().close();
  },
  60_000,
);

test('who reads Vietnamese is told in Vietnamese', async () => {
  const { page } = await watchedPage(browser, kho.url, { locale: 'vi' });
  await page.goto(`${kho.url}/${PAGE}`);
  await expect.poll(() => page.locator('#left-out').innerText()).toBe('Không được vào từ public');
  await expect.poll(() => page.locator('#elsewhere').innerText()).toContain('được liệt kê từ 20');
  await page.context().close();
}, 60_000);

test('kho why says the same of the same files', async () => {
  const { stdout } = await runProgram(process.execPath, [
    ...[KHO, 'why', 'numbers', '--site', site.root, '--for', 'glibc-x86_64', '--python', '3.12', '--json'],
  ]);
  const [target] = JSON.parse(stdout).targets;
  expect(target.takes).toBe('numbers-2.1-py3-none-any.whl');
  const whys = target.refused.map(({ why }: { why: string }) => why.replace(/ [\d-]+ [\d:]+ UTC/, ''));
  const count = (text: string) => whys.filter((why: string) => why.startsWith(text)).length;
  expect([
    count('is known malware (MAL-2026-1)'),
    count('is of a release that is not old enough: listed from on'),
    count('is not old enough: listed from on'),
    count('is denied: <1'),
    count('has other bytes than the file of that name here'),
  ]).toEqual([1, 20, 1, 40, 1]);
});
