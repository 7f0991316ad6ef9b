import { crc32, deflateRawSync } from 'node:zlib';

/** A member of a zip, with knobs for lies: what a field says may differ from what is there. */
export interface ZipMember {
  /** Bytes where the name is no UTF-8. */
  path: string | Uint8Array;
  bytes?: Uint8Array | string;
  /** Stored unless `deflate`. */
  deflate?: boolean;
  /** What the directory says, where it is not the truth. */
  says?: {
    method?: number;
    flags?: number;
    crc32?: number;
    size?: number;
    compressedSize?: number;
    /** Of the local header, from the start of the zip. */
    offset?: number;
    /** The name in the local header. */
    localPath?: string;
  };
  /** What the local header says, where it is neither the truth nor what the directory says. */
  localSays?: Partial<Fields>;
  /** Bytes in front of the local header, which no member is made of. */
  before?: Uint8Array;
  /** Sizes come after the data, as when a zip is written to a pipe. */
  descriptor?: boolean;
  /** Sizes and offset stand in a zip64 extra field. */
  zip64?: boolean;
  /** Unix mode; 0o120777 makes a link. */
  mode?: number;
  /** Extra field of the directory, and of the local header. */
  extra?: Uint8Array;
  localExtra?: Uint8Array;
}

export interface ZipOptions {
  /** Bytes before the zip that its offsets do not count, as in a self-extracting program. */
  prefix?: Uint8Array;
  /** Bytes after its end. */
  suffix?: Uint8Array;
  comment?: Uint8Array;
  /** With the zip64 form of the end record. */
  zip64?: boolean;
}

const UTF8_NAME = 0x800;
const HAS_DESCRIPTOR = 0x8;
const DATE_1980 = 0x21;

/** A zip archive made in code, the same bytes each time. */
export function makeZip(members: ZipMember[], options: ZipOptions = {}): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const member of members) {
    if (member.before) parts.push(member.before);
    offset += member.before?.length ?? 0;
    const { local, central } = writeMember(member, offset);
    parts.push(local);
    directory.push(central);
    offset += local.length;
  }
  const directorySize = sum(directory);
  parts.push(...directory, ...endRecords(members.length, directorySize, offset, options));
  return Buffer.concat([options.prefix ?? Buffer.alloc(0), ...parts, options.suffix ?? Buffer.alloc(0)]);
}

function writeMember(member: ZipMember, offset: number): { local: Uint8Array; central: Uint8Array } {
  const { says = {}, extra = Buffer.alloc(0), localExtra = Buffer.alloc(0) } = member;
  const name = Buffer.from(member.path as string);
  const bytes = Buffer.from((member.bytes ?? '') as string);
  const data = member.deflate ? deflateRawSync(bytes) : bytes;
  const fields = {
    flags: says.flags ?? (typeof member.path === 'string' ? UTF8_NAME : 0) | (member.descriptor ? HAS_DESCRIPTOR : 0),
    method: says.method ?? (member.deflate ? 8 : 0),
    crc32: says.crc32 ?? crc32(bytes),
    compressedSize: says.compressedSize ?? data.length,
    size: says.size ?? bytes.length,
  };
  const saidOffset = says.offset ?? offset;

  const localName = says.localPath === undefined ? name : Buffer.from(says.localPath);
  const narrow = member.zip64 ? { ...fields, compressedSize: 0xffffffff, size: 0xffffffff } : fields;
  const known = member.descriptor ? { ...fields, crc32: 0, compressedSize: 0, size: 0 } : narrow;
  const local = Buffer.concat([
    numbers([4, 0x04034b50], [2, 20], ...common({ ...known, ...member.localSays }, localName, localExtra)),
    localName,
    localExtra,
    data,
  ]);
  const descriptor = numbers([4, 0x08074b50], [4, fields.crc32], [4, narrow.compressedSize], [4, narrow.size]);

  const wide = member.zip64
    ? numbers([2, 1], [2, 24], [8, fields.size], [8, fields.compressedSize], [8, saidOffset])
    : Buffer.alloc(0);
  const allExtra = Buffer.concat([extra, wide]);
  const central = Buffer.concat([
    numbers(
      [4, 0x02014b50],
      [2, (3 << 8) | 20],
      [2, 20],
      ...common(narrow, name, allExtra),
      [2, 0],
      [2, 0],
      [2, 0],
      [4, (member.mode ?? 0o100644) * 0x10000],
      [4, member.zip64 ? 0xffffffff : saidOffset],
    ),
    name,
    allExtra,
  ]);
  return { local: member.descriptor ? Buffer.concat([local, descriptor]) : local, central };
}

type Fields = { flags: number; method: number; crc32: number; compressedSize: number; size: number };

/** What local and central header have in common, from the flags to the length of the extra field. */
function common(fields: Fields, name: Uint8Array, extra: Uint8Array): [number, number][] {
  return [
    [2, fields.flags],
    [2, fields.method],
    [2, 0],
    [2, DATE_1980],
    [4, fields.crc32],
    [4, fields.compressedSize],
    [4, fields.size],
    [2, name.length],
    [2, extra.length],
  ];
}

function endRecords(count: number, directorySize: number, directoryOffset: number, options: ZipOptions): Uint8Array[] {
  const comment = options.comment ?? Buffer.alloc(0);
  const at = directoryOffset + directorySize;
  const wide = [
    numbers(
      [4, 0x06064b50],
      [8, 44],
      [2, 45],
      [2, 45],
      [4, 0],
      [4, 0],
      [8, count],
      [8, count],
      [8, directorySize],
      [8, directoryOffset],
    ),
    numbers([4, 0x07064b50], [4, 0], [8, at], [4, 1]),
  ];
  const shortCount = options.zip64 ? 0xffff : count & 0xffff;
  const end = numbers(
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, shortCount],
    [2, shortCount],
    [4, options.zip64 ? 0xffffffff : directorySize],
    [4, options.zip64 ? 0xffffffff : directoryOffset],
    [2, comment.length],
  );
  return [...(options.zip64 ? wide : []), end, comment];
}

/** Little-endian numbers, each with its width in bytes. */
function numbers(...fields: [width: number, value: number][]): Buffer {
  const bytes = Buffer.alloc(fields.reduce((total, [width]) => total + width, 0));
  let at = 0;
  for (const [width, value] of fields) {
    if (width === 8) bytes.writeBigUInt64LE(BigInt(value), at);
    else bytes.writeUIntLE(value, at, width);
    at += width;
  }
  return bytes;
}

const sum = (parts: Uint8Array[]) => parts.reduce((total, part) => total + part.length, 0);
