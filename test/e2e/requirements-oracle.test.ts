/** What kho makes of machines, markers and requirements, beside Python's `packaging`, which pip decides with. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { supportedTags } from '../../src/standards/platforms/supported-tags.ts';
import { parseTargetPython } from '../../src/standards/platforms/target-machine.ts';
import { ask } from '../support/standards-oracle.ts';

const ARCHITECTURES = {
  glibc: ['x86_64', 'i686', 'aarch64', 'armv6l', 'armv7l', 'armv8l', 'ppc64le', 's390x', 'riscv64', 'loongarch64'],
  musl: ['x86_64', 'i686', 'aarch64', 'armv6l', 'armv7l', 'ppc64le', 's390x', 'riscv64', 'mips64'],
};
const FLOORS = { glibc: ['2.17', '2.28', '2.31', '2.36', '2.41'], musl: ['1.1', '1.2', '1.2.4'] };

const machines: fc.Arbitrary<[platform: string, floor: string]> = fc.oneof(
  fc.constantFrom('glibc' as const, 'musl' as const).chain((libc) =>
    fc.tuple(
      fc.constantFrom(...ARCHITECTURES[libc]).map((architecture) => `${libc}-${architecture}`),
      fc.constantFrom(...FLOORS[libc]),
    ),
  ),
  fc.tuple(fc.constantFrom('macos-arm64', 'macos-x86_64'), fc.constantFrom('11.0', '12.3', '14.0', '15.4', '26.0')),
  fc.constantFrom<[string, string]>(
    ['macos-x86_64', '10.9'],
    ['windows-amd64', '0.0'],
    ['windows-arm64', '0.0'],
    ['windows-win32', '0.0'],
  ),
);
const pythons = fc.oneof(
  fc.tuple(fc.integer({ min: 5, max: 15 }), fc.constant(false)),
  fc.tuple(fc.integer({ min: 13, max: 15 }), fc.constant(true)),
);

test('supportedTags() lists what packaging does, in its order', () => {
  const cases = fc.sample(fc.tuple(machines, pythons), { numRuns: 120, seed: 425 });
  const questions = cases.map(([[platform, floor], [minor, threaded]]) => [platform, floor, minor, threaded]);
  const answers = ask<string[]>('supported_tags', questions);
  cases.forEach(([[platform, libcFloor], [minor, threaded]], index) => {
    const python = parseTargetPython(`3.${minor}${threaded ? 't' : ''}`);
    const tags = supportedTags({ platform, python, libcFloor });
    expect([platform, libcFloor, python.written, tags]).toEqual([platform, libcFloor, python.written, answers[index]]);
  });
});
