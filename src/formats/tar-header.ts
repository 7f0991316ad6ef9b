import { FormatError } from '../problems.ts';

export const BLOCK_BYTES = 512;

/** A header block of a tar archive. */
export interface TarHeader {
  path: string;
  /** In bytes, of what follows it. */
  size: number;
  /** The type as the header gives it, one character. */
  type: string;
  /** Extensions say something of the members that follow. */
  kind: 'file' | 'folder' | 'link' | 'device' | 'extension';
  /** Where a link points to. */
  link: string;
  /** Old GNU tar's way to store files with holes: more blocks follow before the content. */
  sparseMapFollows: boolean;
}

const CHECKSUM = { from: 148, to: 156 } as const;

const KINDS: Record<string, TarHeader['kind']> = {
  '1': 'link',
  '2': 'link',
  '3': 'device',
  '4': 'device',
  '5': 'folder',
  '6': 'device',
  x: 'extension',
  X: 'extension',
  g: 'extension',
  L: 'extension',
  K: 'extension',
};

/** Mode, owner, group, time and device: of no interest, but Python reads no header where they are no numbers. */
const OTHER_NUMBERS = [
  [100, 108],
  [108, 116],
  [116, 124],
  [136, 148],
  [329, 337],
  [337, 345],
] as const;

/** Types of GNU tar, which uses the room of ustar's path prefix for other things. */
const GNU_TYPES = 'LKS';

/**
 * @param isFirst no header came before: then it is no tar archive at all
 * @throws {FormatError} `damaged`, or `not-an-archive`
 */
export function readTarHeader(block: Buffer, isFirst: boolean): TarHeader {
  if (!hasRightChecksum(block)) {
    throw isFirst ? new FormatError('not-an-archive', 'holds no tar archive') : damagedHeader();
  }
  for (const [from, to] of OTHER_NUMBERS) {
    if (!isWide(block, from) && Number.isNaN(readOctal(block, from, to))) throw damagedHeader();
  }
  const name = text(block, 0, 100);
  const type = String.fromCharCode(block[156] as number);
  const prefix = GNU_TYPES.includes(type) ? '' : text(block, 345, 500);
  const path = prefix === '' ? name : `${prefix}/${name}`;
  const isOldFolder = type === '\0' && path.endsWith('/');
  return {
    path,
    size: readNumber(block, 124, 136),
    type,
    kind: isOldFolder ? 'folder' : (KINDS[type] ?? 'file'),
    link: text(block, 157, 257),
    sparseMapFollows: type === 'S' && block[482] !== 0,
  };
}

export function isAllZeros(block: Buffer): boolean {
  for (let at = 0; at < BLOCK_BYTES; at++) if (block[at] !== 0) return false;
  return true;
}

/** The sum of all bytes, with those of the checksum itself as blanks. Some old programs took bytes as signed. */
function hasRightChecksum(block: Buffer): boolean {
  const checksum = readOctal(block, CHECKSUM.from, CHECKSUM.to);
  let sum = (CHECKSUM.to - CHECKSUM.from) * 0x20;
  for (let at = 0; at < CHECKSUM.from; at++) sum += block[at] as number;
  for (let at = CHECKSUM.to; at < BLOCK_BYTES; at++) sum += block[at] as number;
  return checksum === sum || checksum === sum - 256 * block.filter(isNegative).length;
}

const isNegative = (byte: number, at: number) => byte > 127 && (at < CHECKSUM.from || at >= CHECKSUM.to);

function damagedHeader(): FormatError {
  return new FormatError('damaged', 'is a tar archive with a damaged header');
}

/** Whether a number is big-endian, negative or not, instead of octal digits. */
const isWide = (block: Buffer, from: number) => block[from] === 0x80 || block[from] === 0xff;

/** Octal digits, or GNU's and star's form for big numbers: a first byte of 0x80, then a big-endian number. */
function readNumber(block: Buffer, from: number, to: number): number {
  const value = block[from] === 0x80 ? readBigEndian(block, from + 1, to) : readOctal(block, from, to);
  if (!Number.isSafeInteger(value)) throw new FormatError('damaged', 'is a tar archive with an impossible size in it');
  return value;
}

function readBigEndian(block: Buffer, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at++) value = value * 256 + (block[at] as number);
  return value;
}

/** NaN when it is no number; nothing but blanks is 0. */
function readOctal(block: Buffer, from: number, to: number): number {
  const digits = text(block, from, to).trim();
  return /^[0-7]*$/.test(digits) ? Number.parseInt(digits || '0', 8) : Number.NaN;
}

/** Up to the first NUL. */
function text(block: Buffer, from: number, to: number): string {
  let end = from;
  while (end < to && block[end] !== 0) end++;
  return block.toString('utf8', from, end);
}
