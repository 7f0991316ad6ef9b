import { expect, test } from 'vitest';
import { folderTree } from '../../test/support/folder-tree.ts';
import { ownStyle } from './own-style.ts';

test('ownStyle() adds nothing where nothing is said', () => {
  expect(ownStyle({ root: '/nowhere' })).toBe('');
});

test('ownStyle() says a colour for light and dark', () => {
  const style = ownStyle({ root: '/nowhere', colour: '#28607A' });
  expect(style).toMatch(/^:root\{--green:var\(--light,#28607a\) var\(--dark,#[0-9a-f]{6}\);/);
});

test('ownStyle() carries a logo as data that can end neither its address nor its rule', () => {
  const svg = '<svg viewBox="0 0 900 10"><title>")} body{display:none}</title><script>pwned()</script></svg>';
  const style = ownStyle({ root: folderTree({ 'logo.svg': svg }), logo: 'logo.svg' });
  expect(style).toMatch(
    /^\.logo\.is-own\{width:10rem;background-image:url\("data:image\/svg\+xml;base64,[A-Za-z0-9+/=]+"\)\}\n$/,
  );
});
