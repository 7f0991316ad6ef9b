import { expect, test } from 'vitest';
import { normalizeName } from '../../standards/name.ts';
import { alwaysNeeded, DependenciesAhead } from './dependencies-ahead.ts';

const metadata = (...requires: string[]) =>
  Buffer.from(
    [
      'Metadata-Version: 2.1',
      'Name: foo',
      'Version: 1.0',
      ...requires.map((each) => `Requires-Dist: ${each}`),
      '',
    ].join('\n'),
  );

test.each<[requires: string[], expected: string[]]>([
  [
    ['bar', 'Big_Name[x]>=1', 'bar<9'],
    ['bar', 'big-name'],
  ],
  [['bar; python_version < "3.9"', 'baz; extra == "x"'], []],
  [['bar @ https://elsewhere.example/bar.whl'], []],
  [['bar', 'no requirement at all'], []],
  [[], []],
])('alwaysNeeded() of %j is %j', (requires, expected) => {
  expect(alwaysNeeded(metadata(...requires))).toEqual(expected);
});

test('alwaysNeeded() takes what is no metadata for nothing, and no more than 32 names', () => {
  expect(alwaysNeeded(Buffer.from([0xff, 0xfe, 0]))).toEqual([]);
  expect(alwaysNeeded(metadata(...Array.from({ length: 100 }, (_, at) => `name${at}`)))).toHaveLength(32);
});

let nowMs = 1_000_000;
const brought: string[] = [];
let goOn: (() => void)[] = [];
const FOO = { upstream: 'public', project: normalizeName('foo') };

function ahead(): DependenciesAhead {
  brought.length = 0;
  goOn = [];
  return new DependenciesAhead(
    ({ repository, form }, project) => {
      brought.push(`${repository} ${project} ${form}`);
      return new Promise<void>((resolve) => goOn.push(resolve));
    },
    () => nowMs,
  );
}
const read = (of: DependenciesAhead, filename: string, ...requires: string[]) =>
  of.read(['red', 'blue'], { at: FOO, filename, metadata: metadata(...requires) });

test('DependenciesAhead brings what a file needs where its page was asked for a moment ago, once for all who ask', () => {
  const of = ahead();
  read(of, 'foo-1.whl', 'bar');
  expect(brought).toEqual([]);
  of.asked('red', FOO.project, 'html');
  of.asked('green', FOO.project, 'json');
  read(of, 'foo-1.whl', 'bar');
  of.asked('red', FOO.project, 'html');
  read(of, 'foo-1.whl', 'bar');
  expect(brought).toEqual(['red bar html']);
  read(of, 'foo-2.whl', 'baz');
  expect(brought).toEqual(['red bar html', 'red baz html']);
  nowMs += 120_001;
  read(of, 'foo-3.whl', 'late');
  expect(brought).toHaveLength(2);
  of.asked('red', FOO.project, 'json');
  read(of, 'foo-1.whl', 'bar');
  expect(brought).toEqual(['red bar html', 'red baz html', 'red bar json']);
});

test('DependenciesAhead brings four pages at once, keeps few waiting, and none when it is closed', async () => {
  const of = ahead();
  of.asked('red', FOO.project, 'json');
  for (let file = 0; file < 9; file++)
    read(of, `foo-${file}.whl`, ...Array.from({ length: 30 }, (_, at) => `name${file}-${at}`));
  expect(brought).toHaveLength(4);
  for (let left = 64; left > 0; left--) {
    goOn.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(brought).toHaveLength(68);
  read(of, 'other.whl', 'one-more');
  of.close();
  for (const resolve of goOn) resolve();
  await new Promise((resolve) => setImmediate(resolve));
  expect(brought).toHaveLength(68);
});
