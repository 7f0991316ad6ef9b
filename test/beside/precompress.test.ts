/** `precompress = true`: pages stand beside themselves packed, and stay in step with what they are packed from. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { surveySite } from '../../src/build-site.ts';
import { checkSite } from '../../src/check/check-site.ts';
import { loadSite } from '../../src/config/load-config.ts';
import { copySite } from '../support/crash-site.ts';
import { TestSite } from '../support/site.ts';

let original: TestSite;
let site: TestSite;
beforeAll(async () => {
  original = new TestSite();
  original.put('kho.toml', 'precompress = true\n');
  original.wheel('glibc', { name: 'foo', version: '1.0' });
  await original.build();
});
beforeEach(() => {
  site = new TestSite();
  copySite(original, site);
});
afterEach(() => site.close());
afterAll(() => original.close());

const bytes = (path: string) => readFileSync(join(site.root, path));
const isForm = (path: string) => /\.(?:gz|br)$/.test(path) && !path.includes('/packages/');
const forms = () => Object.keys(site.snapshot()).filter(isForm);
const pages = () =>
  Object.keys(site.snapshot()).filter((path) => !isForm(path) && !path.includes('/packages/') && path !== 'kho.toml');

/** Pages whose forms do not say what they say. */
function outOfStep(): string[] {
  return pages().filter((page) => {
    const plain = bytes(page);
    return !gunzipSync(bytes(`${page}.gz`)).equals(plain) || !brotliDecompressSync(bytes(`${page}.br`)).equals(plain);
  });
}

async function check(): Promise<string[]> {
  const { config } = await loadSite(site.root);
  return (await checkSite(config, await surveySite(config))).map(({ file, what }) => `${file} ${what}`);
}

test('every page gets both forms, packages get none', async () => {
  expect(pages()).toContain('glibc/pypi/foo/1.0/json');
  expect(forms().sort()).toEqual(
    pages()
      .flatMap((page) => [`${page}.br`, `${page}.gz`])
      .sort(),
  );
  expect(outOfStep()).toEqual([]);
  expect(await check()).toEqual([]);
});

test('a build where nothing changed writes nothing; forms change with their page, and go with it', async () => {
  expect(await site.build()).toMatchObject({ written: 0, removed: 0 });
  site.wheel('glibc', { name: 'foo', version: '2.0' });
  site.wheel('glibc', { name: 'bar', version: '1.0' });
  await site.build();
  expect(outOfStep()).toEqual([]);
  expect(gunzipSync(bytes('glibc/simple/foo/index.html.gz')).toString()).toContain('foo-2.0');
  site.remove('glibc/packages/foo-1.0-py3-none-any.whl', 'glibc/packages/foo-2.0-py3-none-any.whl');
  await site.build();
  expect(existsSync(join(site.root, 'glibc/simple/foo'))).toBe(false);
  expect(existsSync(join(site.root, 'glibc/pypi/foo'))).toBe(false);
  expect(outOfStep()).toEqual([]);
});

test('forms go with the setting, and come with it; pages stay untouched', async () => {
  const before = Object.fromEntries(pages().map((page) => [page, bytes(page).toString()]));
  site.put('kho.toml', '');
  expect(await site.build()).toMatchObject({ written: 0, removed: 2 * pages().length });
  expect(forms()).toEqual([]);
  expect(await check()).toEqual([]);
  site.put('kho.toml', 'precompress = true');
  await site.build();
  expect(outOfStep()).toEqual([]);
  expect(Object.fromEntries(pages().map((page) => [page, bytes(page).toString()]))).toEqual(before);
});

test('without .kho, forms of pages that are gone are swept, and the others kept as they are', async () => {
  site.wheel('glibc', { name: 'bar', version: '1.0' });
  await site.build();
  const before = site.snapshot();
  site.remove('.kho', 'glibc/packages/bar-1.0-py3-none-any.whl');
  await site.build();
  expect(existsSync(join(site.root, 'glibc/simple/bar'))).toBe(false);
  expect(outOfStep()).toEqual([]);
  site.remove('.kho');
  site.wheel('glibc', { name: 'bar', version: '1.0' });
  await site.build();
  expect(site.snapshot()).toEqual(before);
});

const GONE = [
  ['glibc/simple/foo/index.html', 'glibc/pypi/foo/json', 'glibc/project/foo/index.html', 'project/changes.html'],
  [
    ...['glibc/simple/foo/index.json', 'glibc/pypi/foo/1.0/json', 'glibc/project/foo/changes.xml'],
    ...['glibc/simple/index.html', 'glibc/project/held.html', 'glibc/project/search-1.js'],
  ],
];

test("without .kho, forms whose page is gone are taken for kho's own, and the page comes back", async () => {
  site.wheel('glibc', { name: 'bar', version: '1.0' });
  await site.build();
  const before = site.snapshot();
  for (const pages of GONE) {
    site.remove('.kho', ...pages);
    await site.build();
    expect(site.snapshot()).toEqual(before);
    expect(await check()).toEqual([]);
    site.remove('.kho', ...pages);
    site.put('kho.toml', '');
    await site.build();
    expect(forms().filter((path) => /(?:simple|pypi|project)\//.test(path))).toEqual([]);
    site.put('kho.toml', 'precompress = true\n');
    await site.build();
  }
});

test('an index.html that somebody else wrote gets no forms', async () => {
  site.put('index.html', '<h1>Mine</h1>');
  await site.build();
  expect(forms().filter((path) => /^index/.test(path))).toEqual([]);
  expect(await check()).toEqual([]);
});

test.each([
  ['glibc/simple/foo/index.html.gz', 'is not the page beside it, packed'],
  ['glibc/simple/foo/index.json.br', 'is not the page beside it, packed'],
  ['glibc/pypi/foo/1.0/json.gz', 'is not the page beside it, packed'],
  ['glibc/SHA256SUMS.br', 'is not the page beside it, packed'],
  ['index.html.gz', 'is not the page beside it, packed'],
])('%s that was written over is found by kho check, and mended by kho build', async (path, what) => {
  writeFileSync(join(site.root, path), bytes('glibc/simple/index.html.gz').subarray(0, 40));
  expect(await check()).toEqual([`${path} ${what}`]);
  await site.build();
  expect(await check()).toEqual([]);
});

test('a form that is missing is found by kho check, and is back after kho build', async () => {
  site.remove('glibc/simple/foo/index.html.gz');
  expect(await check()).toEqual(['glibc/simple/foo/index.html.gz is missing']);
  await site.build();
  expect(outOfStep()).toEqual([]);
});

test('a bomb in the place of a form is not unpacked to its end', async () => {
  const { gzipSync } = await import('node:zlib');
  writeFileSync(join(site.root, 'glibc/simple/foo/index.html.gz'), gzipSync(Buffer.alloc(64 * 1024 * 1024)));
  const before = process.memoryUsage().rss;
  expect(await check()).toEqual(['glibc/simple/foo/index.html.gz is not the page beside it, packed']);
  expect(process.memoryUsage().rss - before).toBeLessThan(48 * 1024 * 1024);
});
