import { createHash } from 'node:crypto';
import { join, relative } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { expect, test } from 'vitest';
import { changesSince, isOutdated, RULES } from './rules.ts';

/**
 * Of all code that judges, as it stood when the rules had the version beside it. Whoever changes that code asks: can any file come out
 * otherwise now, listed or held, with another note, or with other facts? Then RULES goes up by one, with a line on what is new. In either
 * case the digest is replaced by the one that the test names.
 */
const JUDGED_BY = { version: 1, digest: '48142cb85623fb0b' };

const SRC = join(import.meta.dirname, '..');

/** What reads packages and what judges them; disks, and words for people, have no say in it. */
const ENTRIES = [
  'inspect/inspect-file.ts',
  'catalog/judge-file.ts',
  'catalog/resolve-listing.ts',
  'index/hold-twins.ts',
];
const JUDGES = /^(?:formats|standards|inspect|catalog)\/|^index\/hold-twins\.ts$/;

const onlyJudges: Plugin = {
  name: 'only-judges',
  setup({ onResolve }) {
    onResolve({ filter: /^\./ }, ({ path, resolveDir }) => {
      return JUDGES.test(relative(SRC, join(resolveDir, path))) ? undefined : { path, external: true };
    });
  },
};

test('code that judges does not change without a word on its rules', async () => {
  const { outputFiles } = await build({
    stdin: { contents: ENTRIES.map((entry) => `export * from './${entry}';`).join('\n'), resolveDir: SRC },
    ...{ bundle: true, minify: true, write: false, format: 'esm', platform: 'node', packages: 'external' },
    plugins: [onlyJudges],
  });
  const digest = createHash('sha256')
    .update(outputFiles[0]?.contents ?? '')
    .digest('hex')
    .slice(0, 16);
  expect({ version: RULES, digest }).toEqual(JUDGED_BY);
});

test('changesSince() has a word on each version of the rules', () => {
  for (let version = 0; version < RULES; version++) expect(changesSince(version)).toHaveLength(RULES - version);
  expect(changesSince(RULES)).toEqual([]);
});

test.each([
  [{}, true],
  [{ rules: RULES }, false],
  [{ rules: RULES + 1 }, true], // of a newer kho that ran here once
])('isOutdated() of %j: %s', (record, outdated) => {
  expect(isOutdated(record)).toBe(outdated);
});
