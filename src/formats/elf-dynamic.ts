import type { ByteSource } from './byte-source.ts';
import { type ElfShape, ElfView, peekPart, readPart, type Segment } from './elf-view.ts';

/** A library, and the versions of its symbols that are asked for: `libc.so.6`, `['GLIBC_2.17']`. */
export interface NeededVersions {
  library: string;
  versions: string[];
  /** Those that may be missing (VER_FLG_WEAK): the loader does not mind. */
  optional: string[];
}

/** What the dynamic section says. */
export interface DynamicFacts {
  /** Libraries that must be there (DT_NEEDED), in order. */
  needed: string[];
  /** The name that other files need it by (DT_SONAME). */
  soname?: string;
  /** Where libraries are looked for (DT_RPATH, DT_RUNPATH), as written. */
  searchPaths: string[];
  versions: NeededVersions[];
  /** Relocations are packed (DT_RELR), which old loaders pass over: it crashes there. */
  packedRelocations: boolean;
  /** It is a program, though it may lie anywhere in memory like a library (DF_1_PIE). */
  movableProgram: boolean;
  /** It is made to be imported by Python (a `PyInit_…` is among its symbols' names). */
  pythonModule: boolean;
  fault?: string;
}

export const NO_DYNAMIC_FACTS: DynamicFacts = {
  needed: [],
  searchPaths: [],
  versions: [],
  packedRelocations: false,
  movableProgram: false,
  pythonModule: false,
};

const TAG = { end: 0, needed: 1, strings: 5, stringsSize: 10, soname: 14, rpath: 15, runpath: 29 } as const;
const TAG_RELR = 36;
const TAG_FLAGS = 0x6ffffffb;
const MOVABLE_PROGRAM = 0x08000000;
const TAG_VERSIONS = 0x6ffffffe;

/** VER_FLG_WEAK */
const WEAK_VERSION = 2;

/** Limits, each some ten times what the biggest real files have. In bytes. */
const DYNAMIC_LIMIT = 64 * 1024;
const VERSIONS_LIMIT = 256 * 1024;
const NAME_LIMIT = 1024;
const NEEDED_LIMIT = 4096;
const VERSION_COUNT_LIMIT = 4096;
/** Of names of symbols, where `PyInit_` is looked for. */
const STRINGS_LOOKED_AT = 1024 * 1024;

export async function readDynamic(
  source: ByteSource,
  dynamic: Segment,
  loads: readonly Segment[],
  shape: ElfShape,
): Promise<DynamicFacts> {
  const table = new ElfView(await readPart(source, dynamic.offset, Math.min(dynamic.size, DYNAMIC_LIMIT)), shape);
  const step = shape.bits / 4;
  const found = { needed: [] as number[], paths: [] as number[], soname: -1, strings: -1, size: 0, versions: -1 };
  let packedRelocations = false;
  let movableProgram = false;
  for (let at = 0; at + step <= table.length; at += step) {
    const tag = table.word(at);
    const value = table.word(at + step / 2);
    if (tag === TAG.end) break;
    if (tag === TAG.needed && found.needed.length < NEEDED_LIMIT) found.needed.push(value);
    else if ((tag === TAG.rpath || tag === TAG.runpath) && found.paths.length < 2) found.paths.push(value);
    else if (tag === TAG.soname) found.soname = value;
    else if (tag === TAG.strings) found.strings = value;
    else if (tag === TAG.stringsSize) found.size = value;
    else if (tag === TAG_VERSIONS) found.versions = value;
    else if (tag === TAG_RELR) packedRelocations = true;
    else if (tag === TAG_FLAGS) movableProgram = (value & MOVABLE_PROGRAM) !== 0;
  }
  const facts: DynamicFacts = { ...NO_DYNAMIC_FACTS, packedRelocations, movableProgram };
  if (table.length === 0) return { ...facts, fault: 'dynamic section' };
  const stringsAt = offsetOf(found.strings, loads);
  if (stringsAt === undefined) return found.needed.length > 0 ? { ...facts, fault: 'names' } : facts;
  const strings = new Strings(source, stringsAt);

  const versionsAt = found.versions < 0 ? undefined : offsetOf(found.versions, loads);
  const chain = versionsAt === undefined ? [] : await readVersionChain(source, versionsAt, shape);
  await strings.load([
    ...found.needed,
    ...found.paths,
    found.soname,
    ...chain.flatMap(({ library, versions, optional }) => [library, ...versions, ...optional]),
  ]);
  const fault = found.versions >= 0 && chain.length === 0 ? 'symbol versions' : strings.fault;
  return {
    ...facts,
    needed: found.needed.map((at) => strings.get(at)),
    ...(found.soname >= 0 && { soname: strings.get(found.soname) }),
    searchPaths: found.paths.map((at) => strings.get(at)),
    versions: chain.map(({ library, versions, optional }) => ({
      library: strings.get(library),
      versions: versions.map((at) => strings.get(at)),
      optional: optional.map((at) => strings.get(at)),
    })),
    pythonModule: (await peekPart(source, stringsAt, Math.min(found.size, STRINGS_LOOKED_AT))).includes('\0PyInit_'),
    ...(fault && { fault }),
  };
}

/** Where in the file an address is kept; undefined for one that no segment maps. */
function offsetOf(address: number, loads: readonly Segment[]): number | undefined {
  const holder = loads.find((load) => address >= load.address && address - load.address < load.size);
  return holder && holder.offset + (address - holder.address);
}

/** Places of names in the strings. An entry's `next` counts from the entry itself, and only ever leads forward: no loops. */
async function readVersionChain(source: ByteSource, offset: number, shape: ElfShape) {
  const table = new ElfView(await readPart(source, offset, VERSIONS_LIMIT), shape);
  const chain: { library: number; versions: number[]; optional: number[] }[] = [];
  let count = 0;
  for (let at = 0; at + 16 <= table.length && count < VERSION_COUNT_LIMIT; ) {
    if (table.u16(at) !== 1) break;
    const versions: number[] = [];
    const optional: number[] = [];
    for (let aux = at + table.u32(at + 8); aux + 16 <= table.length && count++ < VERSION_COUNT_LIMIT; ) {
      (table.u16(aux + 4) & WEAK_VERSION ? optional : versions).push(table.u32(aux + 8));
      const step = table.u32(aux + 12);
      if (step === 0) break;
      aux += step;
    }
    chain.push({ library: table.u32(at + 4), versions, optional });
    count++;
    const next = table.u32(at + 12);
    if (next === 0) break;
    at += next;
  }
  return chain;
}

/** Names by their place in a table of strings, read in the order in which they lie there. */
class Strings {
  readonly #source: ByteSource;
  readonly #start: number;
  readonly #names = new Map<number, string>();
  fault: string | undefined;

  constructor(source: ByteSource, start: number) {
    this.#source = source;
    this.#start = start;
  }

  async load(places: readonly number[]): Promise<void> {
    const ordered = [...new Set(places)].filter((place) => place >= 0).sort((a, b) => a - b);
    for (const place of ordered) {
      const bytes = await peekPart(this.#source, this.#start + place, NAME_LIMIT);
      const end = bytes.indexOf(0);
      if (end < 0) this.fault = 'names';
      this.#names.set(place, bytes.toString('latin1', 0, Math.max(0, end)));
    }
  }

  get(place: number): string {
    return this.#names.get(place) ?? '';
  }
}
