/** A real Chromium, Debian's own, and one who listens to all that a page does. */
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const CHROMIUM = '/usr/bin/chromium';

/** It starts nothing in the background, and asks nobody for news. */
const QUIET = [
  ...['--no-sandbox', '--headless', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync', '--disable-extensions', '--mute-audio'],
];

export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: QUIET, timeout: 60_000 });
}

/** What a page did that no page of kho's may do. */
export interface Misdeeds {
  list: string[];
}

/**
 * A page with a listener on everything: scripts that run and should not, dialogs, requests that leave the site, errors,
 * what the Content-Security-Policy had to stop.
 *
 * @param home what all addresses start with that the page may ask for
 */
export async function watchedPage(
  browser: Browser,
  home: string,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; misdeeds: Misdeeds }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const misdeeds: Misdeeds = { list: [] };
  const report = (what: string) => void misdeeds.list.push(`${what} on ${page.url()}`);
  await page.exposeFunction('tellTest', report);
  await page.addInitScript(() => {
    const tell = (what: string) => (window as unknown as { tellTest(what: string): void }).tellTest(what);
    document.addEventListener('securitypolicyviolation', (event) => {
      tell(`the policy stopped ${event.violatedDirective} ${event.blockedURI}`);
    });
    for (const name of ['alert', 'confirm', 'prompt', 'open', 'pwned'] as const) {
      Object.defineProperty(window, name, { value: () => tell(`somebody called ${name}()`) });
    }
  });
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) report(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => report(`error: ${error.message}`));
  page.on('dialog', (dialog) => {
    report(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('popup', () => report('a window opened'));
  page.on('download', (download) => report(`a download: ${download.url()}`));
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(home) && !url.startsWith('data:')) report(`request: ${url}`);
  });
  page.on('requestfailed', (request) => {
    // Who leaves a page before its icon is there, lets go of it.
    const isLeft = request.failure()?.errorText === 'net::ERR_ABORTED' && request.url().endsWith('.svg');
    if (!isLeft) report(`no answer: ${request.url()}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) report(`${response.status()}: ${response.url()}`);
  });
  return { page, misdeeds };
}

/**
 * What is wider than the window, as `tag.class: text`; what scrolls by itself may be. Also what an element paints over the rest
 * of the page: nothing out of a package may be fixed or lie above.
 */
export function findOverflow(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    const isInScroller = (element: Element): boolean => {
      for (let above = element.parentElement; above; above = above.parentElement) {
        if (['auto', 'scroll', 'hidden'].includes(getComputedStyle(above).overflowX) && above !== document.body)
          return true;
      }
      return false;
    };
    const wide = [...document.body.querySelectorAll('*')].filter(
      (element) => element.getBoundingClientRect().right > width + 1 && !isInScroller(element),
    );
    const names = wide.map(
      (element) => `${element.tagName}.${element.className}: ${element.textContent?.slice(0, 60)}`,
    );
    return names.length > 0 ? names : [`the page is ${document.documentElement.scrollWidth} wide, the window ${width}`];
  });
}

/** Text that is set a letter or two to a line, as `tag.class: text`: its column is too narrow to be read. What is said only is left out. */
export function findSqueezed(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const squeezed = [...document.body.querySelectorAll('*')].filter((element) => {
      const { width, height } = element.getBoundingClientRect();
      const own = [...element.childNodes].map((node) => (node instanceof Text ? node.data.trim() : '')).join('');
      return own.length > 3 && width < 24 && height > 2 * width && !element.closest('legend, .said');
    });
    return squeezed.map((element) => `${element.tagName}.${element.className}: ${element.textContent?.slice(0, 60)}`);
  });
}
