import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ATTACKS } from '../support/attacks/attacks.ts';
import { HOST, HTML } from '../support/attacks/html.ts';
import { MARKDOWN } from '../support/attacks/markdown.ts';
import { HELD_NAMES } from '../support/attacks/packages.ts';
import { publishedPages } from '../support/broken-links.ts';
import { findOverflow, openBrowser, watchedPage } from '../support/browser.ts';
import { findEscapes } from '../support/escapes.ts';
import { checkFeeds } from '../support/feed-oracle.ts';
import { checkHtml } from '../support/html-checker.ts';
import { wheelFilename } from '../support/make-package.ts';
import { TestSite } from '../support/site.ts';
import { type StaticServer, serveStatic } from '../support/static-server.ts';

const site = new TestSite();
let browser: Browser;
let server: StaticServer;
/** It takes long: it begins at once, and is asked for last. */
let faultsOfHtml: Promise<string[]>;

const LOGO =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" onload="pwned()"><script>pwned()</script><image href="https://evil.example/a.png"/><title>")}</style><script>pwned()</script></title></svg>';

/** Each attack is a project of its own. */
const nameOf = (place: number) => ATTACKS[place]?.wheel.name ?? `attack-${place}`;
const wheelOf = (place: number) => ({ ...ATTACKS[place]!.wheel, name: nameOf(place), version: '1.0' });

/** The page of a file shows a description as text in METADATA only: some of these pages are as good as all. */
const pagesOf = (place: number) => {
  const project = `main/project/${nameOf(place)}`;
  const isDescription = /^(?:Markdown|reStructuredText):/.test(ATTACKS[place]!.what);
  return [
    `${project}/index.html`,
    ...(isDescription && place % 10 !== 0
      ? []
      : [`${project}/1.0/index.html`, `${project}/1.0/${wheelFilename(wheelOf(place))}.html`]),
  ];
};

beforeAll(async () => {
  ATTACKS.forEach(({ yanked, provenance, wheel }, place) => {
    const path = site.wheel('main', wheelOf(place));
    if (yanked !== undefined) site.put(`${path}.yanked`, yanked);
    if (provenance !== undefined) site.put(`${path}.provenance`, provenance);
    // So that its members are compared with those of a version before.
    if (wheel.members) site.wheel('main', { name: nameOf(place), version: '0.9' });
  });
  // Whoever may write the settings may write all: but nothing of theirs is to run by mistake either.
  site.put('logo.svg', LOGO);
  site.put(
    'kho.toml',
    `title = '"><script>pwned()</script>'\nlogo = "logo.svg"\ncolour = "#28607a"\n\n[upload]\nenabled = true\n`,
  );
  for (const name of HELD_NAMES) site.put(`main/packages/${name}`, 'a');
  const report = await site.build();
  expect(report.problems.map(({ file }) => file).sort()).toEqual(
    HELD_NAMES.map((name) => `main/packages/${name}`).sort(),
  );
  faultsOfHtml = checkHtml(site.root);
  server = await serveStatic(site.root);
  browser = await openBrowser();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  site.close();
});

test('there are 60 attacks and more', () => {
  expect(ATTACKS.length).toBeGreaterThanOrEqual(60);
});

const TELEPHONE = { width: 360, height: 740 };
const LARGE = { width: 1920, height: 1080 };
const LISTS = [
  'index.html',
  'project/all.html',
  'main/index.html',
  'main/project/changes.html',
  'main/project/held.html',
  'project/publish.html',
  'main/project/publish.html',
];

test.concurrent('nothing out of a package runs, loads or leaves its place', async () => {
  const { page, misdeeds } = await watchedPage(browser, server.url);
  const found: string[] = [];
  const visit = async (path: string, what: string) => {
    await page.setViewportSize(TELEPHONE);
    await page.goto(server.url + path, { waitUntil: 'load' });
    const wide = await findOverflow(page);
    found.push(...[...wide, ...(await findEscapes(page))].slice(0, 3).map((fault) => `${what}: ${fault} on ${path}`));
    await page.setViewportSize(LARGE);
    found.push(
      ...(await findOverflow(page)).slice(0, 3).map((fault) => `${what}, on a large screen: ${fault} on ${path}`),
    );
    if (path !== 'index.html') expect(await page.title(), what).toContain('·');
  };
  for (let place = 0; place < ATTACKS.length; place++)
    for (const path of pagesOf(place)) await visit(path, ATTACKS[place]!.what);
  for (const path of LISTS) await visit(path, path);
  // What the search puts on the page is written by the script.
  for (const query of ['attack', 'evil']) {
    await page.goto(`${server.url}index.html#?q=${query}`);
    await page.waitForSelector('#results:not([hidden]) li');
    const faults = [...(await findOverflow(page)), ...(await findEscapes(page))];
    found.push(...faults.map((fault) => `search in all repositories for ${query}: ${fault}`));
  }
  await page.goto(`${server.url}main/index.html`);
  for (const query of ['attack', 'pwned', 'WWWW', 'evil', '"><script>pwned()</script>']) {
    await page.fill('#search', query);
    await page.waitForSelector('#project-table[aria-busy="false"]');
    const faults = [...(await findOverflow(page)), ...(await findEscapes(page))];
    found.push(...faults.map((fault) => `search for ${query}: ${fault}`));
  }
  expect(misdeeds.list).toEqual([]);
  expect(found).toEqual([]);
  await page.context().close();
});

test.concurrent('nothing in a logo runs in the tab, nor where its picture is opened by itself', async () => {
  const { page, misdeeds } = await watchedPage(browser, server.url);
  await page.goto(`${server.url}index.html`);
  const icon = await page.locator('link[rel="icon"]').evaluate((link: HTMLLinkElement) => link.href);
  await page.goto(icon);
  expect(await page.locator('image').count()).toBe(1);
  expect(await page.locator('script, title').count()).toBe(0);
  // The browser asks the host for an icon of a picture that stands by itself.
  expect(misdeeds.list.filter((what) => !/\b404\b.*icon/.test(what))).toEqual([]);
  await page.context().close();
});

test.concurrent('nothing out of a package loads without a script', async () => {
  const { page, misdeeds } = await watchedPage(browser, server.url, { javaScriptEnabled: false });
  const paths = ATTACKS.flatMap((_attack, place) => pagesOf(place)[0] as string);
  for (const path of [...paths, ...LISTS]) await page.goto(server.url + path, { waitUntil: 'load' });
  expect(misdeeds.list).toEqual([]);
  await page.context().close();
});

test.concurrent('where images may be loaded, images are, and nothing else', async () => {
  const remote = new TestSite();
  remote.put('kho.toml', 'remote_images = true\n');
  const wanted = Object.entries({ ...HTML, ...MARKDOWN }).filter(
    ([, text]) => text.includes('.png') || /<img|huge/.test(text),
  );
  for (const [place, [, description]] of wanted.entries())
    remote.wheel('main', {
      name: `image-${place}`,
      version: '1.0',
      metadata: 'Description-Content-Type: text/markdown',
      description: `${description}\n\n![a](${HOST}/wide.png)\n\n<img src="${HOST}/wide.png" width="9999" height="9999" alt="a">`,
    });
  await remote.build();
  const remoteServer = await serveStatic(remote.root);
  const { page, misdeeds } = await watchedPage(browser, remoteServer.url, { viewport: TELEPHONE });
  const asked = new Set<string>();
  await page.route(`${HOST}/**`, async (route) => {
    const { host, pathname } = new URL(route.request().url());
    asked.add(`${route.request().resourceType()} ${pathname} ${(await route.request().allHeaders())['referer'] ?? ''}`);
    expect(host).toBe('evil.example');
    const picture = '<svg xmlns="http://www.w3.org/2000/svg" width="5000" height="5000" onload="parent.pwned()"/>';
    await route.fulfill({ contentType: 'image/svg+xml', body: picture });
  });
  const found: string[] = [];
  for (const place of wanted.keys()) {
    await page.goto(`${remoteServer.url}main/project/image-${place}/index.html`, { waitUntil: 'load' });
    for (const image of await page.locator('.readme img').all()) await image.scrollIntoViewIfNeeded();
    const faults = [...(await findOverflow(page)), ...(await findEscapes(page))];
    found.push(...faults.map((fault) => `${wanted[place]?.[0]}: ${fault}`));
  }
  await page.context().close();
  await remoteServer.stop();
  remote.close();
  expect(found).toEqual([]);
  expect(misdeeds.list.filter((line) => !/^request: https:\/\/evil\.example\/\w+\.png /.test(line))).toEqual([]);
  expect([...asked].sort()).toEqual(['image /a.png ', 'image /b.png ', 'image /wide.png ']);
});

test('feeds of attacks are as RFC 4287 wants them', async () => {
  const feeds = publishedPages(site.root).filter((path) => path.endsWith('.xml'));
  expect(feeds.length).toBeGreaterThan(ATTACKS.length);
  expect(await checkFeeds(site.root, feeds)).toEqual([]);
});

test('pages of attacks are valid HTML', async () => {
  expect(await faultsOfHtml).toEqual([]);
});
