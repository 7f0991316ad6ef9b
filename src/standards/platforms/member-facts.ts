import { architectureOf, floatAbiOf } from './architecture.ts';
import type { ElfMember, Evidence } from './binary-facts.ts';
import { pythonOf } from './gather-facts.ts';
import { highestGlibc, libcOf } from './libc.ts';

/** What one program or library in a wheel says, for people; what the wheel needs is gathered from all of them. */
export interface MemberFacts {
  path: string;
  /** As wheel tags name it; `elf-machine-N` for one that no tag knows. */
  architecture: string;
  bits: 32 | 64;
  bigEndian: boolean;
  /** Of 32-bit ARM: how numbers with fractions are passed; absent when it fits both. */
  floatAbi?: 'hard' | 'soft';
  kind: 'program' | 'library';
  /** Absent when nothing ties it to one. */
  libc?: 'glibc' | 'musl';
  evidence?: Pick<Evidence, 'kind' | 'value'>;
  /** The highest version of glibc that its symbols ask for. */
  glibc?: string;
  packedRelocations?: true;
  needed: string[];
  soname?: string;
  /** What its name says it is for: `cp311`, `abi3`. */
  python?: string;
  /** What of it could not be read. */
  fault?: string;
}

/** None for object files and the like, which nothing loads. */
export function memberFacts({ path, elf }: ElfMember): MemberFacts[] {
  if (elf.kind === 'other') return [];
  const { bits, bigEndian, kind, needed, soname, packedRelocations, fault } = elf;
  const float = floatAbiOf(elf);
  const found = libcOf(elf, path);
  const glibc = highestGlibc(elf);
  const python = pythonOf(path);
  return [
    {
      path,
      architecture: architectureOf(elf),
      bits,
      bigEndian,
      ...(float && { floatAbi: float }),
      kind,
      ...(found && { libc: found.libc, evidence: { kind: found.kind, value: found.value } }),
      ...(glibc !== undefined && { glibc }),
      ...(packedRelocations && { packedRelocations }),
      needed,
      ...(soname !== undefined && { soname }),
      ...(python !== undefined && { python }),
      ...(fault !== undefined && { fault }),
    },
  ];
}
