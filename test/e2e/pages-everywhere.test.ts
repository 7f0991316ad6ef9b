/** What holds for every page, of every kind and in every state: links, feeds, HTML, accessibility, without a script, by keyboard. */
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bringAxe, findBarriers } from '../support/axe.ts';
import { followLinks, publishedPages } from '../support/broken-links.ts';
import { findOverflow, openBrowser, watchedPage } from '../support/browser.ts';
import { EVERY_PAGE, everyPageSite } from '../support/every-page.ts';
import { checkFeeds } from '../support/feed-oracle.ts';
import { checkHtml } from '../support/html-checker.ts';
import type { TestSite } from '../support/site.ts';
import { type StaticServer, serveStatic } from '../support/static-server.ts';

let site: TestSite;
let browser: Browser;
let server: StaticServer;
/** It takes as long as all else: it begins at once, and is asked for later. */
let faultsOfHtml: Promise<string[]>;

beforeAll(async () => {
  site = await everyPageSite();
  faultsOfHtml = checkHtml(site.root);
  server = await serveStatic(site.root, '/some/prefix');
  browser = await openBrowser();
}, 180_000);

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  site?.close();
});

async function open(page: Page, path: string, home = server.url): Promise<void> {
  await page.goto(home + path);
  await page.waitForSelector('html[data-script="on"]', { state: 'attached' });
}

test('every link leads to a file, and to the place in it, and every page can be reached', () => {
  const { pages, broken } = followLinks(site.root);
  expect(broken).toEqual([]);
  const unreached = publishedPages(site.root).filter((page) => !pages.includes(page));
  // Servers send people there. Nobody is led to what is in quarantine, nor to a list of held files where there are none.
  const hidden = ['project/404.html', 'empty/project/held.html', 'many/project/suspicious/'];
  expect(unreached.filter((page) => !hidden.some((start) => page.startsWith(start)))).toEqual([]);
  expect(pages.length).toBeGreaterThan(1000);
});

describe('feeds', () => {
  const ATOM = 'xmlns="http://www.w3.org/2005/Atom"';
  const HEAD =
    '<title>a</title><id>urn:kho:a</id><updated>2026-01-01T00:00:00Z</updated><author><name>a</name></author>';
  const SELF = '<link rel="self" href="a.xml"/>';
  const entry = (more: string) => `<entry><title>e</title><id>urn:kho:e</id>${more}</entry>`;

  test('of the site, of repositories and of projects are as RFC 4287 wants them', async () => {
    const feeds = publishedPages(site.root).filter((path) => path.endsWith('.xml'));
    expect(feeds).toEqual(expect.arrayContaining(['project/changes.xml', 'many/project/changes.xml']));
    expect(feeds.length).toBeGreaterThan(300);
    expect(await checkFeeds(site.root, feeds)).toEqual([]);
  });

  test.each([
    ['text that is not well-formed', `<feed ${ATOM}>${HEAD}${SELF}&</feed>`, 'not well-formed'],
    ['a feed without an id', `<feed ${ATOM}>${HEAD.replace(/<id>.*<\/id>/, '')}${SELF}</feed>`, '0 times <id>'],
    ['a time without a zone', `<feed ${ATOM}>${HEAD.replace('00Z', '00')}${SELF}</feed>`, 'is no time'],
    ['a relative id', `<feed ${ATOM}>${HEAD.replace('urn:kho:a', 'a')}${SELF}</feed>`, 'no absolute address'],
    [
      'an entry that is never linked',
      `<feed ${ATOM}>${HEAD}${SELF}${entry('<updated>2026-01-01T00:00:00Z</updated>')}</feed>`,
      'no alternate link',
    ],
    ['an address with a blank', `<feed ${ATOM}>${HEAD}<link rel="self" href="a b.xml"/></feed>`, 'without a fit href'],
  ])('checkFeeds() finds %s', async (_what, text, fault) => {
    site.put('.kho/wrong.xml', text);
    expect((await checkFeeds(site.root, ['.kho/wrong.xml'])).join('\n')).toContain(fault);
  });
});

/** Each page in both themes and both languages, the second of which the script puts in the place of the first. Those side by side use all cores. */
test.concurrent.each([
  { colorScheme: 'light', locale: 'en-GB' },
  { colorScheme: 'dark', locale: 'vi-VN' },
] as const)(
  'axe finds nothing on any page in the $colorScheme theme for a reader with $locale, nor does the browser complain',
  async (options) => {
    const { page, misdeeds } = await watchedPage(browser, server.url, options);
    await bringAxe(page);
    const found: string[] = [];
    for (const [kind, path] of Object.entries(EVERY_PAGE)) {
      await open(page, path);
      found.push(...(await findBarriers(page)).map((barrier) => `${kind}: ${barrier}`));
    }
    expect(found).toEqual([]);
    expect(misdeeds.list).toEqual([]);
    await page.context().close();
  },
);

test.concurrent('from a disk no page asks for what is not there, nor makes the browser complain; on paper no controls are left', async () => {
  const home = `${pathToFileURL(site.root)}/`;
  const { page, misdeeds } = await watchedPage(browser, home, { viewport: { width: 700, height: 1000 } });
  for (const [kind, path] of Object.entries(EVERY_PAGE)) {
    await page.emulateMedia({ media: 'screen' });
    await open(page, path, home);
    await page.emulateMedia({ media: 'print' });
    expect(await findOverflow(page), kind).toEqual([]);
    expect(await page.locator('.copy, .finder, .tools, .skip, .pager').filter({ visible: true }).count(), kind).toBe(0);
  }
  expect(misdeeds.list).toEqual([]);
  await page.context().close();
});

describe('without a script', () => {
  /** What radio buttons show needs no script. */
  const CONTROLS = 'input:not(.tabs [type="radio"]), button, select, textarea, [hidden], #finder';

  test('every page can be read, in the language of the site, and shows no dead control', async () => {
    const options = { javaScriptEnabled: false, locale: 'en-GB' };
    const { page, misdeeds } = await watchedPage(browser, server.url, options);
    for (const [kind, path] of Object.entries(EVERY_PAGE)) {
      await page.goto(server.url + path);
      expect(await page.getAttribute('html', 'lang'), kind).toBe('vi');
      expect((await page.locator('main').innerText()).length, kind).toBeGreaterThan(30);
      const controls = page.locator(CONTROLS).filter({ visible: true });
      expect(await controls.evaluateAll((all) => all.map(({ outerHTML }) => outerHTML)), kind).toEqual([]);
      for (const time of await page.locator('time').allTextContents()) expect(time, kind).toMatch(/^\d{4}-\d\d-\d\d$/);
    }
    expect(misdeeds.list).toEqual([]);
    await page.context().close();
  });

  test('projects are sorted by name over all pages, and lines to copy show where the address goes', async () => {
    const { page } = await watchedPage(browser, server.url, { javaScriptEnabled: false });
    const names: string[] = [];
    for (const path of ['many/index.html', 'many/project/page-2.html']) {
      await page.goto(server.url + path);
      names.push(...(await page.locator('#project-table tbody th a').allInnerTexts()));
    }
    expect(names).toEqual([...names].sort());
    expect(names.length).toBe(new Set(names).size);
    expect(names.length).toBeGreaterThan(200);
    await page.goto(server.url + EVERY_PAGE['repository of many projects']);
    expect(await page.locator('.panel code').first().innerText()).toBe(
      'pip install --index-url https://YOUR-SERVER/many/simple/ PROJECT',
    );
    expect(await page.locator('.no-script').first().isVisible()).toBe(true);
    // Each client's lines can be reached, one after the other.
    await page.locator('label[for="install-uv"]').click();
    expect(await page.locator('.panel code').nth(1).isVisible()).toBe(true);
    expect(await page.locator('.panel code').first().isVisible()).toBe(false);
    await page.context().close();
  });
});

describe('by keyboard', () => {
  test('the skip link comes first, and leads past the head of the page', async () => {
    const { page } = await watchedPage(browser, server.url);
    await open(page, EVERY_PAGE['repository of real packages']);
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.className)).toBe('skip');
    expect(await page.locator('.skip').evaluate((link) => link.getBoundingClientRect().left)).toBeGreaterThanOrEqual(0);
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('content');
    await page.context().close();
  });

  test.each(['repository of many projects', 'project with releases for many machines', 'file of a wheel'] as const)(
    'Tab reaches all that can be used on the page of a %s, and shows where it is',
    async (kind) => {
      const { page } = await watchedPage(browser, server.url);
      await open(page, EVERY_PAGE[kind]);
      const wanted = await page.evaluate(() => {
        const usable = 'a[href], button, select, input, summary, [tabindex="0"]';
        const elements = [...document.querySelectorAll<HTMLElement>(usable)].filter((element) =>
          element.checkVisibility(),
        );
        // Of several radio buttons Tab reaches the chosen one, arrows the others.
        const reached = elements.filter((element) => !element.matches('[type="radio"]:not(:checked)'));
        for (const [place, element] of reached.entries()) element.dataset['place'] = String(place);
        return reached.length;
      });
      const places: string[] = [];
      const unseen: string[] = [];
      for (let step = 0; step < wanted; step++) {
        await page.keyboard.press('Tab');
        const { place, isSeen, what } = await page.evaluate(() => {
          const element = document.activeElement as HTMLElement;
          const shown = element.matches('[type="radio"]') ? (element.nextElementSibling as HTMLElement) : element;
          const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(shown);
          const isSeen = (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1) || boxShadow !== 'none';
          return {
            place: element.dataset['place'] ?? element.outerHTML.slice(0, 100),
            isSeen,
            what: element.outerHTML.slice(0, 100),
          };
        });
        places.push(place);
        if (!isSeen) unseen.push(what);
      }
      expect(places).toEqual(Array.from({ length: wanted }, (_, place) => String(place)));
      expect(unseen).toEqual([]);
      await page.context().close();
    },
  );
});

test('all pages are valid HTML, without a warning', async () => {
  expect(await faultsOfHtml).toEqual([]);
});
