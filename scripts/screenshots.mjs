/**
 * `npm run screenshots`: the pictures of README.md and README.vi.md, of real pages of real packages, in Debian's Chromium.
 *
 * Their letters are those of the machine: with Debian's `fonts-noto-core` and `fonts-noto-mono` they look as on most desktops.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { makeEnvironment, runOrThrow } from './demo/environment.mjs';
import { say } from './demo/say.mjs';
import { serveSite } from './demo/serve.mjs';
import { makeSite, TODAY } from './screenshots/site.mjs';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const WORK = join(PROJECT, '.cache', 'screenshots');
const KHO = join(PROJECT, 'dist', 'kho.js');
const IMAGES = join(PROJECT, 'docs', 'images');

const LANGUAGES = [
  { language: 'en', locale: 'en-GB', title: 'Packages of the farms' },
  { language: 'vi', locale: 'vi', title: 'Kho gói của nông trại' },
];

const ASYNCPG = 'glibc/project/asyncpg/';
const PICTURES = [
  { name: 'repository', path: 'glibc/', width: 1200, height: 760 },
  { name: 'project', path: ASYNCPG, width: 1200, height: 860 },
  { name: 'file', path: fileOf('asyncpg', '0.31.0'), width: 1200, height: 860, colorScheme: 'dark' },
  { name: 'phone', path: ASYNCPG, width: 390, height: 860 },
];

/** Crisp on screens with two dots for each pixel, and small: WebP of few, even colours. */
const SCALE = 2;
const QUALITY = 60;

function fileOf(project, version) {
  const tag = 'cp313-cp313-manylinux2014_x86_64.manylinux_2_17_x86_64.manylinux_2_28_x86_64';
  return `glibc/project/${project}/${version}/${project}-${version}-${tag}.whl.html`;
}

async function takePicture(browser, url, { name, path, width, height, colorScheme = 'light' }, { language, locale }) {
  const viewport = { width, height };
  const context = await browser.newContext({
    viewport,
    colorScheme,
    locale,
    deviceScaleFactor: SCALE,
    timezoneId: 'UTC',
  });
  const page = await context.newPage();
  await page.clock.setFixedTime(TODAY); // ages are told from then on
  const response = await page.goto(`${url}/${path}`);
  if (!response?.ok()) throw new Error(`${path} is not there: the list of packages has changed`);
  await page.waitForSelector('html[data-script="on"]', { state: 'attached' });
  const devtools = await context.newCDPSession(page);
  const { data } = await devtools.send('Page.captureScreenshot', { format: 'webp', quality: QUALITY });
  const bytes = Buffer.from(data, 'base64');
  await writeFile(join(IMAGES, `${name}.${language}.webp`), bytes);
  await context.close();
  say.detail(`docs/images/${name}.${language}.webp, ${Math.round(bytes.length / 1000)} kB`);
}

const [environment] = await Promise.all([
  makeEnvironment(join(WORK, 'venv')),
  runOrThrow([join(PROJECT, 'node_modules', '.bin', 'tsx'), 'scripts/bundle.ts']),
  mkdir(IMAGES, { recursive: true }),
]);
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--headless'] });
try {
  for (const settings of LANGUAGES) {
    const site = join(WORK, 'site');
    say.step(settings.title);
    await makeSite(site, environment, settings);
    await runOrThrow([process.execPath, KHO, 'build', site]);
    const server = await serveSite(KHO, site);
    try {
      for (const picture of PICTURES) await takePicture(browser, server.url, picture, settings);
    } finally {
      server.close();
    }
  }
} finally {
  await browser.close();
}
