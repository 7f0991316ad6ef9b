import { expect, test } from 'vitest';
import type { IndexedFile } from '../catalog/model.ts';
import type { FileDetails } from '../inspect/read-details.ts';
import { type ToldRelease, versionChanges } from './version-changes.ts';

interface Told {
  requires?: string[];
  entryPoints?: string;
  python?: string;
  files?: string[];
  glibc?: string;
}

function told(version: string, { requires = [], entryPoints, python, files = [], glibc }: Told): ToldRelease {
  const metadata = { requiresDist: requires, ...(python && { requiresPython: python }) };
  const binaries = glibc === undefined ? {} : { binaries: { glibcFloor: glibc } };
  return {
    release: { version, files: files.map((filename) => ({ filename, kind: 'wheel', ...binaries }) as IndexedFile) },
    details: { metadata, ...(entryPoints !== undefined && { entryPointsText: entryPoints }) } as FileDetails,
  };
}

const NONE = { added: [], removed: [] };
const SAME = { dependencies: NONE, entryPoints: NONE, platforms: NONE, pythons: undefined, glibc: undefined };

test.each<[string, Told, Told, object]>([
  ['nothing', {}, {}, {}],
  ['no blanks of a requirement', { requires: ['a>=1; extra == "x"'] }, { requires: ['a >= 1;extra=="x"'] }, {}],
  [
    'requirements that came and went',
    { requires: ['a', 'b<2'] },
    { requires: ['a', 'b<3', 'c'] },
    { dependencies: { added: ['b<3', 'c'], removed: ['b<2'] } },
  ],
  [
    'entry points by their group, without remarks',
    { entryPoints: '[console_scripts]\na = m:f\n' },
    { entryPoints: '# said\r\n[console_scripts]\r\na = m:f\r\n[other]\r\na = m:f' },
    { entryPoints: { added: ['[other] a = m:f'], removed: [] } },
  ],
  ['another Requires-Python', { python: '>=3.8' }, { python: '>=3.9' }, { pythons: ['>=3.8', '>=3.9'] }],
  ['one that is new', {}, { python: '>=3.9' }, { pythons: ['', '>=3.9'] }],
  [
    'other machines and another glibc',
    { files: ['a-1-cp311-cp311-manylinux_2_17_x86_64.whl'], glibc: '2.17' },
    { files: ['a-2-cp311-cp311-manylinux_2_28_aarch64.whl'], glibc: '2.28' },
    { platforms: { added: ['manylinux aarch64'], removed: ['manylinux x86_64'] }, glibc: ['2.17', '2.28'] },
  ],
])('versionChanges() tells %s', (_what, before, now, expected) => {
  expect(versionChanges(told('1', before), told('2', now))).toEqual({ since: '1', ...SAME, ...expected });
});

test('versionChanges() of what cannot be read any more tells what is known', () => {
  const { release } = told('1', {});
  expect(versionChanges({ release, details: undefined }, told('2', { requires: ['a'] }))).toMatchObject({
    dependencies: { added: ['a'], removed: [] },
  });
});
