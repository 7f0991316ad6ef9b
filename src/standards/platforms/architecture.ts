/**
 * What wheel tags (and `uname -m`) call a machine that ELF files are for.
 *
 * Source: System V ABI, registry of `e_machine`; "ELF for the Arm Architecture", section "ELF header" (float ABI).
 */
import type { ElfFacts } from '../../formats/elf.ts';

const ARM = 40;
const FLAG = { hardFloat: 0x400, softFloat: 0x200 } as const;
/** Values of Tag_CPU_arch. */
const CPU = { v6: 6, v7: 10 } as const;
/** Of Tag_ABI_VFP_args. */
const HARD_FLOAT = 1;
/** Debian's name for ARM with soft float: no tag tells it from hard float, and no process can hold both. */
const SOFT_FLOAT_ARM = 'armel';
/** What reads no ELF file of Linux: FreeBSD, Solaris and so on. 97 is old ARM. */
const LINUX_SYSTEMS: readonly number[] = [0, 3, 97];

type ElfLayout = Pick<ElfFacts, 'bits' | 'bigEndian'>;

/** By `e_machine`; what is not here is no machine that Python runs on: eBPF, graphics cards, microcontrollers. */
const NAMES: Readonly<Record<number, string | ((shape: ElfLayout) => string)>> = {
  2: 'sparc',
  3: 'i686',
  8: ({ bits, bigEndian }) => `mips${bits === 64 ? '64' : ''}${bigEndian ? '' : 'el'}`,
  20: 'ppc',
  21: ({ bigEndian }) => (bigEndian ? 'ppc64' : 'ppc64le'),
  22: ({ bits }) => (bits === 64 ? 's390x' : 's390'),
  42: 'sh4',
  43: 'sparc64',
  62: ({ bits }) => (bits === 64 ? 'x86_64' : 'x32'),
  183: ({ bigEndian }) => (bigEndian ? 'aarch64_be' : 'aarch64'),
  243: ({ bits }) => `riscv${bits}`,
  258: ({ bits }) => `loongarch${bits}`,
};

/** One machine for all kinds of hard-float ARM, `arm` (see `armName`). Undefined for what no Linux runs that has Python. */
export function machineOf(elf: ElfFacts): string | undefined {
  if (elf.kind === 'other' || !LINUX_SYSTEMS.includes(elf.system)) return undefined;
  if (elf.machine === ARM && elf.bits === 32) {
    return floatAbiOf(elf) === 'soft' && !isStatic(elf) ? SOFT_FLOAT_ARM : 'arm';
  }
  const name = NAMES[elf.machine];
  return typeof name === 'function' ? name(elf) : name;
}

/** A program that loads nothing: no other file's way to pass numbers can clash with its own. */
export function isStatic({ kind, interpreter, needed }: ElfFacts): boolean {
  return kind === 'program' && interpreter === undefined && needed.length === 0;
}

/** As people know it, of one file by itself. */
export function architectureOf(elf: ElfFacts): string {
  const machine = machineOf(elf) ?? `elf-machine-${elf.machine}`;
  return machine === 'arm' ? armName(elf.arm?.cpuArchitecture, 'arm') : machine;
}

/** Undefined for other machines, and for files that say nothing of it: they fit both. */
export function floatAbiOf({ machine, bits, flags, arm }: ElfFacts): 'hard' | 'soft' | undefined {
  if (machine !== ARM || bits !== 32) return undefined;
  if (flags & FLAG.hardFloat || arm?.floatArguments === HARD_FLOAT) return 'hard';
  return flags & FLAG.softFloat ? 'soft' : undefined;
}

/** The machine that files named for an architecture are for, as `machineOf` has it. */
export function familyOf(architecture: string): string {
  if (/^(?:armv[5-8]\w*|armhf)$/.test(architecture)) return 'arm';
  if (/^i[3-6]86$/.test(architecture)) return 'i686';
  return architecture;
}

/** @param cpuArchitecture the highest Tag_CPU_arch of all members; undefined when none of them says it */
export function armName(cpuArchitecture: number | undefined, otherwise: string): string {
  if (cpuArchitecture === undefined) return otherwise;
  if (cpuArchitecture >= CPU.v7) return 'armv7l';
  return cpuArchitecture >= CPU.v6 ? 'armv6l' : 'armv5tel';
}
