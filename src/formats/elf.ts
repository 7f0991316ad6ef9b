/**
 * ELF files: what a program or library needs of the machine that loads it. Read the way loaders do, by program headers; section
 * headers may be stripped. Any bytes may come: tables are bounded, nothing is followed twice, a fault is a fact.
 *
 * Source: System V ABI (gABI 4.1, chapters 4 and 5), "ELF for the Arm Architecture" (flags), LSB Core (symbol versions).
 */
import type { ByteSource } from './byte-source.ts';
import { type ArmAttributes, readArmAttributes } from './elf-arm.ts';
import { type DynamicFacts, NO_DYNAMIC_FACTS, readDynamic } from './elf-dynamic.ts';
import { readFront } from './elf-front.ts';
import { type ElfShape, ElfView, readPart, type Segment } from './elf-view.ts';

export interface ElfFacts extends ElfShape, DynamicFacts {
  /** `e_machine`: 62 is x86-64, 183 is AArch64. */
  machine: number;
  /** `e_type`: a program or a library can be loaded; object files, core dumps and the like cannot. */
  kind: 'program' | 'library' | 'other';
  /** `EI_OSABI`: 0 and 3 are Linux, 9 is FreeBSD. */
  system: number;
  /** `e_flags`, whose meaning depends on the machine. */
  flags: number;
  /** The loader it asks for (PT_INTERP). */
  interpreter?: string;
  /** It has a dynamic section; without one, and without an interpreter, it is static. */
  dynamic: boolean;
  /** 32-bit ARM only. */
  arm?: ArmAttributes;
  /** It was read from its first pages: its own name may be among `needed`, and what only its end says is not known. */
  quick?: true;
  /** What could not be read, in words that follow "its"; the other facts are what was read before. */
  fault?: string;
}

export const ELF_MAGIC = '\x7fELF';

const TYPE = { program: 2, library: 3 } as const;
const SEGMENT = { load: 1, dynamic: 2, interpreter: 3 } as const;
const MACHINE_ARM = 40;
const WIDEST_HEADER = 64;
/** Real files have some ten. Also what one of 32 bits, and of 64, takes, in bytes. */
const SEGMENT_LIMIT = 512;
const SEGMENT_BYTES = { 32: 32, 64: 56 } as const;
/** Of an interpreter's path, in bytes. */
const PATH_LIMIT = 4096;

/**
 * @param source any bytes that begin with `ELF_MAGIC`
 * @param front its first pages: if they tell all there is to know, nothing else is read, and `quick` is set
 * @returns undefined when they are no ELF file: the header is cut off, or says so
 */
export async function readElf(source: ByteSource, front?: Buffer): Promise<ElfFacts | undefined> {
  const head = await readPart(source, 0, WIDEST_HEADER);
  const shape = shapeOf(head);
  if (!shape) return undefined;
  const view = new ElfView(head, shape);
  const wide = shape.bits === 64;
  const type = view.u16(16);
  const facts: ElfFacts = {
    ...shape,
    ...NO_DYNAMIC_FACTS,
    machine: view.u16(18),
    system: head[7] as number,
    kind: type === TYPE.program ? 'program' : type === TYPE.library ? 'library' : 'other',
    flags: view.u32(wide ? 48 : 36),
    dynamic: false,
  };
  if (facts.kind === 'other') return facts;
  const segments = await readSegments(source, view, shape);
  if (segments === undefined) return { ...facts, fault: 'program headers' };

  const interpreter = segments.find(({ type }) => type === SEGMENT.interpreter);
  if (interpreter) facts.interpreter = await readPath(source, interpreter);
  const dynamic = segments.find(({ type }) => type === SEGMENT.dynamic);
  if (dynamic) {
    facts.dynamic = true;
    const loads = segments.filter(({ type }) => type === SEGMENT.load);
    const quick = front && readFront(front, facts.machine, loads, shape);
    if (quick) return { ...facts, ...quick, quick: true };
    Object.assign(facts, await readDynamic(source, dynamic, loads, shape));
    if (facts.movableProgram) facts.kind = 'program';
  }
  if (facts.machine === MACHINE_ARM && !wide) facts.arm = await readArmAttributes(source, view, shape);
  return facts;
}

function shapeOf(head: Buffer): ElfShape | undefined {
  if (head.length < 52 || head.toString('latin1', 0, 4) !== ELF_MAGIC) return undefined;
  const [, , , , width, order] = head;
  if ((width !== 1 && width !== 2) || (order !== 1 && order !== 2)) return undefined;
  if (width === 2 && head.length < WIDEST_HEADER) return undefined;
  return { bits: width === 2 ? 64 : 32, bigEndian: order === 2 };
}

async function readSegments(source: ByteSource, header: ElfView, shape: ElfShape): Promise<Segment[] | undefined> {
  const wide = shape.bits === 64;
  const offset = header.word(wide ? 32 : 28);
  const entryBytes = header.u16(wide ? 54 : 42);
  const count = header.u16(wide ? 56 : 44);
  if (count === 0) return [];
  const least = SEGMENT_BYTES[shape.bits];
  if (count > SEGMENT_LIMIT || entryBytes < least || entryBytes > 4 * least) return undefined;
  const table = new ElfView(await readPart(source, offset, count * entryBytes), shape);
  if (table.length < count * entryBytes) return undefined;
  const segments: Segment[] = [];
  for (let at = 0; at < table.length; at += entryBytes) {
    const type = table.u32(at);
    segments.push(
      wide
        ? { type, offset: table.word(at + 8), address: table.word(at + 16), size: table.word(at + 32) }
        : { type, offset: table.u32(at + 4), address: table.u32(at + 8), size: table.u32(at + 16) },
    );
  }
  return segments;
}

async function readPath(source: ByteSource, { offset, size }: Segment): Promise<string> {
  const bytes = await readPart(source, offset, Math.min(size, PATH_LIMIT));
  const end = bytes.indexOf(0);
  return bytes.toString('latin1', 0, end < 0 ? bytes.length : end);
}
