import { expect, test } from 'vitest';
import { paint } from '../text.ts';
import { problemLines } from './problem-lines.ts';

const readme = {
  code: 'not-a-package',
  what: 'is neither a wheel nor an sdist',
  hint: 'move it out of packages/',
} as const;

test('problemLines() shows each file with what, code and hint', () => {
  expect(paint(problemLines([{ ...readme, file: 'glibc/packages/a\u001b[31m.txt' }]), false)).toBe(
    [
      '  glibc/packages/a\\x1b[31m.txt',
      '      is neither a wheel nor an sdist [not-a-package]',
      '      hint: move it out of packages/',
      '',
    ].join('\n'),
  );
});

test('problemLines() says once what files have in common, and names all of them', () => {
  const many = Array.from({ length: 300 }, (_, index) => ({ ...readme, file: `${index}.txt` }));
  const other = { code: 'empty', what: 'is empty', hint: 'copy the file again', file: 'x.whl' } as const;
  const lines = problemLines([many[0]!, other, ...many.slice(1)]).map((line) => paint([line], false).trimEnd());
  expect(lines[0]).toBe('  300 files: is neither a wheel nor an sdist [not-a-package]');
  expect(lines.slice(1, 301)).toEqual(many.map(({ file }) => `      ${file}`));
  expect(lines.slice(301)).toEqual([
    '      hint: move it out of packages/',
    '  x.whl',
    '      is empty [empty]',
    '      hint: copy the file again',
  ]);
});

test('problemLines() counts what would be too much to read', () => {
  const alike = Array.from({ length: 100_000 }, (_, index) => ({ ...readme, file: `${index}.txt` }));
  expect(problemLines(alike).slice(-2)[0]).toBe('      and 99,700 more: --json names all');
  const apart = alike.slice(0, 1000).map((one, index) => ({ ...one, what: `is odd in way ${index}` }));
  expect(problemLines(apart).at(-1)).toBe('  and 700 more of other kinds: --json names all');
});

test('problemLines() keeps apart what differs in one word', () => {
  const lines = problemLines([
    { ...readme, file: 'a' },
    { ...readme, file: 'b', hint: 'rename it' },
  ]);
  expect(lines).toHaveLength(6);
});

test('problemLines() has one line for a project that was unpacked in packages/', () => {
  const files = ['README.txt', 'foo-1.0/setup.py', 'foo-1.0/src/foo/a.py', 'foo-1.0/src/foo/b.py', 'bar/x', 'z.txt'];
  const lines = problemLines(files.map((file) => ({ ...readme, file: `glibc/packages/${file}` })));
  expect(paint(lines, false).split('\n').slice(1, -2)).toEqual([
    '      glibc/packages/README.txt',
    '      glibc/packages/foo-1.0/: 3 files in it and below',
    '      glibc/packages/bar/x',
    '      glibc/packages/z.txt',
  ]);
});

test('problemLines() names each broken package, wherever it lies', () => {
  const broken = { code: 'empty', what: 'is empty', hint: 'copy the file again' } as const;
  const files = ['glibc/packages/sub/a.whl', 'glibc/packages/sub/b.whl'];
  const lines = problemLines(files.map((file) => ({ ...broken, file })));
  expect(paint(lines, false)).toContain(files.map((file) => `      ${file}\n`).join(''));
});
