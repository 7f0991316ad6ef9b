import { expect, test } from 'vitest';
import { normalizeName } from '../standards/name.ts';
import type { BinaryFacts } from '../standards/platforms/binary-facts.ts';
import { parseTargetPython } from '../standards/platforms/target-machine.ts';
import { buildProject } from './build-project.ts';
import { coverage } from './coverage.ts';
import type { HeldFile } from './held-files.ts';
import type { IndexedFile } from './model.ts';
import { seenPlatforms, seenPythons } from './seen-machines.ts';

const file = (filename: string, more: Partial<IndexedFile> = {}): IndexedFile => ({
  ...{ filename, kind: filename.endsWith('.whl') ? 'wheel' : 'sdist', repository: 'a', path: filename, name: 'foo' },
  ...{ version: /^foo-([^-]+?)(?:-|\.tar)/.exec(filename)![1]!, sha256: '', size: 1, uploadedMs: 0 },
  ...{ signed: false, provenance: false, ...more },
});
const project = (files: IndexedFile[]) => buildProject(normalizeName('foo'), files);
const machine = (platform: string, python: string, libcFloor?: string) => ({
  platform,
  python: parseTargetPython(python),
  ...(libcFloor !== undefined && { libcFloor }),
});
const MUSL = machine('musl-x86_64', '3.11');
const binaries = (libc: BinaryFacts['libc'], more: Partial<BinaryFacts> = {}): BinaryFacts => ({
  ...{ libc, architectures: ['x86_64'], evidence: {} },
  ...more,
});
const heldFile = (filename: string, code = 'damaged', inside?: BinaryFacts): HeldFile => ({
  ...{ file: `a/packages/${filename}`, code, what: 'is bad', hint: 'mend it', ...(inside && { binaries: inside }) },
});
const cell = (files: IndexedFile[], at = MUSL, held: HeldFile[] = []) =>
  coverage(project(files), held, [at])[0]!.cells[0];

test.each<[what: string, files: IndexedFile[], state: string]>([
  ['a wheel of its libc', [file('foo-1.0-cp311-cp311-musllinux_1_2_x86_64.whl')], 'wheel'],
  ['the other libc', [file('foo-1.0-cp311-cp311-manylinux_2_17_x86_64.whl')], 'missing'],
  ['another Python', [file('foo-1.0-cp312-cp312-musllinux_1_2_x86_64.whl')], 'missing'],
  ['a stable ABI of an older Python', [file('foo-1.0-cp38-abi3-musllinux_1_1_x86_64.whl')], 'wheel'],
  ['a pure wheel', [file('foo-1.0-py2.py3-none-any.whl')], 'pure'],
  ['an sdist alone', [file('foo-1.0.tar.gz')], 'sdist'],
  ['a wheel beside an sdist', [file('foo-1.0.tar.gz'), file('foo-1.0-cp311-cp311-linux_x86_64.whl')], 'wheel'],
  [
    'a plain linux tag, glibc inside',
    [file('foo-1.0-cp311-cp311-linux_x86_64.whl', { binaries: binaries('glibc') })],
    'missing',
  ],
  [
    'a plain linux tag, neutral',
    [file('foo-1.0-cp311-cp311-linux_x86_64.whl', { binaries: binaries('neutral') })],
    'wheel',
  ],
  ['a wheel that new clients pass over', [file('foo-1.0-py3.11-none-any.whl', { passedOver: 'is odd' })], 'missing'],
  ['a yanked wheel', [file('foo-1.0-py3-none-any.whl', { yanked: 'bad' })], 'yanked'],
  ['a yanked wheel, and an sdist', [file('foo-1.0-py3-none-any.whl', { yanked: '' }), file('foo-1.0.tar.gz')], 'sdist'],
  ['a Python left out', [file('foo-1.0-py3-none-any.whl', { requiresPython: '>=3.12' })], 'excluded'],
  ['a Python taken from some patch on', [file('foo-1.0-py3-none-any.whl', { requiresPython: '>=3.11.4' })], 'pure'],
  ['a Requires-Python that nobody can read', [file('foo-1.0-py3-none-any.whl', { requiresPython: 'three' })], 'pure'],
])('coverage() says of %s what the machine gets', (_what, files, state) => {
  expect(cell(files)?.state).toBe(state);
});

test('coverage() knows what is held, also where nothing of a version is listed', () => {
  const held = [heldFile('foo-2.0-cp311-cp311-musllinux_1_2_x86_64.whl')];
  const rows = coverage(project([file('foo-1.0.tar.gz')]), held, [MUSL]);
  expect(rows.map(({ version, cells }) => [version, cells[0]?.state])).toEqual([
    ['2.0', 'held'],
    ['1.0', 'sdist'],
  ]);
  const beside = cell([file('foo-2.0.tar.gz')], MUSL, held);
  expect(beside).toMatchObject({ state: 'sdist', heldWheel: 'foo-2.0-cp311-cp311-musllinux_1_2_x86_64.whl' });
  expect(cell([file('foo-1.0.tar.gz')], MUSL, [heldFile('nonsense.whl', 'bad-filename')])?.state).toBe('sdist');
});

test.each([
  ['foo-1.0-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl', '2.17'],
  ['foo-1.0-cp311-cp311-manylinux_2_28_x86_64.manylinux_2_5_x86_64.whl', '2.5'],
  ['foo-1.0-cp311-cp311-manylinux1_x86_64.whl', '2.5'],
  ['foo-1.0-py3-none-any.whl', undefined],
])('coverage() reads the glibc floor of %s', (filename, floor) => {
  expect(cell([file(filename)], machine('glibc-x86_64', '3.11'))?.glibcFloor).toBe(floor);
});

test('coverage() measures a floor against the oldest machine', () => {
  const newer = [file('foo-1.0-cp311-cp311-manylinux_2_34_armv7l.whl')];
  expect(cell(newer, machine('glibc-armv7l', '3.11', '2.31'))?.state).toBe('missing');
  expect(cell(newer, machine('glibc-armv7l', '3.11', '2.36'))?.state).toBe('wheel');
  const plain = [file('foo-1.0-cp311-cp311-linux_armv7l.whl', { binaries: binaries('glibc', { glibcFloor: '2.36' }) })];
  expect(cell(plain, machine('glibc-armv7l', '3.11', '2.31'))?.state).toBe('missing');
  expect(cell(plain, machine('glibc-armv7l', '3.11', '2.36'))).toMatchObject({ state: 'wheel', glibcFloor: '2.36' });
});

test('seenPlatforms() and seenPythons() name what wheels are for', () => {
  const projects = [
    project([
      file('foo-1.0-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl'),
      file('foo-1.0-cp310-cp310-musllinux_1_2_aarch64.whl'),
      file('foo-1.0-cp39-abi3-macosx_11_0_universal2.whl'),
      file('foo-1.0-cp313-cp313t-win_amd64.whl'),
      file('foo-1.0-py3-none-win32.whl'),
      file('foo-1.0-py3-none-any.whl'),
      file('foo-1.0-cp311-cp311-linux_armv7l.whl', { binaries: binaries('glibc') }),
      file('foo-1.0-cp311-cp311-linux_riscv64.whl'),
      file('foo-1.0-cp311-cp311-linux_amd64.whl'),
      file('foo-1.0-cp311-cp311-manylinux_2_17_arm64.whl'),
    ]),
  ];
  expect(seenPlatforms(projects)).toEqual([
    ...['glibc-armv7l', 'glibc-riscv64', 'glibc-x86_64', 'macos-arm64', 'macos-x86_64'],
    ...['musl-aarch64', 'musl-riscv64', 'windows-amd64', 'windows-x86'],
  ]);
  expect(seenPythons(projects)).toEqual(['3.9', '3.10', '3.11', '3.13t']);
});

test.each<[what: string, held: HeldFile, state: string]>([
  ['a wheel for a newer libc', heldFile('foo-1.0-cp311-cp311-manylinux_2_34_armv7l.whl', 'needs-newer-libc'), 'held'],
  ['one for another platform', heldFile('foo-1.0-cp311-cp311-musllinux_1_2_x86_64.whl', 'wrong-platform'), 'missing'],
  ['one that Debian has another name for', heldFile('foo-1.0-cp311-cp311-linux_armhf.whl', 'lying-tag'), 'held'],
  ['that for another machine', heldFile('foo-1.0-cp311-cp311-linux_arm64.whl', 'lying-tag'), 'missing'],
  [
    'one whose name is wrong, and what is in it right',
    heldFile('foo-1.0-cp311-cp311-linux_x86_64.whl', 'lying-tag', binaries('glibc', { architectures: ['armv7l'] })),
    'held',
  ],
  [
    'the other way round',
    heldFile('foo-1.0-cp311-cp311-linux_armv7l.whl', 'lying-tag', binaries('glibc', { architectures: ['aarch64'] })),
    'missing',
  ],
  [
    'one of the other libc',
    heldFile('foo-1.0-cp311-cp311-linux_armv7l.whl', 'wrong-platform', binaries('musl', { architectures: ['armv7l'] })),
    'missing',
  ],
  ['one for another Python', heldFile('foo-1.0-cp310-cp310-linux_armhf.whl', 'lying-tag'), 'missing'],
  ['a broken one for another platform', heldFile('foo-1.0-cp311-cp311-linux_x86_64.whl'), 'missing'],
])('coverage() says of %s that is held, what the machine has of it', (_what, held, state) => {
  const board = machine('glibc-armv7l', '3.11', '2.31');
  expect(cell([], board, [held])?.state).toBe(state);
});

test('coverage() tells no floor of glibc to machines with musl', () => {
  const both = file('foo-1.0-cp311-cp311-manylinux_2_17_x86_64.musllinux_1_1_x86_64.whl');
  expect(cell([both])).toEqual({ state: 'wheel', filename: both.filename });
  expect(cell([both], machine('glibc-x86_64', '3.11'))?.glibcFloor).toBe('2.17');
});
