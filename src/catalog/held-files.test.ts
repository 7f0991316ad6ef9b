import { expect, test } from 'vitest';
import { normalizeName } from '../standards/name.ts';
import type { BinaryFacts } from '../standards/platforms/binary-facts.ts';
import { MachineFit } from '../standards/platforms/machine-fit.ts';
import { parseTargetPython } from '../standards/platforms/target-machine.ts';
import { type HeldCandidate, heldRank, MISPLACED_CODES, readHeldFile } from './held-files.ts';

const read = (file: string) =>
  readHeldFile({ file, code: 'damaged', what: 'is bad', hint: 'mend it' }, normalizeName('foo'));

test.each([
  ['a wheel', 'a/packages/old/foo-1.0-py3-none-any.whl', 'foo-1.0-py3-none-any.whl', '1.0', true],
  ['an sdist', 'a/packages/foo-2.0.tar.gz', 'foo-2.0.tar.gz', '2.0', false],
])('readHeldFile() reads the name of %s', (_what, file, filename, version, isWheel) => {
  const candidate = read(file);
  expect(candidate).toMatchObject({ filename, version, file: { file } });
  expect('wheel' in candidate!).toBe(isWheel);
});

test.each(['a/packages/foo.whl', 'a/packages/bar-1.0.tar.gz', 'a/packages/README'])(
  'readHeldFile() reads nothing in %s',
  (file) => {
    expect(read(file)).toBeUndefined();
  },
);

test('MISPLACED_CODES are those of whole files', () => {
  expect([...MISPLACED_CODES]).toEqual(['wrong-platform', 'lying-tag']);
});

const fit = new MachineFit({ platform: 'glibc-x86_64', python: parseTargetPython('3.11') });
const held = (filename: string, binaries?: Partial<BinaryFacts>): HeldCandidate => {
  const candidate = read(`a/packages/${filename}`)!;
  const facts: BinaryFacts = { libc: 'neutral', architectures: ['x86_64'], evidence: {}, ...binaries };
  return binaries ? { ...candidate, file: { ...candidate.file, binaries: facts } } : candidate;
};

test.each([
  ['an sdist, behind all wheels', held('foo-1.0.tar.gz'), true],
  ['a wheel for the machine', held('foo-1.0-cp311-cp311-linux_x86_64.whl'), true],
  ['a wheel spelled as Debian does', held('foo-1.0-cp311-cp311-manylinux_2_17_amd64.whl'), true],
  ['a wheel for another machine', held('foo-1.0-cp311-cp311-manylinux_2_17_arm64.whl'), false],
  ['a wheel that is for the machine inside', held('foo-1.0-cp311-cp311-linux_aarch64.whl', { libc: 'glibc' }), true],
  [
    'a wheel for soft float, whatever its name says',
    held('foo-1.0-cp311-cp311-linux_x86_64.whl', { architectures: ['armel'] }),
    false,
  ],
])('heldRank() of %s', (_what, candidate, isOfUse) => {
  expect(heldRank(candidate, fit) !== undefined).toBe(isOfUse);
});

test('heldRank() puts an sdist last', () => {
  expect(heldRank(held('foo-1.0.tar.gz'), fit)).toBe(Number.POSITIVE_INFINITY);
});
