import { expect, test } from 'vitest';
import type { ElfFacts } from '../../formats/elf.ts';
import { architectureOf, familyOf } from './architecture.ts';
import {
  LINUX_ARCHITECTURES,
  MAC_ARCHITECTURES,
  macArchitecturesOf,
  otherNames,
  WINDOWS_ARCHITECTURES,
} from './architectures.ts';
import { isKnownPlatform } from './known-tags.ts';
import { readPlatform } from './platform.ts';
import { platformTags } from './supported-tags.ts';
import { isFor, wheelPlatforms } from './wheel-platforms.ts';

const ALL = [
  ...Object.keys(LINUX_ARCHITECTURES).flatMap((name) => [`glibc-${name}`, `musl-${name}`]),
  ...Object.keys(MAC_ARCHITECTURES).map((name) => `macos-${name}`),
  ...Object.keys(WINDOWS_ARCHITECTURES).map((name) => `windows-${name}`),
];

test.each(ALL)('%s is a platform, and takes tags that are known, and that are for it', (name) => {
  const platform = readPlatform(name);
  expect(platform && `${platform.system}-${platform.architecture}`).toBe(name);
  const tags = platformTags(name);
  expect(tags.length).toBeGreaterThan(0);
  for (const tag of tags) {
    expect([tag, isKnownPlatform(tag)]).toEqual([tag, true]);
    const wheels = wheelPlatforms(tag, undefined);
    if (wheels === 'any' || !platform) throw new Error(`${tag} is for nothing`);
    expect([tag, wheels.some((wheel) => isFor(platform, wheel))]).toEqual([tag, true]);
  }
});

test.each([LINUX_ARCHITECTURES, MAC_ARCHITECTURES, WINDOWS_ARCHITECTURES])(
  'no other name of an architecture is that of one',
  (all) => {
    const others = Object.keys(otherNames(all, 'all'));
    const written = Object.values(all).flatMap(({ alsoCalled = [], misspelt = [] }) => [...alsoCalled, ...misspelt]);
    expect(others.sort()).toEqual([...written].sort()); // none stands twice
    for (const name of others) expect(Object.keys(all)).not.toContain(name);
  },
);

/** ELF machines there are: every `e_machine` with each width and order of bytes. */
const SHAPES = Array.from({ length: 300 }, (_, machine) => machine).flatMap((machine) =>
  ([32, 64] as const).flatMap((bits) =>
    [true, false].map((bigEndian) => ({ machine, bits, bigEndian, kind: 'library', system: 0, flags: 0, needed: [] })),
  ),
);

test('architectureOf() finds each architecture of Linux in an ELF file', () => {
  const found = new Set(SHAPES.map((shape) => architectureOf(shape as unknown as ElfFacts)));
  const missing = Object.keys(LINUX_ARCHITECTURES).filter((name) => !found.has(familyOf(name)));
  expect(missing).toEqual([]);
});

test.each([
  ['universal2', ['arm64', 'x86_64']],
  ['intel', ['x86_64']],
  ['arm64', ['arm64']],
  ['ppc64', ['ppc64']],
])('macArchitecturesOf(%s)', (format, architectures) => {
  expect(macArchitecturesOf(format)).toEqual(architectures);
});
