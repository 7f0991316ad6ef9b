import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyDiff, diffPath, writeDiff } from './catalogue-diff.ts';

const sha = (text: string) => createHash('sha256').update(text).digest('hex');
const of = (text: string) => ({ sha256: sha(text), size: Buffer.byteLength(text) });
const textOf = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');

test.each<[string, string[], string[], string[]]>([
  ['nothing', ['a', 'b'], ['a', 'b'], ['=2']],
  ['a line more', ['a', 'c'], ['a', 'b', 'c'], ['=1', '+b', '=1']],
  ['a line less', ['a', 'b', 'c'], ['a', 'c'], ['=1', '-1', '=1']],
  ['a line that changed', ['a', 'b', 'c'], ['a', 'B', 'c'], ['=1', '-1', '+B', '=1']],
  ['all of it', ['a'], ['b'], ['-1', '+b']],
  ['a first line', [], ['a'], ['+a']],
  ['the last line', ['a'], [], ['-1']],
])('writeDiff() says %s', (_what, from, to, steps) => {
  const diff = writeDiff(textOf(from), textOf(to));
  expect(diff.trimEnd().split('\n').slice(1)).toEqual(steps);
  expect(applyDiff(textOf(from), diff, of(textOf(to)))).toBe(textOf(to));
});

test('applyDiff() makes of any catalogue any other, also out of order', () => {
  const lines = fc.array(fc.constantFrom('', 'a', 'b', 'c', '=1', '-2', '+é', 'kho'), { maxLength: 12 });
  fc.assert(
    fc.property(lines, lines, (from, to) => {
      expect(applyDiff(textOf(from), writeDiff(textOf(from), textOf(to)), of(textOf(to)))).toBe(textOf(to));
    }),
  );
});

const OLD = 'a\nb\n';
const NEW = 'a\nc\n';
const opening = `kho-catalogue-diff 1 ${sha(OLD)} ${sha(NEW)}\n`;

test.each<[string, string]>([
  ['no difference', 'a\n'],
  ['one from another catalogue', writeDiff('x\n', NEW)],
  ['one to another catalogue', writeDiff(OLD, 'x\n')],
  ['a step that is none', `${opening}*1\n`],
  ['a step of nothing', `${opening}=0\n`],
  ['a step without end', `${opening}=99999999999\n`],
  ['more lines than there are', `${opening}=3\n`],
  ['fewer lines than there are', `${opening}=1\n+c\n`],
  ['more than is wanted', `${opening}=1\n+${'c'.repeat(100)}\n-1\n`],
  ['what comes out wrong', `${opening}=1\n-1\n+d\n`],
])('applyDiff() refuses %s', (_what, diff) => {
  expect(() => applyDiff(OLD, diff, of(NEW))).toThrow(/^Cannot use the difference of two catalogues: /);
});

test('diffPath() names both', () => {
  expect(diffPath('1'.repeat(64), '2'.repeat(64))).toBe(`sync/${'1'.repeat(12)}-${'2'.repeat(12)}.diff.br`);
});
