import { FormatError } from '../problems.ts';

/** Those that change what kho reads; others are times, owners and comments. */
const KEYS = ['path', 'linkpath', 'size'];

/**
 * The records of a pax header: `LENGTH KEY=VALUE\n`, where LENGTH counts the whole record.
 *
 * Source: POSIX.1-2024, "pax Extended Header".
 *
 * @throws {FormatError} `damaged`
 */
export function readPax(bytes: Buffer): Map<string, string> {
  const fields = new Map<string, string>();
  for (let at = 0; at < bytes.length && bytes[at] !== 0; ) {
    const blank = bytes.indexOf(' ', at, 'latin1');
    const digits = blank < 0 ? '' : bytes.toString('latin1', at, Math.min(blank, at + 20));
    const end = at + Number(digits);
    const equals = bytes.indexOf('=', blank, 'latin1');
    const isWhole =
      /^\d+$/.test(digits) && end <= bytes.length && bytes[end - 1] === 0x0a && equals > blank && equals < end;
    if (!isWhole) throw new FormatError('damaged', 'is a tar archive with a damaged pax header');
    const key = bytes.toString('utf8', blank + 1, equals);
    if (KEYS.includes(key)) fields.set(key, bytes.toString('utf8', equals + 1, end - 1));
    at = end;
  }
  return fields;
}

/** GNU's long names: text up to the first NUL. */
export function readText(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end < 0 ? bytes.length : end);
}
