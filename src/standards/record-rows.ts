/**
 * Whether installers can read RECORD, the list of a wheel's members.
 *
 * Source: PyPA "Recording installed projects" (PEP 376, 627), as pip reads it (Python's `csv`) and uv (three fields, the last a number).
 */
import { isUtf8 } from 'node:buffer';
import { asBuffer } from '../formats/byte-source.ts';
import { FormatError } from '../problems.ts';
import { quoted } from './quoted.ts';

const [LINE_FEED, CARRIAGE_RETURN, QUOTE, COMMA, FIRST_DIGIT, LAST_DIGIT, NUL] = [10, 13, 34, 44, 48, 57, 0];
const FIELDS = 3;

/**
 * @returns what only some clients refuse, and which, in words that follow the file's name
 * @throws {FormatError} `bad-metadata` when it is not UTF-8, `cannot-install` for what every pip trips over
 */
export function checkRecord(record: Uint8Array): string | undefined {
  if (!isUtf8(record)) throw new FormatError('bad-metadata', 'has a RECORD that is not UTF-8: pip refuses it');
  const bytes = asBuffer(record);
  let doubt: string | undefined;
  for (let at = 0; at < bytes.length; ) {
    const row = readRow(bytes, at);
    if (row.end === at) {
      throw new FormatError('cannot-install', 'has an empty line in its RECORD: pip trips over it');
    }
    if (row.hasNul) doubt ??= 'has a NUL character in its RECORD: pip on a Python before 3.11 refuses it';
    else if (!row.isSound) doubt ??= `has ${quoted(bytes.toString('utf8', at, row.end))} in its RECORD: uv refuses it`;
    at = row.next;
  }
  return doubt;
}

interface Row {
  /** Where its line ends, and where the next one begins. */
  end: number;
  next: number;
  /** It has three fields, and the last is a number, or nothing. */
  isSound: boolean;
  hasNul: boolean;
}

/** By hand: each wheel has one, of some thousand lines in the largest. */
function readRow(bytes: Buffer, from: number): Row {
  let fields = 1;
  let isNumber = true;
  let hasNul = false;
  let isQuoted = false;
  let at = from;
  for (; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (byte === QUOTE) {
      if (isQuoted || at === from || bytes[at - 1] === COMMA) isQuoted = !isQuoted;
      continue;
    }
    if (isQuoted) continue;
    if (byte === COMMA) fields++;
    else if (byte === LINE_FEED || byte === CARRIAGE_RETURN) break;
    else if (byte === NUL) hasNul = true;
    else if (fields === FIELDS && (byte < FIRST_DIGIT || byte > LAST_DIGIT)) isNumber = false;
  }
  const next = bytes[at] === CARRIAGE_RETURN && bytes[at + 1] === LINE_FEED ? at + 2 : at + 1;
  return { end: at, next, isSound: fields === FIELDS && isNumber && !isQuoted, hasNul };
}
