/**
 * What an ELF file needs, from its first pages alone. The dynamic section that says it outright lies behind the code, and to get there
 * all the code has to be unpacked; but linkers put the names, versions and relocations it speaks of first. Read so only where
 * everything found proves itself: otherwise the answer is "not known", and the dynamic section is read.
 *
 * - Addresses in the file are relocated one by one: so they are not packed (DT_RELR), and names, which come before, are all there.
 * - Names of libraries (they may include its own) and of versions stand between zeros.
 * - Versions are chained, each with the hash of its name.
 */

import { type DynamicFacts, type NeededVersions, NO_DYNAMIC_FACTS } from './elf-dynamic.ts';
import { type ElfShape, ElfView, type Segment } from './elf-view.ts';

/** `R_…_RELATIVE` by `e_machine`, and whether entries have an addend. */
const RELATIVE: Readonly<Record<number, number>> = { 3: 8, 21: 22, 22: 12, 40: 23, 62: 8, 183: 1027, 243: 3 };
const WITHOUT_ADDEND: readonly number[] = [3, 40];
/** So many in a row are no accident. */
const RELOCATIONS_IN_A_ROW = 3;
const LIBRARY = /(?<=\0)[\x21-\x7e]{1,200}\.so(?:\.[\w.]{1,30})?(?=\0)/g;
const VERSION = /(?<=\0)[A-Z][A-Za-z0-9]{1,20}_[\w.]{1,40}(?=\0)/g;
const GNU_VERSION = /^(?:GLIBC|GLIBCXX|CXXABI|GCC)_(?:[\d.]+|PRIVATE)$/;
const PACKED = 'GLIBC_ABI_DT_RELR';
const WEAK_VERSION = 2;
/** Versions looked at in all, also of chains that are none: ten times what the biggest real files have. */
const VERSION_COUNT_LIMIT = 4096;

/** @returns undefined when the first pages do not tell for sure */
export function readFront(
  front: Buffer,
  machine: number,
  loads: readonly Segment[],
  shape: ElfShape,
): DynamicFacts | undefined {
  const view = new ElfView(front, shape);
  const end = findRelocations(view, machine, loads, shape);
  if (end === undefined) return undefined;
  const text = front.toString('latin1', 0, end);
  const needed = [...text.matchAll(LIBRARY)].map(([name]) => name);
  if (needed.length === 0 || text.includes(PACKED)) return undefined;
  const versions = findVersions(view, text);
  if (versions === undefined) return undefined;
  return {
    ...NO_DYNAMIC_FACTS,
    needed: [...new Set(needed)],
    versions,
    pythonModule: text.includes('\0PyInit_'),
  };
}

/** Where the first relocations begin. */
function findRelocations(
  view: ElfView,
  machine: number,
  loads: readonly Segment[],
  { bits, bigEndian }: ElfShape,
): number | undefined {
  const type = RELATIVE[machine];
  if (type === undefined) return undefined;
  const word = bits / 8;
  const step = WITHOUT_ADDEND.includes(machine) ? 2 * word : 3 * word;
  const isRow = (start: number) => {
    let previous = 0;
    for (let at = start; at < start + step * RELOCATIONS_IN_A_ROW; at += step) {
      const address = view.word(at);
      const isMapped = loads.some((load) => address >= load.address && address - load.address < load.size);
      if (view.word(at + word) !== type || address <= previous || !isMapped) return false;
      previous = address;
    }
    return true;
  };
  const wanted = Buffer.alloc(word);
  if (bigEndian) wanted.writeUInt16BE(type, word - 2);
  else wanted.writeUInt16LE(type, 0);
  for (let at = view.bytes.indexOf(wanted, 64); at >= 0; at = view.bytes.indexOf(wanted, at + 1)) {
    if (at % word === 0 && isRow(at - word)) return at - word;
  }
  return undefined;
}

/** None where no version of GNU's libraries is named; undefined where some are, and the chain is not found. */
function findVersions(view: ElfView, text: string): NeededVersions[] | undefined {
  const names = new Map<number, { name: string; at: number }>();
  let isVersioned = false;
  for (const { 0: name, index: at } of text.matchAll(VERSION)) {
    names.set(hashOf(name), { name, at });
    isVersioned ||= GNU_VERSION.test(name);
  }
  if (!isVersioned) return [];
  const budget = { left: VERSION_COUNT_LIMIT };
  for (let at = 64; at + 32 <= text.length; at += 4) {
    if (view.u16(at) !== 1) continue;
    const first = at + view.u32(at + 8);
    const namedVersion = first + 16 <= text.length ? names.get(view.u32(first)) : undefined;
    if (!namedVersion) continue;
    const strings = namedVersion.at - view.u32(first + 8);
    const chain = strings > 0 ? readChain(view, text, at, strings, budget) : undefined;
    if (chain) return chain;
  }
  return undefined;
}

/** @param strings where the table of names begins */
function readChain(
  view: ElfView,
  text: string,
  from: number,
  strings: number,
  budget: { left: number },
): NeededVersions[] | undefined {
  const found: NeededVersions[] = [];
  for (let at = from; ; ) {
    if (at + 16 > text.length || view.u16(at) !== 1 || budget.left-- <= 0) return undefined;
    const needs: NeededVersions = { library: nameAt(text, strings + view.u32(at + 4)), versions: [], optional: [] };
    if (!needs.library.includes('.so')) return undefined;
    let aux = at + view.u32(at + 8);
    for (let count = view.u16(at + 2); count > 0; count--) {
      if (aux + 16 > text.length || budget.left-- <= 0) return undefined;
      const name = nameAt(text, strings + view.u32(aux + 8));
      if (name === '' || hashOf(name) !== view.u32(aux)) return undefined;
      (view.u16(aux + 4) & WEAK_VERSION ? needs.optional : needs.versions).push(name);
      aux += view.u32(aux + 12);
    }
    found.push(needs);
    const next = view.u32(at + 12);
    if (next === 0) return found;
    at += next;
  }
}

function nameAt(text: string, at: number): string {
  const end = text.indexOf('\0', at);
  return end < 0 ? '' : text.slice(at, end);
}

/** The hash of System V's ABI. */
function hashOf(name: string): number {
  let hash = 0;
  for (let index = 0; index < name.length; index++) {
    hash = ((hash << 4) + name.charCodeAt(index)) >>> 0;
    const high = hash & 0xf0000000;
    hash = (hash ^ (high >>> 24)) & 0x0fffffff;
  }
  return hash;
}
