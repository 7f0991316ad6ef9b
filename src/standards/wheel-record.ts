/**
 * RECORD, the list of a wheel's members with their hashes.
 *
 * Source: PyPA "Recording installed projects" (PEP 376, 627): CSV as Python's `csv` writes it.
 */
import { createHash } from 'node:crypto';

/** A line: its path, quoted or not, and the rest. */
const ROW = /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,[^\r\n]*)?(\r\n|\n|\r|$)/gm;

/**
 * RECORD with what it says of some members put right. Every other line stays byte for byte.
 *
 * @param changes new content by path; undefined for a member that is left out
 */
export function changeRecord(record: Uint8Array, changes: ReadonlyMap<string, Uint8Array | undefined>): Buffer {
  const text = Buffer.from(record).toString('latin1'); // one character for each byte: nothing gets lost
  const byLatin1 = new Map([...changes].map(([path, content]) => [Buffer.from(path).toString('latin1'), content]));
  const changed = text.replace(
    ROW,
    (line, quoted: string | undefined, plain: string | undefined, _rest, end: string) => {
      const path = quoted?.replaceAll('""', '"') ?? plain ?? '';
      if (!byLatin1.has(path)) return line;
      const content = byLatin1.get(path);
      if (content === undefined) return '';
      const sha256 = createHash('sha256').update(content).digest('base64url');
      return `${quoted === undefined ? path : `"${quoted}"`},sha256=${sha256},${content.length}${end}`;
    },
  );
  return Buffer.from(changed, 'latin1');
}
