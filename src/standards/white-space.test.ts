import { expect, test } from 'vitest';
import { stripWhiteSpace } from './white-space.ts';

test.each([
  [' \t\r\n\v\fa b\x1c\x1f\x85\xa0\u2003\u3000', 'a b'],
  ['\ufeffa', '\ufeffa'], // white space for JavaScript only
  ['\u200b', '\u200b'],
  [' \n ', ''],
  ['', ''],
])('stripWhiteSpace() of %j is %j', (text, stripped) => {
  expect(stripWhiteSpace(text)).toBe(stripped);
});
