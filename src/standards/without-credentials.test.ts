import { expect, test } from 'vitest';
import { withoutCredentials } from './without-credentials.ts';

test.each([
  ['https://user:secret@a.vn/x', 'https://a.vn/x'],
  ['https://token@a.vn', 'https://a.vn'],
  ['a @ git+https://u:p@ss@a.vn/b.git@v1 and http://:x@c.vn', 'a @ git+https://a.vn/b.git@v1 and http://c.vn'],
  ['https://a.vn/team/x@1', 'https://a.vn/team/x@1'],
  ['https://a.vn?mail=x@y', 'https://a.vn?mail=x@y'],
  ['nothing of the kind', 'nothing of the kind'],
])('withoutCredentials() of %j', (text, shown) => {
  expect(withoutCredentials(text)).toBe(shown);
});
