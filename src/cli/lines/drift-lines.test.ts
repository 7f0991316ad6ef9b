import { expect, test } from 'vitest';
import { paint } from '../text.ts';
import { checkResultLine, driftLines } from './drift-lines.ts';

const DRIFTS = [
  { file: 'a/index.json', what: 'is missing', hint: 'build' },
  { file: 'a/index.json', what: 'is odd', hint: 'build' },
  { file: 'b.whl', what: 'is \u001b[2J gone', hint: 'copy' },
  { file: 'c.json', what: 'is missing', hint: 'build' },
];

test('driftLines() names each file and each way out once', () => {
  expect(paint(driftLines(DRIFTS), false)).toBe(
    [
      '  a/index.json',
      '      is missing',
      '      is odd',
      '  c.json',
      '      is missing',
      '      hint: build',
      '',
      '  b.whl',
      '      is \\x1b[2J gone',
      '      hint: copy',
      '',
      '',
    ].join('\n'),
  );
});

test('driftLines() names a few of many, and counts the rest', () => {
  const many = Array.from({ length: 1500 }, (_, at) => ({ file: `${at}.json`, what: 'is missing', hint: 'build' }));
  const lines = paint(driftLines(many), false).split('\n');
  expect(lines).toHaveLength(44);
  expect(lines.slice(40, 42)).toEqual([
    '  and 1,480 more differences: kho check --all names them',
    '      hint: build',
  ]);
  expect(paint(driftLines(many, Number.POSITIVE_INFINITY), false)).toContain('1499.json');
});

test.each([
  [[], 'fine: 1,234 packages and all pages are as they should be\n'],
  [DRIFTS, 'drift: 4 differences in 3 files\n'],
])('checkResultLine() of %j', (drifts, text) => {
  expect(paint([checkResultLine(drifts, 1234)], false)).toBe(text);
});
