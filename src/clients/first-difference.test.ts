import { expect, test } from 'vitest';
import { firstDifference } from './first-difference.ts';

test.each([
  [
    { a: 1, b: [1, { c: null }] },
    { b: [1, { c: null }], a: 1 },
  ],
  [[], []],
  ['x', 'x'],
  [{ a: undefined }, {}],
])('firstDifference() finds none between %j and %j', (actual, expected) => {
  expect(firstDifference(actual, expected)).toBeUndefined();
});

test.each([
  [1, 2, 'says 1 instead of 2'],
  [{ a: 'x\n' }, { a: 'y' }, 'says a is "x\\n" instead of "y"'],
  [{ a: { b: [1, 2] } }, { a: { b: [1, 3] } }, 'says a.b[1] is 2 instead of 3'],
  [{}, { a: 1 }, 'lacks a'],
  [{ a: [1] }, { a: [] }, 'has a[0], which should not be there'],
  [{ a: [] }, { a: {} }, 'says a is something instead of something'],
  [{ a: null }, { a: [] }, 'says a is null instead of something'],
  [JSON.parse('{"__proto__": 1}'), {}, 'has __proto__, which should not be there'],
  [{}, { toString: 1 }, 'lacks toString'],
])('firstDifference() between %j and %j', (actual, expected, difference) => {
  expect(firstDifference(actual, expected)).toBe(difference);
});
