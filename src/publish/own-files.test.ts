import { chownSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestSite } from '../../test/support/site.ts';
import { isOwnFile, type OwnedFolder } from './own-files.ts';

let site: TestSite;
beforeEach(() => {
  site = new TestSite();
});
afterEach(() => site.close());

const OURS = '<!doctype html><head><meta name="generator" content="kho"></head>';
const HTML = '<!doctype html><title>of another tool</title>';
const JSON_INDEX = '{"meta":{"api-version":"1.0"}}';

test.each<[folder: OwnedFolder, name: string, content: string | Buffer, isOwn: boolean]>([
  ['simple', 'index.html', OURS, true],
  ['simple', 'index.html', HTML, true],
  ['simple', 'index.html', 'a text', false],
  ['simple', 'index.html.gz', gzipSync(HTML), true],
  ['simple', 'index.html.gz', gzipSync('a text'), false],
  ['simple', 'index.html.br', brotliCompressSync(HTML), true],
  ['simple', 'index.html.br', 'not packed at all', false],
  ['simple', 'index.json', JSON_INDEX, true],
  ['simple', 'index.json', '{"private":"notes"}', false],
  ['pypi', 'json', JSON_INDEX, true],
  ['pypi', 'notes.json', JSON_INDEX, false],
  ['simple', 'index.html', '', true],
  ['simple', 'notes.txt', '', false],
  ['simple', 'foo-1.0-py3-none-any.whl', 'a wheel', false],
  ['project', 'index.html', OURS, true],
  ['project', 'index.html', HTML, false],
  ['project', 'kho.0123456789.css', '', true],
  ['project', 'icon.0123456789.svg', '<svg/>', true],
  ['project', 'icon.0123456789.svg.br', 'x', true],
  ['project', 'icon.svg', '<svg/>', false],
  ['project', 'search-1.js.gz', 'x', true],
  ['project', 'style.css', 'a {}', false],
  ['project', 'data.json', JSON_INDEX, false],
  ['simple', '.kho-1-0123456789ab-0', 'staged', true],
])('isOwnFile() in %s/ of %s with %j: %s', (folder, name, content, expected) => {
  site.put(`${folder}/${name}`, content);
  expect(isOwnFile(folder, join(site.root, folder, name), name)).toBe(expected);
});

test.runIf(process.getuid?.() === 0)('isOwnFile() takes no hidden file of another user for kho’s', () => {
  site.put('simple/.kho-1-0123456789ab-0', '');
  const path = join(site.root, 'simple/.kho-1-0123456789ab-0');
  chownSync(path, 12_345, 12_345);
  expect(isOwnFile('simple', path, '.kho-1-0123456789ab-0')).toBe(false);
});

test('isOwnFile() takes no folder for a file', () => {
  site.put('simple/index.html/file', '');
  expect(isOwnFile('simple', join(site.root, 'simple/index.html'), 'index.html')).toBe(false);
});
