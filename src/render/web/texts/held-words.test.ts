import { expect, test } from 'vitest';
import { PROBLEM_HINTS } from '../../../problems.ts';
import { LANGUAGES } from '../../../standards/languages.ts';
import { heldTable } from '../held-table.ts';
import { Words } from '../words.ts';
import { heldWords } from './held-words.ts';

const CODES = Object.keys(PROBLEM_HINTS) as (keyof typeof PROBLEM_HINTS)[];

test.each(LANGUAGES.filter((language) => language !== 'en'))('%s has words of its own for each problem', (language) => {
  for (const code of CODES) {
    const words = heldWords(language, code);
    expect([code, words?.why.trim(), words?.todo.trim()]).toEqual([
      code,
      expect.stringMatching(/\.$/),
      expect.stringMatching(/[^.]$/),
    ]);
  }
  expect(new Set(CODES.map((code) => heldWords(language, code)?.why)).size).toBe(CODES.length);
});

test('a hint that says more than the ordinary one is not lost in another language', () => {
  const held = {
    file: 'glibc/packages/a.whl',
    code: 'wrong-platform',
    what: 'is for musl-x86_64',
    hint: 'move it to musl/packages/',
  };
  for (const language of LANGUAGES)
    expect(heldTable([held], new Words(language)).text).toContain('move it to musl/packages/');
  const ordinary = { ...held, hint: PROBLEM_HINTS['wrong-platform'] };
  expect(heldTable([ordinary], new Words('vi')).text).not.toContain(ordinary.hint);
});
