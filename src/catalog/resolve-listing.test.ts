import { expect, test } from 'vitest';
import type { IndexedFile } from './model.ts';
import { resolveListing, sitePath } from './resolve-listing.ts';

const file = (at: string, sha256: string): IndexedFile => {
  const [repository, path] = at.split(':') as [string, string];
  const filename = path.slice(path.lastIndexOf('/') + 1);
  return {
    ...{ filename, kind: 'wheel', repository, path, name: 'foo', version: '1', sha256, size: 1 },
    ...{ uploadedMs: 0, signed: false, provenance: false },
  };
};

function listing(files: IndexedFile[], include: Record<string, string[]> = {}) {
  const own = new Map<string, IndexedFile[]>();
  for (const one of files) own.set(one.repository, [...(own.get(one.repository) ?? []), one]);
  const names = [...new Set([...own.keys(), ...Object.keys(include)])].sort();
  const result = resolveListing(names, { own, include: new Map(names.map((name) => [name, include[name] ?? []])) });
  const shown = Object.fromEntries(
    [...result.listed].map(([name, list]) => [name, list.map((f) => `${f.repository}:${f.path}`)]),
  );
  return { shown, problems: result.problems, notes: result.notes };
}

test('resolveListing() lists own files and included ones, sorted by name', () => {
  const { shown, problems, notes } = listing([file('musl:b', '1'), file('common:a', '2')], { musl: ['common'] });
  expect(shown).toEqual({ common: ['common:a'], musl: ['common:a', 'musl:b'] });
  expect([problems, notes]).toEqual([[], []]);
});

test('resolveListing() follows includes of includes', () => {
  const include = { a: ['b'], b: ['c'] };
  expect(listing([file('c:x', '1')], include).shown['a']).toEqual(['c:x']);
});

test('resolveListing() lets an own file hide an included one, with a note when the bytes differ', () => {
  const same = listing([file('a:x', '1'), file('b:x', '1')], { a: ['b'] });
  expect(same.shown['a']).toEqual(['a:x']);
  expect(same.notes).toEqual([]);
  const other = listing([file('a:x', '1'), file('b:x', '2')], { a: ['b'] });
  expect(other.shown['a']).toEqual(['a:x']);
  expect(other.notes).toMatchObject([
    { code: 'hidden', file: 'a/packages/x', what: expect.stringContaining('b/packages/x') },
  ]);
});

test('resolveListing() lists equal bytes of sub-folders once, by the first path', () => {
  const { shown, problems } = listing([file('a:x', '1'), file('a:old/x', '1')]);
  expect(shown['a']).toEqual(['a:x']);
  expect(problems).toEqual([]);
});

test('resolveListing() lists none of several files with one name and other bytes, and names them all', () => {
  const { shown, problems } = listing([file('a:new/x', '1'), file('a:old/x', '2'), file('a:y', '3')]);
  expect(shown['a']).toEqual(['a:y']);
  expect(problems).toMatchObject([{ code: 'conflict', file: 'a/packages/new/x' }]);
  expect(problems[0]?.what).toBe(
    'is not listed: its sub-folders hold other bytes under this name (a/packages/new/x, a/packages/old/x)',
  );
});

test('resolveListing() lists none of two includes that disagree, and does not let an included file through behind an own conflict', () => {
  const two = listing([file('b:x', '1'), file('c:x', '2')], { a: ['b', 'c'] });
  expect(two.shown['a']).toEqual([]);
  expect(two.problems).toMatchObject([{ code: 'conflict', what: expect.stringContaining('"a" includes') }]);
  const own = listing([file('a:1/x', '1'), file('a:2/x', '2'), file('b:x', '3')], { a: ['b'] });
  expect(own.shown['a']).toEqual([]);
});

test('resolveListing() reaches one file by two includes once', () => {
  const include = { a: ['b', 'c'], b: ['d'], c: ['d'] };
  const { shown, problems } = listing([file('d:x', '1')], include);
  expect(shown['a']).toEqual(['d:x']);
  expect(problems).toEqual([]);
});

test('resolveListing() lets an own file hide an included one whose name is spelled differently', () => {
  const files = [file('a:Foo_Bar-1-py3-none-any.whl', '1'), file('b:foo_bar-1-py3-none-any.whl', '2')];
  const { shown, notes } = listing(files, { a: ['b'] });
  expect(shown['a']).toEqual(['a:Foo_Bar-1-py3-none-any.whl']);
  expect(notes).toMatchObject([{ code: 'hidden', what: expect.stringContaining('spelled differently') }]);
});

test('resolveListing() says what hides an included file of the same name', () => {
  const { notes } = listing([file('a:x', '1'), file('b:x', '2')], { a: ['b'] });
  expect(notes[0]?.what).toBe('stands in "a" before b/packages/x, which has the same name and other bytes');
});

test('resolveListing() names the files of a conflict by path, whatever the order of includes', () => {
  const { problems } = listing([file('b:x', '1'), file('c:x', '2')], { a: ['c', 'b'] });
  expect(problems).toMatchObject([
    { file: 'b/packages/x', what: expect.stringContaining('(b/packages/x, c/packages/x)') },
  ]);
});

test.each([
  ['of the site itself', '.', 'packages/old/x'],
  ['of a repository', 'a', 'a/packages/old/x'],
])('sitePath() of a file %s', (_what, repository, path) => {
  expect(sitePath({ repository, path: 'old/x' })).toBe(path);
});

test('resolveListing() includes only what a repository takes', () => {
  const own = new Map([['b', [file('b:x', '1'), file('b:y', '2')]]]);
  const include = new Map([['a', ['b']]]);
  const takes = (repository: string, { filename }: IndexedFile) => repository !== 'a' || filename === 'y';
  const { listed } = resolveListing(['a', 'b'], { own, include, takes });
  expect(listed.get('a')?.map(({ filename }) => filename)).toEqual(['y']);
  expect(listed.get('b')).toHaveLength(2);
});
