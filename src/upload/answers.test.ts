/** What clients take for "it is there already, go on" stands in one answer alone: in all others it would hide that a file was refused. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FormatError, PROBLEM_HINTS, type ProblemCode } from '../problems.ts';
import { answer, SKIP_WORDS } from './answers.ts';
import { bad, badFormat } from './refusals.ts';

const CODES = Object.keys(PROBLEM_HINTS) as ProblemCode[];
const skipIn = (text: string) => SKIP_WORDS.filter((words) => text.toLowerCase().includes(words));

test.each(CODES)('the words of a file that is refused as %s make no client skip it', (code) => {
  const fault = { code, what: 'is wrong', hint: PROBLEM_HINTS[code] };
  for (const { text } of [bad('farm-1.0.tar.gz', fault), badFormat('farm-1.0.tar.gz', new FormatError(code, 'is'))]) {
    expect(text).toContain(`[${code}]`);
    expect(skipIn(text)).toEqual([]);
  }
});

const SOURCES = join(import.meta.dirname, '..');
const FILES = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((path) =>
  /(?<!\.test)\.ts$/.test(path),
);

/** The one answer, the list itself, and what never leaves the machine. */
const MAY_SAY: ReadonlySet<string> = new Set(['upload/answers.ts', 'upload/refusals.ts']);

test('no other text of kho, whichever fault it tells of, has words that make clients skip a file', () => {
  expect(FILES.length).toBeGreaterThan(300);
  const said = FILES.filter((path) => skipIn(readFileSync(join(SOURCES, path), 'utf8')).length > 0);
  expect(said.filter((path) => !MAY_SAY.has(path))).toEqual([]);
  expect(said).toEqual(expect.arrayContaining([...MAY_SAY]));
});

test.each(SKIP_WORDS)('answer() takes "%s" out of what a package says of itself', (words) => {
  const told = answer(400, `Cannot read "${words}", or ${words.toUpperCase()}`);
  expect(skipIn(told.body + told.reason)).toEqual([]);
  expect(skipIn(answer(400, `File ${words}`, { maySkip: true }).body)).toEqual([words]);
});
