import { expect, test } from 'vitest';
import { uploadTime } from './upload-time.ts';

test.each([
  [0, '1970-01-01T00:00:00Z'],
  [1_700_000_000_000, '2023-11-14T22:13:20Z'],
  [1_700_000_000_001, '2023-11-14T22:13:20.001Z'],
  [1_700_000_000_120, '2023-11-14T22:13:20.120Z'],
])('uploadTime() of %d is %s', (ms, text) => {
  expect(uploadTime(ms)).toBe(text);
  expect(Date.parse(text)).toBe(ms); // it is recalled from the page
});

test.each([
  [-1, '1970-01-01T00:00:00Z'],
  [-1e20, '1970-01-01T00:00:00Z'],
  [1e20, '9999-12-31T23:59:59.999Z'],
])('uploadTime() keeps the absurd %d within the years that clients read', (ms, text) => {
  expect(uploadTime(ms)).toBe(text);
});
