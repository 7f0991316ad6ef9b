import { expect, test } from 'vitest';
import { paint } from '../text.ts';
import { listLines } from './list-lines.ts';

test('listLines() shows each repository with its projects', () => {
  const bar = { name: 'bar', versions: ['1'], platforms: ['any', 'sdist'], files: 2, bytes: 2000 };
  const foo = {
    name: 'foo-baz',
    status: 'deprecated',
    versions: ['3', '2.1', '2', '1.1', '1'],
    yanked: ['3', '1'],
    platforms: ['any'],
    files: 5,
    bytes: 12_000,
  };
  const lines = listLines({
    site: '/srv',
    repositories: [
      { name: 'glibc', projects: [bar, foo] },
      { name: 'musl', projects: [] },
    ],
  });
  expect(paint(lines, false)).toBe(
    [
      'glibc  2 projects, 7 files, 14 kB',
      '  bar      1                                   2.0 kB  any, sdist',
      '  foo-baz  3 (yanked), 2.1, 2, 1.1 … 5 in all   12 kB  any (deprecated)',
      '',
      'musl  0 projects, 0 files, 0 bytes',
      '',
    ].join('\n'),
  );
});
