import { expect, test } from 'vitest';
import { decodeWords } from './encoded-words.ts';

test.each([
  ['=?utf-8?q?Sebasti=C3=A1n_Ram=C3=ADrez?=', 'Sebastián Ramírez'],
  ['=?UTF-8?B?Tmd1eeG7hW4=?= Thu', 'Nguyễn Thu'],
  ['=?iso-8859-1?Q?Andr=E9?= =?iso-8859-1?Q?_Pirard?=', 'André Pirard'],
  ['=?utf-8*en?q?caf=C3=A9?=', 'café'],
  ['plain = text?', 'plain = text?'],
  ['=?no-such-charset?q?a?=', '=?no-such-charset?q?a?='],
  ['=?utf-8?q?=FF?=', '=?utf-8?q?=FF?='],
])('decodeWords() makes of %j %j', (text, expected) => {
  expect(decodeWords(text)).toBe(expected);
});
