import { expect, test } from 'vitest';
import { PROBLEM_HINTS } from '../../../problems.ts';
import { LANGUAGES } from '../../../standards/languages.ts';
import { heldTable } from '../held-table.ts';
import { Words } from '../words.ts';
import { heldWords } from './held-words.ts';

const CODES = Object.keys(PROBLEM_HINTS) as (keyof typeof PROBLEM_HINTS)[];

test.each(LANGUAGES.filter((language) => language !== 'en'))('%s has words of its own for each problem', (language) => {
  for (const code of CODES) {
    const words = heldWords(language, code, PROBLEM_HINTS[code]);
    expect([code, words?.why.trim(), words?.todo.trim()]).toEqual([
      code,
      expect.stringMatching(/\.$/),
      expect.stringMatching(/[^.]$/),
    ]);
  }
  expect(new Set(CODES.map((code) => heldWords(language, code, PROBLEM_HINTS[code])?.why)).size).toBe(CODES.length);
});

test.each([
  ['move it to musl/packages/', 'chuyển tệp sang musl/packages/'],
  ['move it to a/packages/, b/packages/ or c/packages/', 'chuyển tệp sang a/packages/, b/packages/ hoặc c/packages/'],
  [
    'no repository of this site takes it: make one for glibc-armv6l, or name that in platforms of kho.toml',
    'chưa có kho con nào nhận tệp này: hãy tạo một kho con cho glibc-armv6l, hoặc ghi glibc-armv6l vào platforms trong kho.toml',
  ],
  ['do something new', 'chuyển tệp sang kho con dành cho nền tảng của nó (do something new)'],
])('a hint that says more than the ordinary one is not lost in Vietnamese: %s', (hint, todo) => {
  expect(heldWords('vi', 'wrong-platform', hint)?.todo).toBe(todo);
});

test('a held file has its reason in all languages, and shows that of the page', () => {
  const held = {
    file: 'glibc/packages/a.whl',
    code: 'wrong-platform',
    what: 'is for musl-x86_64',
    hint: 'move it away',
  };
  for (const language of LANGUAGES) {
    const { text } = heldTable([held], new Words(language));
    for (const each of LANGUAGES) {
      expect(text).toContain(`data-language="${each}"${each === language ? '' : ' hidden'}>`);
    }
  }
});
