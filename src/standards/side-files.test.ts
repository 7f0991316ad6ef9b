import { expect, test } from 'vitest';
import {
  COPIED_SIDE_FILES,
  isAboutBytes,
  PEOPLES_SIDE_FILES,
  SERVED_SIDE_FILES,
  SIDE_FILE_KINDS,
  SIDE_FILES,
  servedSideOf,
} from './side-files.ts';

test('SIDE_FILE_KINDS say who writes them, who reads them, and what they are about', () => {
  expect(SIDE_FILES).toEqual(['yanked', 'asc', 'provenance', 'metadata']);
  expect(PEOPLES_SIDE_FILES).toEqual(['yanked', 'asc', 'provenance']);
  expect(SERVED_SIDE_FILES).toEqual(['asc', 'provenance', 'metadata']);
  expect(COPIED_SIDE_FILES).toEqual(['asc', 'provenance']);
  expect(SIDE_FILES.filter(isAboutBytes)).toEqual(['asc', 'provenance']);
});

test('SIDE_FILE_KINDS of people each have a mark of their own in the state of a file', () => {
  const marks = PEOPLES_SIDE_FILES.map((side) => SIDE_FILE_KINDS[side].mark);
  for (const mark of marks) expect(mark).toMatch(/^[a-z]$/);
  expect(new Set(marks).size).toBe(marks.length);
});

test.each([
  ['a.whl', undefined],
  ['a.whl.asc', 'asc'],
  ['a.tar.gz.metadata', 'metadata'],
  ['a.whl.yanked', undefined],
  ['provenance', undefined],
])('servedSideOf() reads %s as %s', (path, side) => {
  expect(servedSideOf(path)).toBe(side);
});
