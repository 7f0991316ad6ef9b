import { expect, test } from 'vitest';
import { checkWheelLayout } from './wheel-layout.ts';

const check = (...paths: string[]) =>
  checkWheelLayout(
    paths.map((path) => ({ path: path.replace(/\/$/, ''), size: 1, kind: path.endsWith('/') ? 'folder' : 'file' })),
  );

test.each([
  ['foo/', 'foo/a.py', 'foo/b/c.py', 'foo.py', 'a.py'],
  ['foo-1.data/', 'foo-1.data/scripts/', 'foo-1.data/scripts/x', 'foo-1.data/data/share/x'],
  ['foo/foo-1.data/x', 'data/x', 'x.database/y'],
  [`foo/${'a'.repeat(255)}`, `${'é'.repeat(127)}/x`, `${'a/'.repeat(1000)}b`],
])('checkWheelLayout() takes %j …', (...paths) => expect(check(...paths)).toBeUndefined());

test.each([
  ['a/\u0001b', 'uv'],
  ['foo-1.data/scripts/a/b', 'uv'],
  ['foo-1.data/nonsense/', 'uv'],
])('checkWheelLayout() says who refuses %j', (path, who) => expect(check('a.py', path)).toContain(who));

test.each([
  ['foo-1.data/x'],
  ['foo-1.data/nonsense/x'],
  ['.data/x'],
  ['foo-1.data'],
  ['a', 'a/b'],
  ['a/b/c', 'a'],
  ['x/y', 'a/b/c/d', 'a/b'],
  [`foo/${'a'.repeat(256)}`],
  [`foo/${'é'.repeat(128)}`],
  [`${'a'.repeat(256)}/b`],
  ['a/'.repeat(2100) + 'b'],
])('checkWheelLayout() refuses %j', (...paths) => {
  expect(() => check(...paths)).toThrow(expect.objectContaining({ code: 'cannot-install' }));
});

test('checkWheelLayout() says that one path is a file and an empty folder', () => {
  expect(check('a', 'a/')).toContain('uv refuses it');
});
