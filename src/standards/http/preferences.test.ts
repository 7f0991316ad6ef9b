import { expect, test } from 'vitest';
import { chooseCoding, parsePreferences } from './preferences.ts';

test.each([
  ['weights', 'a/b;q=0.5, c/d', { 'a/b': 0.5, 'c/d': 1 }],
  ['any case and space', ' A/B ; Q = 0.25 ,c', { 'a/b': 0.25, c: 1 }],
  ['other parameters', 'text/html;level=1;q=0.4', { 'text/html': 0.4 }],
  ['the greater of two', 'a;q=0.1, a;q=0.7, a;q=0.2', { a: 0.7 }],
  ['a refusal', 'gzip;q=0', { gzip: 0 }],
  ['a weight that is none as 1', 'a;q=2, b;q=x, c;q=-1, d;q=', { a: 1, b: 1, c: 1, d: 1 }],
  ['empty items', ',, a ,', { a: 1 }],
  ['nothing', '', {}],
])('parsePreferences() reads %s', (_what, header, expected) => {
  expect(Object.fromEntries(parsePreferences(header))).toEqual(expected);
});

test('parsePreferences() reads no more than 32 items', () => {
  const header = Array.from({ length: 50_000 }, (_, place) => `type/t${place}`).join(',');
  expect(parsePreferences(header).size).toBe(32);
});

test.each([
  [undefined, 'identity'],
  ['', 'identity'],
  ['identity', 'identity'],
  ['gzip, deflate', 'gzip'],
  ['gzip, deflate, br', 'br'],
  ['gzip, deflate, zstd', 'gzip'],
  ['br;q=0.5, gzip;q=0.8', 'gzip'],
  ['gzip;q=0', 'identity'],
  ['*', 'br'],
  ['*;q=0', 'identity'],
  ['br;q=0, *', 'gzip'],
  ['identity;q=0.5, gzip;q=0.1', 'identity'],
  ['deflate', 'identity'],
  ['GZIP', 'gzip'],
])('chooseCoding() answers %j with %s', (header, coding) => {
  expect(chooseCoding(header)).toBe(coding);
});
