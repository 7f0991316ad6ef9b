import { expect, test } from 'vitest';
import { shellWord } from './shell-word.ts';

test.each([
  ['/srv/PyPI', '/srv/PyPI'],
  ['/srv/My Packages', "'/srv/My Packages'"],
  ["/srv/it's", "'/srv/it'\\''s'"],
  ['/srv/$(reboot)', "'/srv/$(reboot)'"],
  ['', "''"],
])('shellWord(%j) is %s', (text, expected) => {
  expect(shellWord(text)).toBe(expected);
});
