/**
 * Tokens of kho: `kho_`, 32 random bytes, and a checksum of both, in base64url (RFC 4648, section 5). The start lets scanners for secrets
 * know one; the checksum tells one that was not copied whole from one that is not known.
 */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

const BEGIN = 'kho_';
export const TOKEN_RANDOM_BYTES = 32;
const RANDOM_LENGTH = 43;
/** Of a CRC-32. In characters. */
const SUM_LENGTH = 6;
const TOKEN = /^kho_[A-Za-z0-9_-]{49}$/;

/** What might be one, or a good part of one. */
const LOOKS_LIKE_ONE = /kho_[A-Za-z0-9_-]{12,}/g;
/** In the name of a file, where words follow each other, only a whole one. */
const LOOKS_LIKE_A_WHOLE_ONE = /kho_[A-Za-z0-9_-]{49,}/g;

/** @param random TOKEN_RANDOM_BYTES of them, made for nothing else */
export function accessToken(random: Buffer): string {
  const start = `${BEGIN}${random.toString('base64url')}`;
  return `${start}${sumOf(start)}`;
}

/** - `whole`: made by some kho. - `mistyped`: begins like one, and is none. - `foreign`: anything else. */
export type TokenForm = 'whole' | 'mistyped' | 'foreign';

export function formOfToken(text: string): TokenForm {
  if (!text.startsWith(BEGIN)) return 'foreign';
  const start = text.slice(0, BEGIN.length + RANDOM_LENGTH);
  return TOKEN.test(text) && text.slice(start.length) === sumOf(start) ? 'whole' : 'mistyped';
}

/** What is kept of a token, hexadecimal. It is 256 random bits, which nobody can guess: a slow hash, as for passwords, would add nothing. */
export function tokenDigest(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** A text for logs, without what may be a token or a part of one. */
export function withoutTokens(text: string, isFilename = false): string {
  return text.replace(isFilename ? LOOKS_LIKE_A_WHOLE_ONE : LOOKS_LIKE_ONE, `${BEGIN}…`);
}

function sumOf(start: string): string {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(start));
  return sum.toString('base64url').slice(0, SUM_LENGTH);
}
