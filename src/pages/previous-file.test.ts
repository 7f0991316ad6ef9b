import { expect, test } from 'vitest';
import { makeFile, makeProject } from '../../test/support/make-project.ts';
import { previousFile } from './previous-file.ts';

const named = (version: string, tags: string) =>
  tags === 'sdist' ? `foo-${version}.tar.gz` : `foo-${version}-${tags}.whl`;

/** Of releases `2.0`, `1.0` and so on, with files of these tags. */
const releasesOf = (older: string[][]) =>
  makeProject(
    'foo',
    older.map((tags, place) => {
      const version = `${older.length - place}.0`;
      return { version, files: tags.map((each) => makeFile(named(version, each))) };
    }),
  ).releases;

test.each<[what: string, tags: string, older: string[][], found: string | undefined]>([
  ['the same tags', 'cp311-cp311-win32', [['cp310-cp310-win32', 'cp311-cp311-win32']], 'foo-1.0-cp311-cp311-win32.whl'],
  ['an sdist', 'sdist', [['py3-none-any', 'sdist']], 'foo-1.0.tar.gz'],
  ['no wheel for an sdist', 'sdist', [['py3-none-any']], undefined],
  ['no sdist for a wheel', 'py3-none-any', [['sdist']], undefined],
  ['the nearest release that has it', 'py3-none-any', [['sdist'], ['py3-none-any']], 'foo-1.0-py3-none-any.whl'],
  ['the nearest of two', 'py3-none-any', [['py3-none-any'], ['py3-none-any']], 'foo-2.0-py3-none-any.whl'],
  [
    'one for another glibc',
    'cp311-cp311-manylinux_2_34_x86_64',
    [['cp311-cp311-musllinux_1_2_x86_64', 'cp311-cp311-manylinux2014_x86_64']],
    'foo-1.0-cp311-cp311-manylinux2014_x86_64.whl',
  ],
  [
    'one for another musl',
    'cp311-cp311-musllinux_1_2_x86_64',
    [['cp311-cp311-manylinux1_x86_64', 'cp311-cp311-musllinux_1_1_x86_64']],
    'foo-1.0-cp311-cp311-musllinux_1_1_x86_64.whl',
  ],
  [
    'one of several names of a platform',
    'cp311-cp311-manylinux_2_17_x86_64',
    [['cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64']],
    'foo-1.0-cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64.whl',
  ],
  [
    'none for another machine',
    'cp311-cp311-manylinux_2_17_x86_64',
    [['cp311-cp311-manylinux_2_17_aarch64']],
    undefined,
  ],
  ['none for another Python', 'cp311-cp311-manylinux_2_17_x86_64', [['cp310-cp310-manylinux_2_28_x86_64']], undefined],
  ['nothing in the first release', 'sdist', [], undefined],
])('previousFile() finds %s', (_what, tags, older, found) => {
  const [release] = releasesOf([[tags]]);
  const file = { ...release!.files[0]!, filename: named('9.0', tags) };
  expect(previousFile(file, releasesOf(older))?.file.filename).toBe(found);
});
