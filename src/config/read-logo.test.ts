import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderTree } from '../../test/support/folder-tree.ts';
import { loadSite } from './load-config.ts';
import { LOGO_LIMIT, logoFault, readLogo } from './read-logo.ts';

const SVG = '<svg viewBox="0 0 20 10"><path d="M0 0h9v9z"/></svg>';

test.each(['logo.svg', 'images/Our Logo.PNG', 'a.jpeg', 'biểu-trưng.webp'])('logoFault() takes %j', (path) => {
  expect(logoFault(path)).toBeUndefined();
});

test.each([
  ['logo.gif', 'must name a picture that ends in'],
  ['kho.toml', 'must name a picture that ends in'],
  ['../logo.svg', 'must be a path from the site'],
  ['images/../../logo.svg', 'must be a path from the site'],
  ['/etc/logo.svg', 'must be a path from the site'],
  ['.kho-keep/logo.svg', 'must be a path from the site'],
  ['a\\logo.svg', 'backslashes'],
  ['a\nlogo.svg', 'control characters'],
])('logoFault() refuses %j: %s', (path, why) => {
  expect(logoFault(path)).toContain(why);
});

test('readLogo() reads a picture of the site', () => {
  const root = folderTree({ 'images/logo.svg': SVG });
  expect(readLogo(root, 'images/logo.svg')).toMatchObject({ type: 'svg+xml', ratio: 2 });
});

test.each([
  ['what is not there', 'none.svg', 'it cannot be read'],
  ['a folder', 'folder.svg', 'it cannot be read'],
  ['a link', 'link.svg', 'it cannot be read'],
  ['what is no picture', 'text.svg', 'it is no SVG, PNG, WebP or JPEG'],
  ['what is too large', 'large.svg', `it is larger than ${LOGO_LIMIT.toLocaleString('en')} bytes`],
])('readLogo() refuses %s', async (_what, path, why) => {
  const root = folderTree({
    ...{ 'folder.svg/a': '', 'text.svg': 'root:x:0:0', 'large.svg': SVG + ' '.repeat(LOGO_LIMIT), 'logo.svg': SVG },
    ...{ 'glibc/packages/.keep': '', 'kho.toml': `logo = "${path}"\n` },
  });
  symlinkSync(join(root, 'logo.svg'), join(root, 'link.svg'));
  expect(() => readLogo(root, path)).toThrow(why);
  await expect(loadSite(root)).rejects.toThrow(`Cannot use "${path}" as logo: ${why}`);
});
