import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findOverflow, findSqueezed, type Misdeeds, openBrowser, watchedPage } from '../support/browser.ts';
import { copyTo, corpus } from '../support/corpus.ts';
import { TestSite } from '../support/site.ts';
import { type StaticServer, serveStatic } from '../support/static-server.ts';

const site = new TestSite();
let browser: Browser;
let server: StaticServer;

beforeAll(async () => {
  await copyTo(join(site.root, 'real/packages'), await corpus());
  for (const libc of ['glibc', 'musl']) {
    const platform = libc === 'musl' ? 'musllinux_1_2_x86_64' : 'manylinux_2_17_x86_64';
    const metadata = [`Summary: Numbers for ${libc}`, 'Keywords: arithmetic,matrix'];
    site.wheel('small', { name: 'numbers', version: '1.0', tag: `cp311-cp311-${platform}`, metadata });
  }
  site.wheel('small', {
    name: 'pure-letters',
    version: '2.0',
    metadata: 'Summary: Chữ cái đẹp',
    description: '# Letters\n\nAll of *them*.',
  });
  site.wheel('small', { name: 'words', version: '1.0', tag: 'cp312-cp312-manylinux_2_17_x86_64' });
  site.wheel('alpine', { name: 'words', version: '1.0', tag: 'cp312-cp312-musllinux_1_2_x86_64' });
  site.wheel('small', { name: 'old-letters', version: '1.0', members: { 'big.txt': 'x'.repeat(100_000) } });
  await site.build();
  server = await serveStatic(site.root, '/some/prefix');
  browser = await openBrowser();
}, 180_000);

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  site.remove('.');
});

const PAGES = {
  site: 'index.html',
  repository: 'real/index.html',
  project: 'real/project/requests/index.html',
  file: 'real/project/requests/2.19.0/requests-2.19.0-py2.py3-none-any.whl.html',
  held: 'project/held.html',
  changes: 'real/project/changes.html',
};

describe.each(['http', 'file'])('over %s', (protocol) => {
  let page: Page;
  let misdeeds: Misdeeds;
  const home = () => (protocol === 'http' ? server.url : `${pathToFileURL(site.root)}/`);
  const open = async (path: string) => {
    await page.goto(home() + path);
    await page.waitForSelector('html[data-script="on"]', { state: 'attached' });
  };
  const names = () => page.locator('#project-table tbody th a').allTextContents();

  beforeAll(async () => {
    ({ page, misdeeds } = await watchedPage(browser, home(), { locale: 'en-GB' }));
    page.setDefaultTimeout(15_000);
  });
  afterAll(() => page.context().close());

  test('search finds names, summaries with and without accents, keywords, and names with a slip', async () => {
    await open('small/index.html');
    await page.keyboard.press('/');
    for (const [query, expected] of [
      ['letters', ['old-letters', 'pure-letters']],
      ['chu cai', ['pure-letters']],
      ['matrix', ['numbers']],
      ['nubmers', ['numbers']],
      ['zzzzzz', []],
    ] as const) {
      await page.fill('#search', query);
      await expect.poll(names, { message: query }).toEqual(expected);
    }
    await page.keyboard.press('Escape');
    await expect.poll(names).toEqual(['numbers', 'old-letters', 'pure-letters', 'words']);
  });

  test('arrows walk through what was found, Enter opens it, and the way back leads to the same search', async () => {
    await open('small/index.html');
    await page.keyboard.press('/');
    await page.keyboard.type('letters');
    await expect.poll(names).toEqual(['old-letters', 'pure-letters']);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('pure-letters');
    await page.keyboard.press('Enter');
    await page.waitForURL(/project\/pure-letters\//);
    await page.goBack();
    await expect.poll(() => page.inputValue('#search')).toBe('letters');
    await expect.poll(names).toEqual(['old-letters', 'pure-letters']);
    await page.focus('#search');
    await page.keyboard.press('Enter');
    await page.waitForURL(/project\/old-letters\//);
  });

  test('search on the front page finds projects of all repositories, each once, and the way back leads to it', async () => {
    await open('index.html');
    const found = () => page.locator('#results .what').allInnerTexts();
    await page.keyboard.press('/');
    await page.keyboard.type('reqeusts');
    await expect.poll(found).toEqual([expect.stringMatching(/^requests /)]);
    await page.fill('#search-all', 'letters');
    await expect.poll(found).toEqual(['old-letters 1.0', 'pure-letters 2.0']);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL(/small\/project\/pure-letters\//);
    await page.goBack();
    await expect.poll(found).toEqual(['old-letters 1.0', 'pure-letters 2.0']);
    await page.keyboard.press('/');
    await page.keyboard.press('Escape');
    await expect.poll(() => page.locator('#results').isVisible()).toBe(false);
  });

  test('the head of every page searches too, and shows which repositories have what it found', async () => {
    await open(PAGES.file);
    await page.keyboard.press('/');
    await page.keyboard.type('numbers');
    const tags = page.locator('#results li:first-child .tag');
    await expect.poll(() => tags.allInnerTexts()).toEqual(['small']);
    await page.mouse.click(3, 500);
    expect(await page.locator('#results').isVisible()).toBe(false);
    await page.focus('#search-all');
    await page.keyboard.press('Enter');
    await page.waitForURL(/small\/project\/numbers\//);
    await expect.poll(() => page.title()).toMatch(/^numbers · /);
  });

  test('columns sort, and the order is in the address', async () => {
    await open('small/index.html');
    await page.click('th[data-sort="size"] button');
    await expect.poll(async () => (await names())[0]).toBe('numbers');
    expect(page.url()).toContain('sort=size');
    await page.click('th[data-sort="size"] button');
    await expect.poll(names).toEqual(['numbers', 'old-letters', 'pure-letters', 'words']);
  });

  test('a telephone, which shows no columns, sorts too', async () => {
    await page.setViewportSize({ width: 390, height: 800 });
    await open('small/index.html');
    await page.selectOption('#order', 'size');
    await expect.poll(async () => (await names())[0]).toBe('numbers');
    expect(page.url()).toContain('sort=size');
    await page.selectOption('#order', '');
    await expect.poll(names).toEqual(['numbers', 'old-letters', 'pure-letters', 'words']);
    await page.setViewportSize({ width: 1280, height: 900 });
    expect(await page.locator('#order').isVisible()).toBe(false);
  });

  test('filters leave what runs on a machine, and stand in the address', async () => {
    await open('small/index.html');
    await page.focus('#search');
    await page.waitForSelector('#runs-on option[value="musl-x86_64"]', { state: 'attached' });
    await page.selectOption('#runs-on', 'musl-x86_64');
    await expect.poll(names).toEqual(['numbers', 'old-letters', 'pure-letters']);
    await page.selectOption('#python', '3.12');
    await expect.poll(names).toEqual(['old-letters', 'pure-letters']);
    await page.reload();
    await expect.poll(names).toEqual(['old-letters', 'pure-letters']);
    await expect.poll(() => page.inputValue('#python')).toBe('3.12');
  });

  test('sizes have no more digits than a person wants to read', async () => {
    await open('real/index.html');
    const sizes = await page.locator('data.size').allTextContents();
    expect(sizes.length).toBeGreaterThan(10);
    for (const size of sizes) expect(size).toMatch(/^(?:\d\.\d|\d{1,3}) (?:[kMGT]?B)$/);
  });

  test('lines are copied, with the address of this very site', async () => {
    await open('small/project/numbers/index.html');
    await page.context().grantPermissions(protocol === 'http' ? ['clipboard-read', 'clipboard-write'] : []);
    const button = page.locator('button[data-copy]').first();
    const before = await button.textContent();
    await button.click();
    await expect.poll(() => button.textContent()).not.toBe(before);
    if (protocol !== 'http') return;
    expect(await page.evaluate(() => navigator.clipboard.readText())).toContain(`${server.url}small/simple/`);
  });

  test('who has chosen a machine gets the lines of the repository that has wheels for it', async () => {
    await open('small/project/words/index.html');
    const line = () => page.locator('.panel code').first().innerText();
    expect(await line()).toMatch(/\/small\/simple\//);
    await page.selectOption('#machine', 'musl-x86_64');
    expect(await line()).toMatch(/\/alpine\/simple\//);
    expect(await page.locator('label[for="install-hashes"]').isVisible()).toBe(false);
    await open('small/project/words/index.html');
    expect(await page.inputValue('#machine')).toBe('musl-x86_64');
    await page.click('#install .notice a');
    await page.waitForURL(/alpine\/project\/words\//);
    expect(await line()).toMatch(/\/alpine\/simple\//);
    await page.selectOption('#machine', 'glibc-x86_64');
    expect(await line()).toMatch(/\/small\/simple\//);
    await page.selectOption('#machine', '');
    expect(await line()).toMatch(/\/alpine\/simple\//);
  });

  test('the front page has the lines of each client for each repository', async () => {
    await open('index.html');
    const card = (name: string) => page.locator('.cards > li', { has: page.locator(`h3 a:text-is("${name}")`) });
    for (const name of ['real', 'small']) await card(name).locator('summary').click();
    await card('small').locator('label', { hasText: 'uv' }).click();
    const shown = (name: string) => card(name).locator('.panel:visible code').innerText();
    expect(await shown('small')).toMatch(/^uv add --default-index .*\/small\/simple\/ PROJECT$/m);
    expect(await shown('real')).toMatch(/^pip install --index-url .*\/real\/simple\/ PROJECT$/m);
  });

  test('a theme is remembered', async () => {
    await open('index.html');
    const theme = () => page.evaluate(() => document.documentElement.dataset['theme']);
    await page.click('#tools button');
    expect(await theme()).toBe('light');
    await page.click('#tools button');
    expect(await theme()).toBe('dark');
    // Not only in the end: a page that is light for a moment flashes.
    await page.addInitScript(() => {
      const observer = new MutationObserver(() => {
        if (!document.body) return;
        observer.disconnect();
        Object.assign(window, { themeAtFirst: document.documentElement.dataset['theme'] });
      });
      observer.observe(document, { childList: true, subtree: true });
    });
    await open('small/index.html');
    expect(await page.evaluate('themeAtFirst')).toBe('dark');
    expect(await theme()).toBe('dark');
    await page.click('#tools button');
    expect(await theme()).toBeUndefined();
  });

  test('the reader’s language is remembered', async () => {
    await open('small/index.html');
    await page.selectOption('#tools select', 'vi');
    await expect.poll(() => page.evaluate(() => document.documentElement.lang)).toBe('vi');
    await page.waitForSelector('html[data-script="on"]', { state: 'attached' });
    await open(PAGES.held);
    expect(await page.title()).toMatch(/^Tệp bị giữ lại · /);
    expect(await page.locator('.crumbs [aria-current]').innerText()).toBe('Tệp bị giữ lại');
    expect(await page.locator('.held [data-language="vi"]').first().isVisible()).toBe(true);
    expect(await page.locator('.held [data-language="en"]').first().isVisible()).toBe(false);
    await page.selectOption('#tools select', 'en');
    await expect.poll(() => page.evaluate(() => document.documentElement.lang)).toBe('en');
    await page.waitForSelector('html[data-script="on"]', { state: 'attached' });
  });

  test('the browser’s tab has a picture, which the policy lets it load', async () => {
    await open(PAGES.file);
    const seen = await page.evaluate(async () => {
      const image = new Image();
      image.src = document.querySelector<HTMLLinkElement>('link[rel="icon"]')?.href ?? '';
      await image.decode();
      const canvas = Object.assign(document.createElement('canvas'), { width: 32, height: 32 });
      canvas.getContext('2d')?.drawImage(image, 0, 0, 32, 32);
      // From a disk each file is a site of its own: its pixels cannot be read.
      return location.protocol === 'file:' ? true : canvas.getContext('2d')?.getImageData(16, 6, 1, 1).data[3] === 255;
    });
    expect(seen).toBe(true);
  });

  test('members are searched', async () => {
    await open(PAGES.file);
    await page.fill('input[data-filter="members"]', 'adapters.py');
    await expect.poll(() => page.locator('#members li:not(.folder):visible').allTextContents()).toHaveLength(1);
  });

  test('nothing went wrong', () => {
    expect(misdeeds.list).toEqual([]);
  });
});

/** All pages that links lead to from the front page, largest first, by kind; and the links that lead nowhere. */
async function crawl() {
  const seen = new Set<string>([server.url + PAGES.site]);
  const broken: string[] = [];
  const sizes = new Map<string, { address: string; length: number }[]>();
  for (const address of seen) {
    const response = await fetch(address);
    if (response.status !== 200) broken.push(address);
    if (!response.headers.get('content-type')?.startsWith('text/html') || /\/(?:simple|pypi)\//.test(address)) {
      await response.body?.cancel();
      continue;
    }
    const text = await response.text();
    const [, kind = 'no page of kho'] = /<html[^>]* data-page="(\w+)"/.exec(text) ?? [];
    sizes.set(kind, [...(sizes.get(kind) ?? []), { address, length: text.length }]);
    for (const [, href = ''] of text.matchAll(/<(?:a|link)\b[^>]* href="([^"]*)"/g)) {
      const url = new URL(href.replaceAll('&amp;', '&'), address);
      if (
        url.hash !== '' &&
        url.href.split('#')[0] === address &&
        !text.includes(`id="${decodeURIComponent(url.hash.slice(1))}"`)
      )
        broken.push(`${address} → ${href}`);
      if (url.href.startsWith(server.url)) seen.add(url.href.split('#')[0]!);
    }
  }
  const byKind = [...sizes].map(([kind, pages]) => {
    const sorted = pages.sort((a, b) => b.length - a.length || (a.address < b.address ? -1 : 1));
    return [kind, sorted.map(({ address }) => address)] as const;
  });
  return { seen, broken, byKind: new Map(byKind) };
}

test('every link leads somewhere, and no page of any kind is wider than the window or squeezes its text', async () => {
  const { seen, broken, byKind } = await crawl();
  expect(broken).toEqual([]);
  expect(seen.size).toBeGreaterThan(500);
  expect([...byKind.keys()].sort()).toEqual([
    'all',
    'changes',
    'file',
    'held',
    'platforms',
    'project',
    'repository',
    'site',
    'version',
  ]);
  const wide: string[] = [];
  for (const width of [360, 1280]) {
    const { page, misdeeds } = await watchedPage(browser, server.url, { viewport: { width, height: 740 } });
    for (const address of [...byKind.values()].flatMap((addresses) => addresses.slice(0, 3))) {
      await page.goto(address);
      await page.waitForSelector('html[data-script="on"]', { state: 'attached' });
      const found = [...(await findOverflow(page)), ...(await findSqueezed(page))];
      wide.push(...found.map((what) => `${address} at ${width} px: ${what}`));
      // Its columns are all in sight: only tables of platforms may scroll.
      const list = await page.evaluate(() => {
        const scroller = document.querySelector('#project-table')?.parentElement;
        return scroller ? scroller.scrollWidth - scroller.clientWidth : 0;
      });
      if (list > 0) wide.push(`${address} at ${width} px: the list of projects, by ${list} px`);
    }
    expect(misdeeds.list).toEqual([]);
    await page.context().close();
  }
  expect(wide).toEqual([]);
});
