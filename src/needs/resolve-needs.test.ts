import { expect, test } from 'vitest';
import type { Candidate } from '../catalog/candidate.ts';
import { NO_OPTIONS } from '../catalog/candidate.ts';
import { type HeldCandidate, readHeldFile } from '../catalog/held-files.ts';
import { parseMetadata } from '../standards/metadata.ts';
import { normalizeName } from '../standards/name.ts';
import { MachineFit } from '../standards/platforms/machine-fit.ts';
import { parseTargetPython } from '../standards/platforms/target-machine.ts';
import { parseWheelFilename } from '../standards/wheel-filename.ts';
import type { PackageSource } from './package-source.ts';
import { readRequirementsFile, requirementList } from './requirements-file.ts';
import { resolveNeeds } from './resolve-needs.ts';
import { type NeedsFile, noNeeds } from './wanted.ts';

/** By filename: what its metadata says besides name and version. */
type Files = Record<string, { requires?: string[]; more?: Partial<Candidate> }>;

function source(files: Files): PackageSource {
  const all = Object.entries(files).map(([filename, { more }]): Candidate => {
    const [, version = ''] = /^[^-]+-([^-]+?)(?:-|\.tar)/.exec(filename) ?? [];
    return {
      filename,
      version,
      isYanked: false,
      ...(filename.endsWith('.whl') && { wheel: parseWheelFilename(filename) }),
      ...more,
    };
  });
  return {
    candidates: async (name) => all.filter(({ filename }) => filename.startsWith(`${name}-`)),
    metadata: async ({ filename, version }) => {
      const requires = (files[filename]?.requires ?? []).map((text) => `Requires-Dist: ${text}\n`).join('');
      return parseMetadata(
        Buffer.from(`Metadata-Version: 2.1\nName: ${filename.split('-')[0]}\nVersion: ${version}\n${requires}`),
      );
    },
  };
}

const FIT = new MachineFit({ platform: 'musl-x86_64', python: parseTargetPython('3.11') });
async function resolve(requirements: string, files: Files, fit = FIT, held: HeldCandidate[] = []) {
  const file = readRequirementsFile('r.txt', {
    read: () => requirements,
    resolve: (path) => path,
    variable: () => undefined,
  });
  const { projects } = await resolveNeeds([file], fit, { ...source(files), held: () => held });
  return Object.fromEntries(
    projects.map(({ name, verdict, version, why }) => [name, [verdict, version, why].filter(Boolean).join(' ')]),
  );
}
const PURE = 'py3-none-any.whl';
const BINARY = 'cp311-cp311-musllinux_1_2_x86_64.whl';

test('resolveNeeds() takes the highest version, and follows dependencies with their extras', async () => {
  const files: Files = {
    [`a-1.0-${PURE}`]: {},
    [`a-2.0-${PURE}`]: {
      requires: ['b[fast]>=1', 'w; sys_platform == "win32"', 'x; extra == "other"', 'y @ https://a.vn/y.whl'],
    },
    [`b-1.5-${PURE}`]: { requires: ['c; extra == "fast"', 'd<2'] },
    [`c-1.0-${BINARY}`]: {},
    'd-1.0.tar.gz': {},
    [`d-2.0-${PURE}`]: {},
  };
  expect(await resolve('a', files)).toEqual({ a: 'there 2.0', b: 'there 1.5', c: 'there 1.0', d: 'sdist 1.0' });
});

test('resolveNeeds() chooses anew when somebody asks for less', async () => {
  const files: Files = {
    [`a-1.0-${PURE}`]: {},
    [`a-2.0-${PURE}`]: { requires: ['gone'] },
    [`b-1.0-${PURE}`]: { requires: ['a<2'] },
  };
  expect(await resolve('a\nb', files)).toEqual({ a: 'there 1.0', b: 'there 1.0' });
});

test.each<[what: string, requirements: string, files: Files, expected: object]>([
  ['nothing at all', 'a', {}, { a: 'absent there is nothing of this project' }],
  [
    'another version',
    'a==3',
    { [`a-1.0-${PURE}`]: {} },
    { a: 'absent 3 of this version there is nothing; the newest is 1.0' },
  ],
  [
    'wheels for others',
    'a==1.0',
    { 'a-1.0-cp311-cp311-manylinux_2_17_x86_64.whl': {} },
    { a: 'absent 1.0 its wheels are for other machines: a-1.0-cp311-cp311-manylinux_2_17_x86_64.whl' },
  ],
  [
    'an sdist above a wheel',
    'a',
    { [`a-1.0-${BINARY}`]: {}, 'a-2.0.tar.gz': {} },
    { a: 'sdist 2.0 the newest with a wheel is 1.0' },
  ],
  [
    'the same with --prefer-binary',
    '--prefer-binary\na',
    { [`a-1.0-${BINARY}`]: {}, 'a-2.0.tar.gz': {} },
    { a: 'there 1.0' },
  ],
  [
    'the same with --only-binary',
    '--only-binary :all:\na',
    { [`a-1.0-${BINARY}`]: {}, 'a-2.0.tar.gz': {} },
    { a: 'there 1.0' },
  ],
  ['--no-binary', '--no-binary a\na', { [`a-1.0-${BINARY}`]: {}, 'a-1.0.tar.gz': {} }, { a: 'sdist 1.0' }],
  ['a pre-release', 'a', { [`a-1.0-${PURE}`]: {}, [`a-2.0rc1-${PURE}`]: {} }, { a: 'there 1.0' }],
  [
    'a pre-release that is named',
    'a>=2.0rc1',
    { [`a-1.0-${PURE}`]: {}, [`a-2.0rc1-${PURE}`]: {} },
    { a: 'there 2.0rc1' },
  ],
  ['a pre-release alone', 'a', { [`a-2.0rc1-${PURE}`]: {} }, { a: 'there 2.0rc1' }],
  ['a yanked one', 'a', { [`a-1.0-${PURE}`]: {}, [`a-2.0-${PURE}`]: { more: { isYanked: true } } }, { a: 'there 1.0' }],
  [
    'a yanked one that is pinned',
    'a==2.0',
    { [`a-2.0-${PURE}`]: { more: { isYanked: true } } },
    { a: 'there 2.0 it is yanked' },
  ],
  [
    'a Python left out',
    'a',
    { [`a-1.0-${PURE}`]: { more: { requiresPython: '>=3.12' } } },
    { a: 'absent it is not for this Python: Requires-Python is >=3.12' },
  ],
  [
    'a hash',
    `a==1.0 --hash=sha256:${'a'.repeat(64)}`,
    { [`a-1.0-${PURE}`]: { more: { sha256: 'b'.repeat(64) } } },
    { a: `hash 1.0 a-1.0-${PURE} has a hash that is not allowed` },
  ],
  ['a constraint', 'a\n-c c', { [`a-1.0-${PURE}`]: {} }, { a: 'there 1.0' }],
])('resolveNeeds() says what there is of %s', async (_what, requirements, files, expected) => {
  const text = requirements.replace('\n-c c', '');
  expect(await resolve(text, files)).toEqual(expected);
});

test('resolveNeeds() tells who contradicts whom', async () => {
  const files: Files = {
    [`a-1.0-${PURE}`]: {},
    [`a-2.0-${PURE}`]: {},
    [`b-1.0-${PURE}`]: { requires: ['a>=2'] },
  };
  expect(await resolve('a<2\nb', files)).toMatchObject({ a: 'conflict r.txt line 1 wants <2; b 1.0 wants >=2' });
});

test('resolveNeeds() ends when two send each other up and down', async () => {
  const files: Files = {
    [`a-1.0-${PURE}`]: { requires: ['b>=2'] },
    [`a-2.0-${PURE}`]: { requires: ['b<2'] },
    [`b-1.0-${PURE}`]: { requires: ['a<2'] },
    [`b-2.0-${PURE}`]: { requires: ['a>=2'] },
  };
  expect(Object.keys(await resolve('a\nb', files))).toEqual(['a', 'b']);
});

test('resolveNeeds() prefers the higher build, and the better tag', async () => {
  const files: Files = { [`a-1.0-${PURE}`]: {}, [`a-1.0-2-${BINARY}`]: {}, [`a-1.0-10-${BINARY}`]: {} };
  const file = readRequirementsFile('r.txt', { read: () => 'a', resolve: (path) => path, variable: () => undefined });
  const { projects } = await resolveNeeds([file], FIT, source(files));
  expect(projects[0]?.file?.filename).toBe(`a-1.0-10-${BINARY}`);
});

test.each([
  ['nothing else is there', {}, 'absent 1.0 foo-1.0-cp311-cp311-manylinux_2_34_armv7l.whl needs more; wait'],
  [
    'there is an sdist',
    { 'foo-1.0.tar.gz': {} },
    'sdist 1.0 foo-1.0-cp311-cp311-manylinux_2_34_armv7l.whl needs more; wait',
  ],
  [
    'a wheel of a newer one is there',
    { [`foo-1.1-${PURE}`]: {} },
    'absent 1.0 foo-1.0-cp311-cp311-manylinux_2_34_armv7l.whl needs more; wait',
  ],
])('resolveNeeds() names a held wheel that would do where %s', async (_what, files, expected) => {
  const board = new MachineFit({ platform: 'glibc-armv7l', python: parseTargetPython('3.11'), libcFloor: '2.31' });
  const held = ['cp311-cp311-manylinux_2_34_armv7l', 'cp310-cp310-manylinux_2_34_armv7l'].flatMap(
    (tag) =>
      readHeldFile(
        { file: `a/packages/foo-1.0-${tag}.whl`, code: 'needs-newer-libc', what: 'needs more', hint: 'wait' },
        normalizeName('foo'),
      ) ?? [],
  );
  expect(await resolve('foo==1.0', files, board, held)).toEqual({ foo: expected });
});

test.each([
  ['linux_amd64', 'held', 'absent 1.0 foo-1.0-cp311-cp311-linux_amd64.whl lies; mend it'],
  [
    'linux_arm64',
    'others',
    'absent 1.0 what there is of it is held, and not for these machines: foo-1.0-cp311-cp311-linux_arm64.whl',
  ],
])('resolveNeeds() knows for whom a held wheel named %s would do', async (tag, _what, expected) => {
  const pc = new MachineFit({ platform: 'glibc-x86_64', python: parseTargetPython('3.11'), libcFloor: '2.31' });
  const file = { file: `a/packages/foo-1.0-cp311-cp311-${tag}.whl`, code: 'lying-tag', what: 'lies', hint: 'mend it' };
  const held = [readHeldFile(file, normalizeName('foo')) as HeldCandidate];
  expect(await resolve('foo==1.0', {}, pc, held)).toEqual({ foo: expected });
});

test('resolveNeeds() wants each version that locks pin, and sees no contradiction in it', async () => {
  const locks = ['1.0', '2.0', '3.0'].map((version): NeedsFile => {
    const wanted = [{ name: normalizeName('a'), specifiers: `==${version}`, extras: [], from: 'a lock' }];
    const needsOf = () => ({ ...noNeeds(), wanted });
    return { isLocked: true, options: NO_OPTIONS, needsOf, named: needsOf };
  });
  const files: Files = { [`a-1.0-${PURE}`]: {}, [`a-2.0-${PURE}`]: {} };
  const { projects } = await resolveNeeds(locks, FIT, source(files));
  expect(projects.map(({ name, verdict, version }) => `${name} ${verdict} ${version}`)).toEqual([
    'a there 1.0',
    'a there 2.0',
    'a absent 3.0',
  ]);
});

test('resolveNeeds() tells of which files nobody could read what they depend on', async () => {
  const files: Files = { [`a-1.0-${PURE}`]: { requires: ['b', 'c'] }, [`b-2.0-${PURE}`]: {}, [`c-1.0-${PURE}`]: {} };
  const readable = source(files);
  const spoilt: PackageSource = {
    ...readable,
    metadata: async (file) => (file.filename.startsWith('b-') ? undefined : readable.metadata(file)),
  };
  const { unread, projects } = await resolveNeeds([requirementList(['a'])], FIT, spoilt);
  expect([unread, projects.map(({ verdict }) => verdict)]).toEqual([['b 2.0'], ['there', 'there', 'there']]);
});
