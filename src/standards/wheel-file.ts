/**
 * WHEEL, what a wheel says of itself.
 *
 * Source: PyPA "Binary distribution format" (PEP 427), section "File contents".
 */

import { FormatError } from '../problems.ts';
import { parseEmailMessage } from './email-message.ts';
import { quoted } from './quoted.ts';
import { stripWhiteSpace } from './white-space.ts';

/** The last major version of the format that installers know. */
const WHEEL_MAJOR = 1;

/**
 * Where WHEEL says no version at all nothing is held against it.
 *
 * @throws {FormatError} `bad-metadata` for a `Wheel-Version` with which pip and uv refuse to install
 */
export function checkWheelVersion(wheel: Uint8Array): void {
  const { headers } = parseEmailMessage(wheel);
  const [, raw] = headers.find(([name]) => name.toLowerCase() === 'wheel-version') ?? [];
  if (raw === undefined) return;
  const version = stripWhiteSpace(raw);
  const [, major] = /^([0-9]+)(?:\.[0-9]+)*$/.exec(version) ?? [];
  if (Number(major) <= WHEEL_MAJOR) return;
  const why = major === undefined ? 'which is no version' : `which no installer knows: they know ${WHEEL_MAJOR}.x`;
  throw new FormatError('bad-metadata', `says Wheel-Version ${quoted(version)}, ${why}`);
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
