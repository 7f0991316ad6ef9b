import { expect, test } from 'vitest';
import { KhoError } from '../errors.ts';
import type { FileFacts } from '../inspect/file-facts.ts';
import { normalizeName } from '../standards/name.ts';
import { findNamesakes } from './find-namesakes.ts';
import type { UpstreamCandidate } from './read-index-page.ts';

const [A, B] = ['a'.repeat(64), 'b'.repeat(64)];
const NOW = Date.parse('2026-11-29T08:00:00Z');
const INDEX = 'https://index.example/simple/';

const theirs: Record<string, Partial<UpstreamCandidate>[]> = {
  foo: [
    { filename: 'foo-1.0.tar.gz', sha256: A, uploaded: '2020-01-01T00:00:00Z' },
    { filename: 'foo-2.0.tar.gz', sha256: A },
    { filename: 'foo-3.0.tar.gz' },
    { filename: 'foo-4.0.tar.gz', sha256: A },
  ],
  bar: [{ filename: 'bar-1.0.tar.gz', sha256: A }],
  baz: ['baz-1.0.tar.gz', 'baz-2.0.tar.gz'].map((filename) => ({ filename, sha256: A })),
};
const ours: Record<string, [path: string, sha256: string | undefined][]> = {
  foo: [
    ['sub/foo-1.0.tar.gz', A],
    ['foo-1.0.tar.gz', A], // in two repositories
    ['foo-2.0.tar.gz', B],
    ['x/foo-2.0.tar.gz', 'c'.repeat(64)],
    ['foo-3.0.tar.gz', A],
    ['foo-4.0.tar.gz', undefined], // held
    ['foo-5.0.tar.gz', A],
  ],
  baz: [
    ['baz-2.0.tar.gz', B],
    ['baz-1.0.tar.gz', B],
  ],
};

/** @param names of projects */
function find(names: string[]) {
  let running = 0;
  let most = 0;
  const source = {
    candidates: async (name: string) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      if (name === 'broken') throw new KhoError('UPSTREAM', 'Cannot read');
      if (name === 'bug') throw new TypeError('a bug');
      return (theirs[name] ?? []) as UpstreamCandidate[];
    },
    metadata: async () => undefined,
  };
  const filesOf = (name: string) =>
    (ours[name] ?? []).map(([path, sha256]) => ({ path, ...(sha256 && { facts: { sha256 } as FileFacts }) }));
  const options = { source, filesOf, index: INDEX, now: NOW };
  return findNamesakes(names.map(normalizeName), options).then((found) => ({ found, most }));
}

test('findNamesakes() says which files both have, with the same bytes or with others', async () => {
  const { found } = await find(['foo']);
  expect(found).toEqual([
    {
      name: 'foo',
      there: 'present',
      files: 6,
      same: [
        {
          ...{ filename: 'foo-1.0.tar.gz', sha256: A, project: 'foo', index: INDEX },
          ...{ fetched: '2026-11-29T08:00:00.000Z', uploaded: '2020-01-01T00:00:00Z' },
        },
      ],
      clashing: ['foo-2.0.tar.gz'],
    },
  ]);
});

test('findNamesakes() tells what is not there from what cannot be asked for, in the order of the names', async () => {
  const many = Array.from({ length: 20 }, (_, number) => `p${number}`);
  const { found, most } = await find(['broken', 'none', 'bar', ...many]);
  expect(found.map(({ name }) => name)).toEqual(['broken', 'none', 'bar', ...many]);
  expect(found.slice(0, 3).map(({ there, files }) => [there, files])).toEqual([
    ['unknown', 0],
    ['absent', 0],
    ['present', 0],
  ]);
  expect(most).toBe(8);
});

test('findNamesakes() names what clashes in the order of names', async () => {
  expect((await find(['baz'])).found[0]?.clashing).toEqual(['baz-1.0.tar.gz', 'baz-2.0.tar.gz']);
});

test('findNamesakes() hides no bug', async () => {
  await expect(find(['bug'])).rejects.toThrow(TypeError);
});
