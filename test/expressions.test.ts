import { expect, test } from 'vitest';
import { findExpressions, findSlowness, provenExpressions } from './support/expressions.ts';

const { literals, built } = findExpressions();

/** Expressions that recheck finds slow, or cannot judge, and why that is no harm. What comes from packages and clients is no excuse. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  [String.raw`/^(?:error: )?(.*?)\.?(?:\n\(Did you mean (.*)\?\))?$/s`]:
    'reads a fault that commander found in what was typed',
  [String.raw`/^[ \t\n\f\r]+|[ \t\n\f\r]+$/g`]: 'reads 4,096 bytes at most, the start of METADATA',
  [String.raw`/^(?:_(\d+)(?:_(\d+))?)?_?(\w*)$/`]: 'reads a tag of a filename: 255 bytes',
  [String.raw`/--index-url\s.*?\(default\s+(https?:[^)]*)\)/s`]: "reads the help of this machine's own pip",
  [String.raw`/--add-module=\S*brotli/`]: "reads the version of this machine's own nginx",
  [String.raw`/(?<=\0)[\x21-\x7e]{1,200}\.so(?:\.[\w.]{1,30})?(?=\0)/g`]:
    'begins after a zero only, and is tried over 234 characters at most',
  [String.raw`/^((?:-{1,2}|\/)\w[\w-]*(?:[ =][A-Z<][\w<>-]*)?(?:, +(?:-{1,2}|\/)\w[\w-]*(?:[ =][A-Z<][\w<>-]*)?){0,4})(?: {2,}|$)/`]:
    'begins with a line, and no repeat can begin with what the one before it may end with; growth.test.ts grows it',
};

/** Files that put an expression together, and why it takes time in proportion to the text. */
const BUILT: Readonly<Record<string, string>> = {
  'src/bucket/published-part.ts': 'reads paths that kho published, once from end to end',
  'src/housekeeping/stores.ts': 'a dot and one of some words, at the end',
  'src/needs/requirement-line.ts': 'a dot and one of some words, at the end or before a bracket',
  'src/readme/highlight.ts': 'one class, so often: each place is tried over 501 characters at most',
  'src/readme/rst/inline.ts': 'each repeat has an upper bound; growth.test.ts grows what it reads',
  'src/render/web/places.ts': 'reads paths that kho made, from end to end',
  'src/scan/file-kinds.ts': 'reads names of files: 255 bytes',
  'src/standards/package-suffixes.ts': 'a dot and one of some words, at the end',
  'src/standards/side-files.ts': 'a dot and one of some words, at the end',
  'src/standards/simple-api/plain-detail.ts': 'one class',
  'src/standards/version.ts': 'reads no more than TEXT_LIMITS.versionLength, from end to end',
  'src/sync-format/sync-names.ts': 'so many of one class, from end to end',
  'src/watch/asked-places.ts': 'a dot and one of some words, at the end',
};

/** It takes seconds for each, and does not come to the same each time: `npm run expressions` does it, and writes down what it found. */
test('each regular expression was found to take time in proportion to the text, or stands in a table with the reason', () => {
  const proven = provenExpressions();
  const unknown = [...literals].filter(([literal]) => !proven.has(literal) && !Object.hasOwn(EXCEPTIONS, literal));
  const hint = 'try those with npm run expressions';
  expect(
    unknown.map(([literal, place]) => `${place} ${literal}`),
    hint,
  ).toEqual([]);
});

test('no exception is left of an expression that is gone', () => {
  expect(Object.keys(EXCEPTIONS).filter((literal) => !literals.has(literal))).toEqual([]);
});

test('each file that puts an expression together stands in a table with the reason', () => {
  expect(built.sort()).toEqual(Object.keys(BUILT).sort());
});

test.each(['/a+$/', '/(?:a|a)*b/', String.raw`/\s+(?=x)/`])('%s would be found', (literal) => {
  expect(findSlowness(literal)).toMatch(/polynomial|exponential/);
});
