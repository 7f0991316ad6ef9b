import { expect, test } from 'vitest';
import { contrast, mixed } from './contrast.ts';

test.each([
  ['#000000', '#ffffff', 21],
  ['#ffffff', '#ffffff', 1],
  ['#767676', '#ffffff', 4.54], // the lightest grey that AA allows on white
  ['#777777', '#ffffff', 4.48],
  ['#ff0000', '#ffffff', 4],
])('contrast() of %s and %s is %d', (a, b, expected) => {
  expect(contrast(a, b)).toBeCloseTo(expected, 2);
  expect(contrast(b, a)).toBe(contrast(a, b));
});

test('mixed() takes a share of another colour', () => {
  expect(mixed('#102030', '#ffffff', 0)).toBe('#102030');
  expect(mixed('#102030', '#ffffff', 1)).toBe('#ffffff');
  expect(mixed('#000000', '#ffffff', 0.5)).toBe('#808080');
});
