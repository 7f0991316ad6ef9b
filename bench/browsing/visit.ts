/** Opens a page in Chromium, on a thin link or without one, and tells how it went. */
import type { Browser, CDPSession, Page } from 'playwright-core';

/** A telephone on a thin link. Source: what Lighthouse calls slow 4G. */
const THIN = { bytesPerSecond: (1.6 * 1024 * 1024) / 8, roundTripMs: 150, timesSlower: 4 };

export interface BrowserVisit {
  /** From the start of the navigation, in milliseconds. */
  firstPaintMs: number;
  largestPaintMs: number;
  /** The script has done all it does at the start. */
  readyMs: number;
  /** The search shows what it found for the letter that was typed once the page was ready; undefined where there is no search. */
  answeredMs: number | undefined;
  /** From that key on; and until it has looked through all projects. */
  searchMs: number | undefined;
  wholeMs: number | undefined;
  /** Tasks of the main thread that took 50 ms or more until then: how many, and the longest. */
  longTasks: number;
  longestTaskMs: number;
  /** Over the wire, with heads: before anything was typed, and with what the search needs. */
  bytes: number;
  bytesWithSearch: number;
  /** Of the script's heap, after it was tidied: before anything was typed, and after. */
  heapBytes: number;
  heapBytesWithSearch: number;
}

/** What the page itself notes; see `watch`. */
interface Notes {
  readyMs: number;
  keyMs: number;
  foundMs: number;
  wholeMs: number;
  largestMs: number;
  tasks: number[];
}

/** @param query what is typed into the search, letter by letter; undefined: nothing */
export async function visit(
  browser: Browser,
  url: string,
  options: { isThin: boolean; query?: string },
): Promise<BrowserVisit> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'en-GB' });
  try {
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    const bytes = await countBytes(session);
    if (options.isThin) await slowDown(session);
    await page.addInitScript(watch);
    const answer = await page.goto(url, { waitUntil: 'load' });
    if (answer?.status() !== 200) throw new Error(`${url} was answered with ${answer?.status()}`);
    await page.waitForFunction(() => (window as unknown as { notes: Notes }).notes.readyMs > 0);
    await page.waitForTimeout(300);
    const [bytesBefore, heapBytes] = [bytes.sum, options.isThin ? 0 : await heapOf(session)];
    if (options.query !== undefined) await search(page, options.query);
    const notes = await page.evaluate(() => (window as unknown as { notes: Notes }).notes);
    const firstPaintMs = await page.evaluate(
      () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN,
    );
    return {
      ...{ firstPaintMs, largestPaintMs: notes.largestMs, readyMs: notes.readyMs },
      answeredMs: options.query === undefined ? undefined : notes.readyMs + notes.foundMs - notes.keyMs,
      searchMs: options.query === undefined ? undefined : notes.foundMs - notes.keyMs,
      wholeMs: options.query === undefined ? undefined : notes.wholeMs - notes.keyMs,
      ...{ longTasks: notes.tasks.length, longestTaskMs: Math.max(0, ...notes.tasks) },
      ...{ bytes: bytesBefore, bytesWithSearch: bytes.sum },
      ...{ heapBytes, heapBytesWithSearch: options.isThin ? 0 : await heapOf(session) },
    };
  } finally {
    await context.close();
  }
}

async function slowDown(session: CDPSession): Promise<void> {
  await session.send('Network.emulateNetworkConditions', {
    ...{ offline: false, latency: THIN.roundTripMs },
    ...{ downloadThroughput: THIN.bytesPerSecond, uploadThroughput: THIN.bytesPerSecond },
  });
  await session.send('Emulation.setCPUThrottlingRate', { rate: THIN.timesSlower });
}

async function countBytes(session: CDPSession): Promise<{ sum: number }> {
  const bytes = { sum: 0 };
  await session.send('Network.enable');
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes.sum += encodedDataLength;
  });
  return bytes;
}

async function heapOf(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return usedSize;
}

/** As a person does: `/`, then the letters. */
async function search(page: Page, query: string): Promise<void> {
  await page.keyboard.press('/');
  await page.keyboard.type(query);
  await page.waitForFunction(() => (window as unknown as { notes: Notes }).notes.wholeMs > 0, undefined, {
    timeout: 60_000,
  });
}

/** Runs in the page, before anything of it does. */
function watch(): void {
  const notes: Notes = { readyMs: 0, keyMs: 0, foundMs: 0, wholeMs: 0, largestMs: 0, tasks: [] };
  Object.assign(window, { notes });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) notes.tasks.push(duration);
  }).observe({ type: 'longtask', buffered: true });
  new PerformanceObserver((list) => {
    notes.largestMs = list.getEntries().at(-1)?.startTime ?? notes.largestMs;
  }).observe({ type: 'largest-contentful-paint', buffered: true });
  document.addEventListener('keydown', ({ key, timeStamp }) => {
    if (key !== '/' && notes.keyMs === 0) notes.keyMs = timeStamp;
  });
  new MutationObserver(() => {
    if (notes.readyMs === 0 && document.documentElement.dataset['script'] === 'on') notes.readyMs = performance.now();
    if (notes.wholeMs > 0 || !document.querySelector('.found')?.textContent) return;
    const isShown = document.querySelector('#project-table tbody th') !== null;
    const isWhole = document.querySelector('#project-table')?.getAttribute('aria-busy') === 'false';
    // Once it is on the screen.
    requestAnimationFrame(() =>
      setTimeout(() => {
        if (isShown && notes.foundMs === 0) notes.foundMs = performance.now();
        if (isWhole && notes.wholeMs === 0) notes.wholeMs = performance.now();
      }),
    );
  }).observe(document, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ['data-script', 'aria-busy'],
  });
}
