import { expect, test } from 'vitest';
import { buildProject } from '../../catalog/build-project.ts';
import type { IndexedFile } from '../../catalog/model.ts';
import { platformTable } from '../../needs/platform-table.ts';
import { normalizeName } from '../../standards/name.ts';
import { parseTargetPython } from '../../standards/platforms/target-machine.ts';
import { paint } from '../text.ts';
import { cellWords, platformLines } from './platform-lines.ts';

const file = (filename: string): IndexedFile => ({
  ...{ filename, kind: filename.endsWith('.whl') ? 'wheel' : 'sdist', repository: 'a', path: filename, name: 'foo' },
  ...{
    version: /-([^-]+?)(?:-|\.tar)/.exec(filename)![1]!,
    sha256: '',
    size: 1,
    uploadedMs: 0,
    signed: false,
    provenance: false,
  },
});
const heldFile = (filename: string) => ({
  ...{ file: `a/packages/${filename}`, code: 'damaged', what: 'is bad', hint: 'mend it' },
});
const PYTHONS = ['3.10', '3.11', '3.12'];
const source = (repository: string, platform: string, filenames: string[], held: string[] = []) => {
  const names = [...new Set([...filenames, ...held].map((filename) => normalizeName(filename.split('-')[0]!)))].sort();
  const own = (name: string, list: string[]) => list.filter((filename) => filename.startsWith(`${name}-`)).sort();
  return {
    column: { repository, platform },
    catalog: {
      repository,
      projects: names.map((name) => buildProject(name, own(name, filenames).map(file))),
      held: new Map(names.map((name) => [name, own(name, held).map(heldFile)])),
    },
    machines: PYTHONS.map((python) => ({ platform, python: parseTargetPython(python) })),
  };
};
const wheels = (version: string, tag: string, minors = [10, 11, 12]) =>
  minors.map((minor) => `foo-${version}-cp3${minor}-cp3${minor}-${tag}.whl`);
const text = (sources: ReturnType<typeof source>[], width = 80, all = false) =>
  paint(platformLines(platformTable(sources, PYTHONS), { width, all }), false);

const SITE = [
  source('armhf', 'glibc-armv7l', [
    ...wheels('1.0', 'linux_armv7l', [11]),
    'foo-1.2.tar.gz',
    'bar-1.0-py3-none-any.whl',
  ]),
  source('glibc', 'glibc-x86_64', [
    ...['1.0', '1.1', '1.2', '1.3'].flatMap((version) => wheels(version, 'manylinux_2_17_x86_64')),
    'bar-1.0-py3-none-any.whl',
  ]),
  source(
    'musl',
    'musl-x86_64',
    ['bar-1.0-py3-none-any.whl', ...wheels('1.3', 'linux_x86_64')],
    wheels('1.2', 'linux_x86_64'),
  ),
];

test('platformLines() shows at a glance who is behind', () => {
  expect(text(SITE)).toBe(`          armhf         glibc         musl
          glibc-armv7l  glibc-x86_64  musl-x86_64
foo  1.3  -             3.10-3.12     3.10-3.12
     1.2  sdist         3.10-3.12     held
     1.1  -             3.10-3.12     -
     1.0  3.11          3.10-3.12     -
     armhf: 3 releases behind, at 1.0

held
  3 files: is bad [damaged]
      a/packages/foo-1.2-cp310-cp310-linux_x86_64.whl
      a/packages/foo-1.2-cp311-cp311-linux_x86_64.whl
      a/packages/foo-1.2-cp312-cp312-linux_x86_64.whl
      hint: mend it

1 project is for any machine, and the same everywhere (--all shows them)
`);
});

test('platformLines() prints what does not fit beside each other one below the other', () => {
  const lines = text(SITE, 40).split('\n');
  expect(Math.max(...lines.slice(0, lines.indexOf('held')).map((line) => line.length))).toBeLessThanOrEqual(40);
  expect(lines.filter((line) => line.startsWith('foo')).length).toBe(2);
  expect(text(SITE, 80, true)).toContain('bar  1.0  pure          pure          pure');
});

test.each([
  [['wheel', 'wheel', 'wheel'], '3.10-3.12'],
  [['wheel', 'missing', 'wheel'], '3.10, 3.12'],
  [['excluded', 'wheel', 'wheel'], '3.11-3.12'],
  [['wheel', 'sdist', 'sdist'], '3.10, sdist'],
  [['sdist', 'sdist', 'missing'], '3.10-3.11 sdist'],
  [['pure', 'pure', 'pure'], 'pure'],
  [['excluded', 'pure', 'pure'], 'pure'],
  [['held', 'held', 'held'], 'held'],
  [['wheel', 'held', 'yanked'], '3.10, yanked, held'],
  [['missing', 'missing', 'missing'], '-'],
  [['excluded', 'excluded', 'excluded'], 'other Python'],
] as const)('cellWords() of %j', (states, words) => {
  expect(
    cellWords(
      states.map((state) => ({ state })),
      PYTHONS,
    ).text,
  ).toBe(words);
});
