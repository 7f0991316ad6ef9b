import { expect, test } from 'vitest';
import { bold, paint, printable, printableJson, red } from './text.ts';

test.each([
  ['plain text, of any language', 'kho: gói cài đặt 包', 'kho: gói cài đặt 包'],
  ['a terminal escape', '\u001b[2Jx', '\\x1b[2Jx'],
  ['its one-byte form', '\u009b2J', '\\x9b2J'],
  ['line ends and tabs', 'a\r\n\tb', 'a\\x0d\\x0a\\x09b'],
  ['line separators', 'a\u2028b\u0085', 'a\\u2028b\\x85'],
  ['text that turns around', 'a\u202egpj.exe', 'a\\u202egpj.exe'],
  ['half a surrogate pair', 'a\ud800b', 'a\\ud800b'],
  ['a whole one', 'a😀', 'a😀'],
])('printable() writes %s', (_what, text, expected) => {
  expect(printable(text)).toBe(expected);
});

test('paint() colours styled pieces only, and only where colours are wanted', () => {
  const lines = [[bold('a'), ' b ', red('c\u001b')], 'd\n'];
  expect(paint(lines, false)).toBe('a b c\\x1b\nd\\x0a\n');
  expect(paint(lines, true)).toBe('\u001b[1ma\u001b[22m b \u001b[31mc\\x1b\u001b[39m\nd\\x0a\n');
});

test('printableJson() keeps the value and hides what steers', () => {
  const value = { file: 'a\u009b2J\u202e\u001b\u007f"\n', more: ['\ud800'] };
  const text = printableJson(value);
  expect(JSON.parse(text)).toEqual(value);
  expect(text).toMatch(/^[\n -~]*$/);
});
