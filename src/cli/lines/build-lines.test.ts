import { expect, test } from 'vitest';
import { paint } from '../text.ts';
import { findingLines, repositoryLines, totalsLine } from './build-lines.ts';

test('repositoryLines() lines repositories up', () => {
  const lines = repositoryLines([
    { name: 'glibc', projects: 1, files: 1, bytes: 999 },
    { name: 'musl', projects: 12, files: 1234, bytes: 5_600_000 },
  ]);
  expect(paint(lines, false)).toBe(
    ['glibc    1 project       1 file  999 bytes', 'musl   12 projects  1,234 files     5.6 MB', ''].join('\n'),
  );
});

test('findingLines() has a heading for problems and one for notes, and nothing for none', () => {
  const problem = { code: 'empty', file: 'a.whl', what: 'is empty', hint: 'copy it' } as const;
  const note = { ...problem, code: 'replaced' } as const;
  expect(findingLines([], [])).toEqual([]);
  const headings = (lines: ReturnType<typeof findingLines>) =>
    paint(lines, false)
      .split('\n')
      .filter((line) => /^\d/.test(line));
  expect(headings(findingLines([problem, problem], []))).toEqual(['2 problems:']);
  expect(headings(findingLines([problem], [note]))).toEqual(['1 problem:', '1 note:']);
});

test('totalsLine() counts what was done', () => {
  const totals = { written: 1200, unchanged: 3, removed: 0, due: { outdated: 0, unverified: 0 }, durationMs: 312 };
  expect(totalsLine({ site: '/s', repositories: [], problems: [], notes: [], moved: [], ...totals })).toBe(
    '1,200 written, 3 unchanged, 0 removed in 0.31 s',
  );
});
