import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ATTACKS } from '../support/attacks.ts';
import { publishedPages } from '../support/broken-links.ts';
import { findOverflow, openBrowser, watchedPage } from '../support/browser.ts';
import { checkFeeds } from '../support/feed-oracle.ts';
import { checkHtml } from '../support/html-checker.ts';
import { wheelFilename } from '../support/make-package.ts';
import { TestSite } from '../support/site.ts';
import { type StaticServer, serveStatic } from '../support/static-server.ts';

const site = new TestSite();
let browser: Browser;
let server: StaticServer;

/** Each attack is a project of its own. */
const nameOf = (place: number) => ATTACKS[place]?.wheel.name ?? `attack-${place}`;
const wheelOf = (place: number) => ({ ...ATTACKS[place]!.wheel, name: nameOf(place), version: '1.0' });

beforeAll(async () => {
  ATTACKS.forEach(({ yanked }, place) => {
    const path = site.wheel('main', wheelOf(place));
    if (yanked !== undefined) site.put(`${path}.yanked`, yanked);
  });
  const report = await site.build();
  expect(report.problems).toEqual([]);
  server = await serveStatic(site.root);
  browser = await openBrowser();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  site.remove('.');
});

test('there are 60 attacks and more', () => {
  expect(ATTACKS.length).toBeGreaterThanOrEqual(60);
});

test.each([
  { what: 'a telephone', viewport: { width: 360, height: 740 } },
  { what: 'a telephone without a script', viewport: { width: 360, height: 740 }, javaScriptEnabled: false },
  { what: 'a large screen', viewport: { width: 1920, height: 1080 } },
])('nothing out of a package runs, loads or leaves its box on $what', async ({ what: _, ...options }) => {
  const { page, misdeeds } = await watchedPage(browser, server.url, options);
  const found: string[] = [];
  const visit = async (path: string, what: string) => {
    await page.goto(server.url + path, { waitUntil: 'load' });
    if (options.javaScriptEnabled === false) return;
    const wide = await findOverflow(page);
    if (wide.length > 0) found.push(`${what}: ${wide.slice(0, 3).join(' | ')} on ${path}`);
    if (path !== 'index.html') expect(await page.title(), what).toContain('·');
  };
  for (let place = 0; place < ATTACKS.length; place++) {
    const { what } = ATTACKS[place]!;
    await visit(`main/project/${nameOf(place)}/index.html`, what);
    await visit(`main/project/${nameOf(place)}/1.0/${wheelFilename(wheelOf(place))}.html`, what);
  }
  for (const path of ['index.html', 'main/index.html', 'main/project/changes.html']) await visit(path, path);
  expect(misdeeds.list).toEqual([]);
  expect(found).toEqual([]);
  await page.context().close();
});

test('pages of attacks are valid HTML', async () => {
  expect(await checkHtml(site.root)).toEqual([]);
});

test('feeds of attacks are as RFC 4287 wants them', async () => {
  const feeds = publishedPages(site.root).filter((path) => path.endsWith('.xml'));
  expect(feeds.length).toBeGreaterThan(ATTACKS.length);
  expect(await checkFeeds(site.root, feeds)).toEqual([]);
});
