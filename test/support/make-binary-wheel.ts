import { type ElfOptions, makeElf } from './make-elf.ts';
import { makeWheel, type WheelOptions, wheelFilename } from './make-package.ts';

/** ELF files as compilers make extension modules, by what they are for. */
export const MODULES = {
  glibc: { needed: ['libc.so.6'], versions: { 'libc.so.6': ['GLIBC_2.17'] } },
  musl: { needed: ['libc.musl-x86_64.so.1'] },
  neutral: {},
  armhf: { bits: 32, machine: 40, flags: 0x5000400, needed: ['libc.so.6'], versions: { 'libc.so.6': ['GLIBC_2.28'] } },
  aarch64: { machine: 183, needed: ['libc.so.6'] },
} as const satisfies Record<string, ElfOptions>;

export type BinaryWheelOptions = Omit<WheelOptions, 'tag'> & { module: ElfOptions; platform?: string };

function wheelOptions({ module, platform = 'linux_x86_64', ...options }: BinaryWheelOptions): WheelOptions {
  return {
    ...options,
    tag: `cp311-cp311-${platform}`,
    members: { ...options.members, 'foo/_native.so': makeElf(module) },
  };
}

export function makeBinaryWheel(options: BinaryWheelOptions): Uint8Array {
  return makeWheel(wheelOptions(options));
}

export function binaryWheelFilename(options: BinaryWheelOptions): string {
  return wheelFilename(wheelOptions(options));
}
