import { expect, test } from 'vitest';
import { KhoError } from '../errors.ts';
import { saysFull, troubleOf } from './trouble.ts';

const failing = (code: string) =>
  new KhoError('WRITE', 'Cannot write', { cause: Object.assign(new Error(code), { code }) });

test.each([
  ['ENOSPC', 'full'],
  ['EDQUOT', 'full'],
  ['EACCES', 'trouble'],
  ['EROFS', 'trouble'],
])('troubleOf() a disk that says %s is %s', (code, why) => {
  expect(troubleOf(failing(code))).toMatchObject({ is: 'refused', why });
});

test('troubleOf() lets a bug through', () => {
  expect(() => troubleOf(new TypeError('bug'))).toThrow('bug');
});

test.each([
  ['cannot be written (ENOSPC)', true],
  ['cannot be written (EACCES)', false],
])('saysFull() "%s" is %s', (what, isFull) => {
  expect(saysFull(what)).toBe(isFull);
});
