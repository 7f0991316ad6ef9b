import { expect, test } from 'vitest';
import { quoted } from './quoted.ts';

test.each([
  ['plain text', 'foo', '"foo"'],
  ['a quote', 'a"b', '"a\\"b"'],
  ['a line break', 'a\nb', '"a\\nb"'],
  ['a terminal escape', '\x1b[31m\x9b', '"\\u001b[31m\\u009b"'],
  ['a change of writing direction', 'gnp\u202e.exe', '"gnp\\u202e.exe"'],
  ['half a surrogate pair', '\ud800', '"\\ud800"'],
  ['Vietnamese as it is', 'hạt-giống', '"hạt-giống"'],
])('quoted() shows %s', (_what, text, shown) => {
  expect(quoted(text)).toBe(shown);
});

test('quoted() cuts what is too long', () => {
  expect(quoted('x'.repeat(5_000_000))).toBe(`"${'x'.repeat(100)}…"`);
});
