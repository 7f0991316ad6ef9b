import type { ElfFacts } from '../../formats/elf.ts';

/**
 * What the programs and libraries in a wheel need of the machine, all together. Small: it is kept for every file of a site.
 * The tag that it may bear follows from it: `truestTag` (truest-tag.ts).
 */
export interface BinaryFacts {
  /** `neutral`: nothing in it is tied to a C library, it runs with each. `both`: some of it is for one, some for the other. */
  libc: Libc;
  /**
   * As wheel tags name them: `x86_64`, `armv6l`, `armv7l`; but `armel` for ARM with soft float, which no tag tells from the others.
   * The first is the one that the rest is about: whatever is in the wheel for other machines is not counted. Empty when nothing could be read.
   */
  architectures: string[];
  /** The oldest glibc it runs with, `2.17`; absent when it does not say. */
  glibcFloor?: string;
  /**
   * The oldest manylinux by the letter, `2.24`, where that is newer than the floor: its systems have the libstdc++ and libgcc_s that the
   * wheel asks for, and also versions of glibc that it can do without.
   */
  manylinuxFloor?: string;
  /** It asks for symbols that glibc keeps for itself (GLIBC_PRIVATE): any other build of glibc may lack them, so it fits no manylinux. */
  privateGlibc?: true;
  /** The oldest musl it runs with, `1.2.4`; absent when it does not say (musl keeps no versions). */
  muslFloor?: string;
  /** It has modules for Python: not only programs, and libraries that are loaded by their path. */
  modules?: true;
  /** What the names of its modules say they are for, sorted: `abi3`, `cp311`, `pp310`. */
  pythons?: string[];
  /** Libraries that are not in it, and that not every Linux has, sorted: the machine must bring them. */
  outside?: string[];
  /** The first member that shows each of it; of the floors, the first that needs as much. */
  evidence: { [about in EvidenceAbout]?: Evidence };
  /** What could not be examined, in words that follow "kho did not examine": what is known may not be all. */
  unexamined?: string;
}

export type Libc = 'glibc' | 'musl' | 'neutral' | 'both';

export type EvidenceAbout = 'architecture' | 'glibc' | 'musl' | 'glibcFloor' | 'muslFloor';

/** What one member says, and where: data, `binary-words.ts` makes sentences of it. */
export interface Evidence {
  /** Its path in the wheel. */
  member: string;
  /**
   * `machine`: it is built for `value`; `loader`: it is started by the loader `value` (PT_INTERP); `needs`: it asks for the library
   * `value`; `version`: for symbols of version `value`; `suffix`: its name says `value`; `relocations`: they are packed (DT_RELR).
   */
  kind: 'machine' | 'loader' | 'needs' | 'version' | 'suffix' | 'relocations';
  /** `libc.musl-x86_64.so.1`, `GLIBC_2.17`, `linux-musl`. */
  value: string;
}

/** A program or library in a wheel. */
export interface ElfMember {
  path: string;
  elf: ElfFacts;
}
