import { randomBytes } from 'node:crypto';
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
  ['simple', 'index.html.txt', HTML, false],
  ['simple', 'myindex.json', JSON_INDEX, false],
  ['simple', 'json', JSON_INDEX, true],
  ['simple', 'json', '', true],
  ['simple', 'notes.json', '', false],
  ['simple', 'foo.css', 'a {}', true],
  ['simple', 'f.js.gz', 'x', true],
  ['simple', 'changes.xml', '<feed/>', true],
  ['simple', 'atom.xml', '<feed/>', true],
  ['simple', 'other.xml', '<feed/>', false],
  ['simple', 'other.xml', '', true],
  ['simple', 'index.html', `\ufeff  \n${HTML}`, true],
  ['simple', 'index.html', `x${HTML}`, false],
  ['simple', 'index.json', `\ufeff\n {\n "files": []}`, true],
  ['simple', 'index.json', `[${JSON_INDEX}]`, false],
  ['project', 'theme.0123456789.css', '', true],
  ['project', 'texts-vi.0123456789.js', '', true],
  ['project', 'texts-pt-br.0123456789.js', '', true],
  ['project', 'texts-.0123456789.js', 'x', false],
  ['project', 'my-kho.0123456789.css', 'x', false],
  ['project', 'kho.0123456789.css.bak', 'x', false],
  ['project', 'kho.012345678.css', 'x', false],
  ['project', 'search-all.js', 'x', true],
  ['project', 'search-all-12.js', 'x', true],
  ['project', 'search-12.js', 'x', true],
  ['project', 'search-0a1b2c3d4e.js', 'x', true],
  ['project', 'search-0a1b2c3d4.js', 'x', false],
  ['project', 'search-x.js', 'x', false],
  ['project', 'changes.xml', 'x', true],
  ['project', 'held.html.bak', OURS, false],
  ['project', 'held.html.gz', gzipSync(OURS), true],
  ['project', 'held.html.br', brotliCompressSync(OURS), true],
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

test('isOwnFile() looks at the beginning of what is packed', () => {
  site.put('simple/index.html.gz', gzipSync(Buffer.concat([Buffer.from(HTML), randomBytes(3 * 1024 * 1024)])));
  expect(isOwnFile('simple', join(site.root, 'simple/index.html.gz'), 'index.html.gz')).toBe(true);
});

test('isOwnFile() takes no folder for a file', () => {
  site.put('simple/index.html/file', '');
  expect(isOwnFile('simple', join(site.root, 'simple/index.html'), 'index.html')).toBe(false);
});
