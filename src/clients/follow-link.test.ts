import { expect, test } from 'vitest';
import { followLink } from './follow-link.ts';

const PAGE = 'glibc/simple/foo/index.html';

test.each([
  ['../../packages/foo-1.0%2Bx.whl', 'glibc/packages/foo-1.0+x.whl'],
  ['../../../common/packages/sub/foo.whl#sha256=0', 'common/packages/sub/foo.whl'],
  ['https://host/p/glibc/packages/%C3%A9.whl?x', 'glibc/packages/é.whl'],
  ['', 'glibc/simple/foo/index.html'],
  ['./', 'glibc/simple/foo/'],
])('followLink() of %j leads to %j', (link, path) => {
  expect(followLink(PAGE, link, 'https://host/p')).toBe(path);
});

test('followLink() starts from folders whose names mean something in addresses', () => {
  expect(followLink('a?b#c%20/simple/foo/index.html', '../../packages/x')).toBe('a?b#c%20/packages/x');
});

test.each([
  ['../../../../x'],
  ['/glibc/packages/x'],
  ['//evil/x'],
  ['https://evil/x'],
  ['https://host/px'],
  ['https://host/q/x'],
  ['javascript:alert(1)'],
  ['http://'],
  ['%ff'],
])('followLink() of %j leads out of the site, or nowhere', (link) => {
  expect(followLink(PAGE, link, 'https://host/p')).toBeUndefined();
});
