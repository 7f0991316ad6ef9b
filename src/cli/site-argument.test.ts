import { expect, test } from 'vitest';
import { folders, folderTree } from '../../test/support/folder-tree.ts';
import { chooseSite } from './site-argument.ts';

test('chooseSite() takes whichever is given, or both when they name one folder', () => {
  const root = folderTree({ ...folders('a'), b: '-> a' });
  expect(chooseSite(undefined, undefined)).toBeUndefined();
  expect(chooseSite('x', undefined)).toBe('x');
  expect(chooseSite(undefined, 'x')).toBe('x');
  expect(chooseSite(`${root}/a`, `${root}/b/`)).toBe(`${root}/a`);
  expect(chooseSite('./nowhere', 'nowhere/')).toBe('./nowhere');
});

test.each([
  ['a', 'b', 'Cannot use two sites: "a" and --site "b"'],
  ['', undefined, 'without a name'],
  [undefined, '', 'without a name'],
])('chooseSite() refuses %j with --site %j', (positional, option, why) => {
  expect(() => chooseSite(positional, option)).toThrow(
    expect.objectContaining({ code: 'USAGE', message: expect.stringContaining(why) }),
  );
});
