/**
 * `.ARM.attributes`: which ARM an object was compiled for. Found by section headers, there is no other way to it.
 *
 * Source: "Addenda to, and Errata in, the ABI for the Arm Architecture", chapter 3 (build attributes).
 */
import type { ByteSource } from './byte-source.ts';
import { type ElfShape, ElfView, readPart } from './elf-view.ts';

export interface ArmAttributes {
  /** Tag_CPU_arch: 6 is ARMv6, 10 is ARMv7, 14 is ARMv8. */
  cpuArchitecture?: number;
  /** Tag_ABI_VFP_args: 1 is hard float, 3 fits both. */
  floatArguments?: number;
}

const SECTION_TYPE = 0x70000003;
const SECTION_BYTES = 40;
const SECTION_LIMIT = 4096;
const ATTRIBUTES_LIMIT = 64 * 1024;
const FORMAT_A = 0x41;
const WHOLE_FILE = 1;
const TAG = { cpuRawName: 4, cpuName: 5, cpuArchitecture: 6, floatArguments: 28, compatibility: 32 } as const;

/** @returns an empty record when there are none */
export async function readArmAttributes(source: ByteSource, header: ElfView, shape: ElfShape): Promise<ArmAttributes> {
  const count = Math.min(header.u16(48), SECTION_LIMIT);
  if (count === 0 || header.u16(46) !== SECTION_BYTES) return {};
  const table = new ElfView(await readPart(source, header.u32(32), count * SECTION_BYTES), shape);
  for (let at = 0; at + SECTION_BYTES <= table.length; at += SECTION_BYTES) {
    if (table.u32(at + 4) !== SECTION_TYPE) continue;
    const length = Math.min(table.u32(at + 20), ATTRIBUTES_LIMIT);
    return parseArmAttributes(new ElfView(await readPart(source, table.u32(at + 16), length), shape));
  }
  return {};
}

/** Sections of vendors, each with parts; those of `aeabi` that are about the whole file count. */
function parseArmAttributes(view: ElfView): ArmAttributes {
  const found: ArmAttributes = {};
  if (view.bytes[0] !== FORMAT_A) return found;
  for (let at = 1; at + 4 < view.length; ) {
    const length = view.u32(at);
    const nameEnd = view.bytes.indexOf(0, at + 4);
    if (length < 5 || nameEnd < 0) break;
    const end = Math.min(at + length, view.length);
    if (view.bytes.toString('latin1', at + 4, nameEnd) === 'aeabi') readParts(view, nameEnd + 1, end, found);
    at += length;
  }
  return found;
}

function readParts(view: ElfView, from: number, to: number, found: ArmAttributes): void {
  for (let at = from; at + 5 <= to; ) {
    const length = view.u32(at + 1);
    if (length < 5) return;
    if (view.bytes[at] === WHOLE_FILE) readTags(view.bytes, at + 5, Math.min(at + length, to), found);
    at += length;
  }
}

/** Tags and values are numbers of seven bits a byte; odd tags above 32, and three others, have text. */
function readTags(bytes: Buffer, from: number, to: number, found: ArmAttributes): void {
  let at = from;
  const number = () => {
    let value = 0;
    for (let shift = 0; at < to; shift += 7) {
      const byte = bytes[at++] as number;
      if (shift < 28) value |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    return value;
  };
  const skipText = () => {
    const end = bytes.indexOf(0, at);
    at = end < 0 || end >= to ? to : end + 1;
  };
  while (at < to) {
    const tag = number();
    if (tag === TAG.compatibility) {
      number();
      skipText();
    } else if (tag === TAG.cpuRawName || tag === TAG.cpuName || (tag > 32 && tag % 2 === 1)) skipText();
    else {
      const value = number();
      if (tag === TAG.cpuArchitecture) found.cpuArchitecture = value;
      if (tag === TAG.floatArguments) found.floatArguments = value;
    }
  }
}
