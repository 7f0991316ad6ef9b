import { expect, test } from 'vitest';
import { folderTree } from '../../test/support/folder-tree.ts';
import { ownIcon } from './own-icon.ts';

test('ownIcon() is kho’s where the site has no logo', () => {
  expect(ownIcon({ root: '/nowhere' })).toMatch(/^<svg xmlns="[^"]+" viewBox="0 0 32 32"><path /);
});

test('ownIcon() carries a logo as a picture, in which nothing runs and which can end nothing', () => {
  const svg = '<svg viewBox="0 0 9 9" onload="pwned()"><title>"/></svg></title><script>pwned()</script></svg>';
  const icon = ownIcon({ root: folderTree({ 'logo.svg': svg }), logo: 'logo.svg' });
  expect(icon).toMatch(
    /^<svg xmlns="[^"]+" viewBox="0 0 32 32"><image width="32" height="32" href="data:image\/svg\+xml;base64,[A-Za-z0-9+/=]+"\/><\/svg>\n$/,
  );
});
