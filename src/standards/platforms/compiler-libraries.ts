/**
 * libstdc++ and libgcc_s, which manylinux takes from the machine: the first manylinux whose systems have the versions of symbols
 * that a wheel asks for.
 *
 * Source: ABI policy of the GCC manual ("Symbol versioning"), and what the systems behind each manylinux bring.
 */
import type { ElfFacts } from '../../formats/elf.ts';
import { isNewer, newest } from './platform-tag.ts';

/** The newest version of each family that is there, oldest manylinux first. */
const BROUGHT: readonly (readonly [manylinux: string, brought: Readonly<Record<string, string>>])[] = [
  ['2.5', { GLIBCXX: '3.4.8', CXXABI: '1.3.1', GCC: '4.2.0' }],
  ['2.12', { GLIBCXX: '3.4.13', CXXABI: '1.3.3', GCC: '4.3.0' }],
  ['2.17', { GLIBCXX: '3.4.19', CXXABI: '1.3.7', GCC: '4.8.0' }],
  ['2.24', { GLIBCXX: '3.4.22', CXXABI: '1.3.10', GCC: '4.8.0' }],
  ['2.27', { GLIBCXX: '3.4.24', CXXABI: '1.3.11', GCC: '7.0.0' }],
  ['2.31', { GLIBCXX: '3.4.28', CXXABI: '1.3.12', GCC: '7.0.0' }],
  ['2.34', { GLIBCXX: '3.4.29', CXXABI: '1.3.13', GCC: '7.0.0' }],
  ['2.35', { GLIBCXX: '3.4.30', CXXABI: '1.3.13', GCC: '12.0.0' }],
  ['2.39', { GLIBCXX: '3.4.33', CXXABI: '1.3.15', GCC: '14.0.0' }],
];
/** For other machines than x86-64, the systems behind 2.26 have as much as 2.27. */
const EARLIER: Readonly<Record<string, string>> = { '2.27': '2.26' };
const X86_64 = 62;
/** Of later compilers: no manylinux is known to have it. */
const BEYOND = '2.42';
/** A library that the wheel brings has another name. */
const OF_THE_MACHINE = /^lib(?:stdc\+\+\.so\.6|gcc_s\.so\.1)$/;

/** `2.24`; undefined when it asks for nothing of them. */
export function manylinuxOfCompiler({ versions, machine }: Pick<ElfFacts, 'versions' | 'machine'>): string | undefined {
  const found: string[] = [];
  for (const { library, versions: names } of versions) {
    if (!OF_THE_MACHINE.test(library)) continue;
    for (const name of names) {
      const [, family = '', version] = /^(GLIBCXX|CXXABI|GCC)_([\d.]+)$/.exec(name) ?? [];
      if (version === undefined) continue;
      const first = BROUGHT.find(([, brought]) => !isNewer(version, brought[family] as string))?.[0] ?? BEYOND;
      found.push((machine !== X86_64 && EARLIER[first]) || first);
    }
  }
  return newest(found);
}
