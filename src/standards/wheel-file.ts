/**
 * WHEEL, what a wheel says of itself.
 *
 * Source: PyPA "Binary distribution format" (PEP 427), section "File contents".
 */

import { isUtf8 } from 'node:buffer';
import { FormatError } from '../problems.ts';
import { parseEmailMessage } from './email-message.ts';
import { quoted } from './quoted.ts';
import { stripWhiteSpace } from './white-space.ts';

/** The last major version of the format that installers know. */
const WHEEL_MAJOR = 1;
/** As Python's `int()` reads a number, which is how pip reads the parts of a version. */
const PYTHON_INTEGER = /^\s*\+?\p{Nd}+(?:_\p{Nd}+)*\s*$/u;
/** As uv wants it, in one spelling of the header. */
const AS_UV_READS_IT = /^1\.[^\s]/;

/**
 * Whether installers take a wheel that says so of itself.
 *
 * @returns what only some of them refuse, and which, in words that follow the file's name
 * @throws {FormatError} `bad-metadata` for what every pip refuses
 */
export function checkWheelFile(wheel: Uint8Array): string | undefined {
  if (!isUtf8(wheel)) throw new FormatError('bad-metadata', 'has a WHEEL that is not UTF-8: pip refuses it');
  const { headers } = parseEmailMessage(wheel);
  const [name, raw] = headers.find(([each]) => each.toLowerCase() === 'wheel-version') ?? [];
  if (raw === undefined) throw new FormatError('bad-metadata', 'says no Wheel-Version in its WHEEL: pip refuses it');
  const version = stripWhiteSpace(raw);
  const parts = version.split('.');
  if (!parts.every((part) => PYTHON_INTEGER.test(part))) {
    throw new FormatError('bad-metadata', `says Wheel-Version ${quoted(version)}, which is no version`);
  }
  if (majorOf(parts[0] as string) > WHEEL_MAJOR) {
    const why = `which no installer knows: they know ${WHEEL_MAJOR}.x`;
    throw new FormatError('bad-metadata', `says Wheel-Version ${quoted(version)}, ${why}`);
  }
  if (name === 'Wheel-Version' && AS_UV_READS_IT.test(version)) return undefined;
  return `says ${name}: ${quoted(version)} in its WHEEL, which uv refuses`;
}

/** Digits of other scripts are none that a wheel of today has: NaN, which is no newer version. */
function majorOf(part: string): number {
  return Number(part.trim().replaceAll('_', ''));
}

/** A `Tag` header with the lines that continue it, as Python's email package reads them. */
const TAG = /^tag:[^\r\n]*(?:\r\n|\n|\r|$)(?:[ \t][^\r\n]*(?:\r\n|\n|\r|$))*/gim;

/**
 * WHEEL with other tags. All else stays byte for byte.
 *
 * @param tags spelled out, each its line
 */
export function withTags(wheel: Uint8Array, tags: readonly string[]): Buffer {
  const text = Buffer.from(wheel).toString('latin1'); // one character for each byte: nothing gets lost
  const headersEnd = /(?:^|\r\n|\n|\r(?!\n))(?=\r\n|\n|\r)/.exec(text);
  const headersLength = headersEnd ? headersEnd.index + headersEnd[0].length : text.length;
  const headers = text.slice(0, headersLength);
  const newline = /\r\n|\n|\r/.exec(headers)?.[0] ?? '\n';
  const lines = tags.map((tag) => `Tag: ${tag}${newline}`).join('');
  const first = headers.search(TAG);
  const before = first < 0 ? headers : headers.slice(0, first);
  const gap = before === '' || /[\r\n]$/.test(before) ? '' : newline;
  const after = first < 0 ? '' : headers.slice(first).replace(TAG, '');
  return Buffer.from(`${before}${gap}${lines}${after}${text.slice(headersLength)}`, 'latin1');
}
