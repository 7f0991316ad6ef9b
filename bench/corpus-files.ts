/** The bytes of a generated wheel or sdist. Valid archives, with members that compress about as source code does. */
import { createHash } from 'node:crypto';
import { crc32, deflateRawSync, gzipSync } from 'node:zlib';
import type { PlannedFile } from './corpus-plan.ts';
import { type Random, seededRandom } from './random.ts';

interface PoolMember {
  bytes: Buffer;
  /** Raw deflate. */
  deflated: Buffer;
  crc: number;
  /** As in RECORD: `sha256=…`. */
  digest: string;
}

/** What all files of a corpus are put together from: deflating each member anew would take minutes. */
export interface MemberPool {
  members: PoolMember[];
  /** Does not compress at all. */
  noise: Buffer;
}

const POOL_MEMBERS = 200;
const NOISE_BYTES = 8 * 2 ** 20;
const MOST_MEMBERS = 60;
/** Rough cost of what a wheel holds besides its members: WHEEL, RECORD, headers; in bytes. */
export const WHEEL_OVERHEAD = 900;
export const SDIST_OVERHEAD = 300;

export function makeMemberPool(): MemberPool {
  const random = seededRandom(1);
  const words = Array.from({ length: 2_000 }, () => {
    const letters = Array.from({ length: 2 + random.below(9) }, () => 'etaoinshrdlucmfwypvbgk'[random.below(22)]!);
    return letters.join('');
  });
  const members = Array.from({ length: POOL_MEMBERS }, () =>
    poolMember(Buffer.from(sourceText(random, words, Math.ceil(9_000 * Math.exp(random.normal()))))),
  );
  const noise = Buffer.alloc(NOISE_BYTES);
  for (let offset = 0; offset < NOISE_BYTES; offset += 4) noise.writeUInt32LE(random.below(2 ** 32), offset);
  return { members, noise };
}

function sourceText(random: Random, words: readonly string[], length: number): string {
  let text = '';
  while (text.length < length) {
    const indent = '    '.repeat(random.below(4));
    // Squaring prefers the first words, as in real text.
    const some = Array.from(
      { length: 2 + random.below(7) },
      () => words[Math.floor(random.next() ** 2 * words.length)],
    );
    text += `${indent}${some.join(random.pick([' ', ' ', '_', ', ', '.', ' = ']))}\n`;
  }
  return text.slice(0, length);
}

function poolMember(bytes: Buffer): PoolMember {
  return { bytes, deflated: deflateRawSync(bytes), crc: crc32(bytes), digest: recordDigest(bytes) };
}

function recordDigest(bytes: Uint8Array): string {
  return `sha256=${createHash('sha256').update(bytes).digest('base64url')}`;
}

/** About `size` bytes; more only if `metadata` alone is. */
export function makeFile(file: PlannedFile, metadata: Buffer, size: number, pool: MemberPool, random: Random): Buffer {
  return file.kind === 'wheel'
    ? makeWheelFile(file, metadata, size, pool, random)
    : makeSdistFile(file, metadata, size, pool, random);
}

function makeWheelFile(file: PlannedFile, metadata: Buffer, size: number, pool: MemberPool, random: Random): Buffer {
  const zip = new ZipWriter();
  const info = `${file.stem}-${file.version}.dist-info`;
  const record: string[] = [];
  const metadataMember = poolMember(metadata);
  let room = size - metadataMember.deflated.length - WHEEL_OVERHEAD;

  for (let index = 0; index < MOST_MEMBERS && room > 0; index += 1) {
    const member = random.pick(pool.members);
    const cost = member.deflated.length + 260;
    if (cost > room) break;
    const path = `${file.stem}/${index === 0 ? '__init__' : `module_${index}`}.py`;
    zip.addDeflated(path, member);
    record.push(`${path},${member.digest},${member.bytes.length}`);
    room -= cost;
  }
  if (room > 300) {
    const path = `${file.stem}/data.bin`;
    const rest = pickNoise(pool, Math.min(room - 200, NOISE_BYTES), random);
    zip.addStored(path, rest);
    record.push(`${path},${recordDigest(rest)},${rest.length}`);
  }
  const tags = file.tag.split('-');
  const platforms = tags[2]!.split('.').map((platform) => `Tag: ${tags[0]}-${tags[1]}-${platform}\n`);
  const wheel = poolMember(
    Buffer.from(
      `Wheel-Version: 1.0\nGenerator: bench\nRoot-Is-Purelib: ${file.tag.endsWith('any')}\n${platforms.join('')}`,
    ),
  );
  zip.addDeflated(`${info}/METADATA`, metadataMember);
  zip.addDeflated(`${info}/WHEEL`, wheel);
  record.push(`${info}/METADATA,${metadataMember.digest},${metadata.length}`);
  record.push(`${info}/WHEEL,${wheel.digest},${wheel.bytes.length}`, `${info}/RECORD,,`);
  zip.addDeflated(`${info}/RECORD`, poolMember(Buffer.from(`${record.join('\n')}\n`)));
  return zip.finish();
}

function makeSdistFile(file: PlannedFile, metadata: Buffer, size: number, pool: MemberPool, random: Random): Buffer {
  const top = `${file.stem}-${file.version}`;
  const blocks: Buffer[] = [];
  let room = size - deflateRawSync(metadata).length - SDIST_OVERHEAD;
  // setuptools puts PKG-INFO among the other top-level files, sorted: after the package when that is lower case.
  const late = random.below(2) === 0;
  if (!late) blocks.push(...tarMember(`${top}/PKG-INFO`, metadata));
  for (let index = 0; index < MOST_MEMBERS && room > 0; index += 1) {
    const member = random.pick(pool.members);
    const cost = member.deflated.length + 90;
    if (cost > room) break;
    blocks.push(...tarMember(`${top}/${file.stem}/module_${index}.py`, member.bytes));
    room -= cost;
  }
  if (room > 300) blocks.push(...tarMember(`${top}/data.bin`, pickNoise(pool, Math.min(room, NOISE_BYTES), random)));
  if (late) blocks.push(...tarMember(`${top}/PKG-INFO`, metadata));
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

function pickNoise(pool: MemberPool, length: number, random: Random): Buffer {
  const start = random.below(NOISE_BYTES - length + 1);
  return pool.noise.subarray(start, start + length);
}

/** ustar; source: POSIX.1-1988. Paths must be shorter than 100 bytes. */
function tarMember(path: string, bytes: Uint8Array): Buffer[] {
  const header = Buffer.alloc(512);
  const octal = (value: number, length: number) => `${value.toString(8).padStart(length - 1, '0')}\0`;
  header.write(path, 0, 100);
  header.write(octal(0o644, 8) + octal(0, 8) + octal(0, 8) + octal(bytes.length, 12) + octal(1_700_000_000, 12), 100);
  header.write('        0', 148);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return [header, Buffer.from(bytes), Buffer.alloc((512 - (bytes.length % 512)) % 512)];
}

/** Source: PKWARE APPNOTE 4.3; no zip64. */
class ZipWriter {
  readonly #parts: Buffer[] = [];
  readonly #directory: Buffer[] = [];
  #offset = 0;

  addDeflated(path: string, member: PoolMember): void {
    this.#add(path, 8, member.deflated, member.crc, member.bytes.length);
  }

  addStored(path: string, bytes: Buffer): void {
    this.#add(path, 0, bytes, crc32(bytes), bytes.length);
  }

  #add(path: string, method: number, data: Buffer, crc: number, size: number): void {
    const name = Buffer.from(path);
    const common = Buffer.alloc(26); // the fields that local header and directory entry share, from "version needed" on
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(method, 4);
    common.writeUInt32LE(0x58_21_00_00, 6); // 2024-01-01 00:00:00
    common.writeUInt32LE(crc, 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(size, 18);
    common.writeUInt16LE(name.length, 22);

    const place = Buffer.alloc(14); // comment length, disk, attributes, offset of the local header
    place.writeUInt32LE((0o100644 << 16) >>> 0, 6);
    place.writeUInt32LE(this.#offset, 10);
    this.#directory.push(Buffer.from('PK\x01\x02\x14\x03', 'latin1'), common, place, name);
    this.#parts.push(Buffer.from('PK\x03\x04', 'latin1'), common, name, data);
    this.#offset += 4 + common.length + name.length + data.length;
  }

  finish(): Buffer {
    const directory = Buffer.concat(this.#directory);
    const end = Buffer.alloc(22);
    end.write('PK\x05\x06', 0, 'latin1');
    end.writeUInt16LE(this.#directory.length / 4, 8);
    end.writeUInt16LE(this.#directory.length / 4, 10);
    end.writeUInt32LE(directory.length, 12);
    end.writeUInt32LE(this.#offset, 16);
    return Buffer.concat([...this.#parts, directory, end]);
  }
}
