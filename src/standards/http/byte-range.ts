/**
 * Requests for a part of a file.
 *
 * Source: RFC 9110, section 14.1.2 (byte ranges) and 14.2 (a server may always answer with the whole).
 */

/** Of a file: from `start`, up to but without `end`; in bytes. */
export interface ByteRange {
  start: number;
  end: number;
}

/**
 * @param header the Range header
 * @param size of the whole file, in bytes
 * @returns the one part asked for; `whole` for what asks for no part, for several, or for nothing that can be understood;
 *   `unsatisfiable` for a part that the file does not have
 */
export function parseByteRange(header: string | undefined, size: number): ByteRange | 'whole' | 'unsatisfiable' {
  if (header === undefined) return 'whole';
  const found = /^\s*bytes\s*=\s*(?:(\d+)\s*)?-\s*(?:(\d+)\s*)?$/i.exec(header);
  if (found === null) return 'whole';
  const [, first = '', last = ''] = found;
  if (first === '' && last === '') return 'whole';
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length === 0 ? 'unsatisfiable' : { start: size - length, end: size };
  }
  const start = Number(first);
  if (last !== '' && Number(last) < start) return 'whole';
  if (start >= size) return 'unsatisfiable';
  return { start, end: last === '' ? size : Math.min(Number(last) + 1, size) };
}
