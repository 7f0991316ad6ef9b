import { expect, test } from 'vitest';
import { fileHtmlPath } from './places.ts';

test.each(['1.0', '2!1.0+cu118.x', '2004d', 'index', 'json', 'x'.repeat(200)])(
  'fileHtmlPath() has a folder for %j',
  (version) => {
    expect(fileHtmlPath('foo', version, 'foo.zip')).toBe(`project/foo/${version}/foo.zip.html`);
  },
);

test.each([
  '..',
  '',
  'a/b',
  'a b',
  'é',
  'x'.repeat(201),
  'index.html',
  'INDEX.HTML',
  'changes.xml',
  'changes.xml.gz',
  'index.html.br',
])('fileHtmlPath() makes no folder of the legacy version %j', (version) => {
  expect(fileHtmlPath('foo', version, 'foo.zip')).toBeUndefined();
});

test('fileHtmlPath() gives no page to a file whose name leaves no room for an ending', () => {
  expect(fileHtmlPath('foo', '1', 'x'.repeat(251))).toBeUndefined();
});
