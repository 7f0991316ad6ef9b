/** ELF files made in code, with what loaders look at and nothing else: no code, no section headers unless attributes are asked for. */

export interface ElfOptions {
  bits?: 32 | 64;
  bigEndian?: boolean;
  /** `e_machine`; 62 (x86-64) unless given. */
  machine?: number;
  /** `e_type`; 3 (a shared library, or a program that may lie anywhere) unless given. */
  type?: number;
  /** `EI_OSABI`; 0 unless given. */
  system?: number;
  flags?: number;
  interpreter?: string;
  needed?: string[];
  soname?: string;
  runpath?: string;
  /** Library to versions: `{ 'libc.so.6': ['GLIBC_2.17', 'GLIBC_2.28?'] }`; one with a question mark may be missing. */
  versions?: Record<string, string[]>;
  /** DT_RELR. */
  packedRelocations?: boolean;
  /** Names of symbols. */
  symbols?: string[];
  /** Without a dynamic section. */
  isStatic?: boolean;
  /** `.ARM.attributes`: tags and values, below 128. */
  armAttributes?: [tag: number, value: number][];
  /** Zeros between the tables that loaders read first and the dynamic section, where compilers put code. In bytes. */
  code?: number;
}

const BASE_ADDRESS = 0x10000;

export function makeElf(options: ElfOptions = {}): Buffer {
  const { bits = 64, bigEndian = false, machine = 62, type = 3, flags = 0, isStatic = false, code = 0 } = options;
  const wide = bits === 64;
  const number = (value: number, bytes: number) => {
    const piece = Buffer.alloc(bytes);
    const low = bigEndian ? bytes - Math.min(4, bytes) : 0;
    if (bytes === 2) bigEndian ? piece.writeUInt16BE(value) : piece.writeUInt16LE(value);
    else bigEndian ? piece.writeUInt32BE(value, low) : piece.writeUInt32LE(value, low);
    return piece;
  };
  const u16 = (value: number) => number(value, 2);
  const u32 = (value: number) => number(value, 4);
  const word = (value: number) => number(value, wide ? 8 : 4);

  let strings = '\0';
  const string = (text: string) => {
    const at = strings.length;
    strings += `${text}\0`;
    return at;
  };
  for (const symbol of options.symbols ?? []) string(symbol);
  const dynamic: [tag: number, value: number][] = (options.needed ?? []).map((name) => [1, string(name)]);
  if (options.soname !== undefined) dynamic.push([14, string(options.soname)]);
  if (options.runpath !== undefined) dynamic.push([29, string(options.runpath)]);
  if (options.packedRelocations) dynamic.push([36, 0]);
  const libraries = Object.entries(options.versions ?? {});
  const versions = Buffer.concat(
    libraries.flatMap(([library, names], index) => [
      ...[u16(1), u16(names.length), u32(string(library)), u32(16)],
      u32(index === libraries.length - 1 ? 0 : 16 + 16 * names.length),
      ...names.flatMap((name, place) => [
        ...[u32(0), u16(name.endsWith('?') ? 2 : 0), u16(2), u32(string(name.replace('?', '')))],
        u32(place === names.length - 1 ? 0 : 16),
      ]),
    ]),
  );
  const interpreter = options.interpreter === undefined ? undefined : Buffer.from(`${options.interpreter}\0`);

  const headerBytes = wide ? 64 : 52;
  const segmentBytes = wide ? 56 : 32;
  const segmentCount = 1 + (interpreter ? 1 : 0) + (isStatic ? 0 : 1);
  const interpreterAt = headerBytes + segmentCount * segmentBytes;
  const versionsAt = interpreterAt + (interpreter?.length ?? 0);
  const stringsAt = versionsAt + versions.length;
  const stringBytes = Buffer.from(strings, 'latin1');
  const dynamicAt = stringsAt + stringBytes.length + code;
  dynamic.push([5, BASE_ADDRESS + stringsAt], [10, stringBytes.length]);
  if (versions.length > 0) dynamic.push([0x6ffffffe, BASE_ADDRESS + versionsAt], [0x6fffffff, libraries.length]);
  dynamic.push([0, 0]);
  const dynamicBytes = Buffer.concat(dynamic.flatMap(([tag, value]) => [word(tag), word(value)]));
  const end = dynamicAt + dynamicBytes.length;

  const attributes = options.armAttributes && armAttributes(options.armAttributes, u32);
  const section = attributes && [u32(0), u32(0x70000003), ...[0, 0, end, attributes.length, 0, 0, 1, 0].map(u32)];
  const segment = (kind: number, at: number, size: number) =>
    wide
      ? [u32(kind), u32(4), word(at), word(BASE_ADDRESS + at), word(0), word(size), word(size), word(1)]
      : [kind, at, BASE_ADDRESS + at, 0, size, size, 4, 1].map(u32);
  return Buffer.concat([
    Buffer.from([0x7f, 0x45, 0x4c, 0x46, wide ? 2 : 1, bigEndian ? 2 : 1, 1, options.system ?? 0, ...Buffer.alloc(8)]),
    ...[u16(type), u16(machine), u32(1), word(0), word(headerBytes), word(attributes ? end + attributes.length : 0)],
    ...[u32(flags), u16(headerBytes), u16(segmentBytes), u16(segmentCount), u16(40), u16(section ? 1 : 0), u16(0)],
    ...segment(1, 0, end),
    ...(interpreter ? segment(3, interpreterAt, interpreter.length) : []),
    ...(isStatic ? [] : segment(2, dynamicAt, dynamicBytes.length)),
    ...[interpreter ?? Buffer.alloc(0), versions, stringBytes, Buffer.alloc(code), dynamicBytes],
    ...(attributes ? [attributes, ...(section ?? [])] : []),
  ]);
}

function armAttributes(tags: readonly [number, number][], u32: (value: number) => Buffer): Buffer {
  const values = Buffer.from(tags.flat());
  const part = Buffer.concat([Buffer.from([1]), u32(5 + values.length), values]);
  return Buffer.concat([Buffer.from('A'), u32(10 + part.length), Buffer.from('aeabi\0'), part]);
}
