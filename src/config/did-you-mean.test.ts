import { expect, test } from 'vitest';
import { didYouMean } from './did-you-mean.ts';

const KEYS = ['title', 'url', 'repositories'];

test.each([
  ['titel', '; did you mean "title"?'],
  ['Title', '; did you mean "title"?'],
  ['repository', ''],
  ['repositorie', '; did you mean "repositories"?'],
  ['platforms', ''],
  ['x', ''],
])('didYouMean(%j) says %j', (word, expected) => {
  expect(didYouMean(word, KEYS)).toBe(expected);
});

test('didYouMean() says nothing when nothing is known', () => {
  expect(didYouMean('x', [])).toBe('');
});
