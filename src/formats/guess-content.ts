import { FormatError } from '../problems.ts';
import { asBuffer } from './byte-source.ts';

/** How much of a file's beginning `explainContent` looks at, in bytes. */
export const HEAD_BYTES = 512;

const SIGNATURES: [what: string, start: string | RegExp][] = [
  ['a zip archive', 'PK\x03\x04'],
  ['a zip archive', 'PK\x05\x06'],
  ['a gzip file', '\x1f\x8b'],
  ['a bzip2 file', 'BZh'],
  ['an xz file', '\xfd7zXZ'],
  ['a zstd file', '\x28\xb5\x2f\xfd'],
  ['a 7z archive', "7z\xbc\xaf'\x1c"],
  ['a rar archive', 'Rar!'],
  ['a tar archive without compression', /^.{257}ustar/s],
  ['a program or library (ELF)', '\x7fELF'],
  ['a Windows program', 'MZ'],
  ['a PDF', '%PDF'],
  ['an RPM', '\xed\xab\xee\xdb'],
  ['a Debian package', '!<arch>\ndebian'],
  ['a Git LFS pointer', 'version https://git-lfs'],
  ['a PGP signature', '-----BEGIN PGP'],
  ['an HTML page', /^(?:\xef\xbb\xbf)?\s*(?:<!--.*?-->\s*)?<(?:!doctype html|html|head|body|title)\b/is],
  ['XML', /^(?:\xef\xbb\xbf)?\s*<\?xml/],
  ['JSON', /^(?:\xef\xbb\xbf)?\s*[{[]\s*["{[\]}]/],
  ['text', /^[\t\n\r\x20-\x7e\x80-\xff]+$/],
];

/**
 * Why a file is not the archive that its name promises: empty, not whole yet, or something else, told by its first bytes.
 *
 * @param head its first `HEAD_BYTES` bytes, or all of it
 * @param magic what such an archive begins with, as latin1
 * @param what such an archive is called, with its article
 */
export function explainContent(head: Uint8Array, magic: string, what: string): FormatError {
  if (head.length === 0) return new FormatError('empty', 'is empty');
  const text = asBuffer(head).toString('latin1', 0, HEAD_BYTES);
  if (/^\0+$/.test(text)) return new FormatError('incomplete', 'begins with zeros: its content is not there yet');
  if (text.startsWith(magic) || magic.startsWith(text)) return new FormatError('incomplete', `is ${what} cut short`);
  const found = SIGNATURES.find(([, start]) => (typeof start === 'string' ? text.startsWith(start) : start.test(text)));
  return new FormatError('not-an-archive', `is not ${what}${found ? `, but seems to be ${found[0]}` : ''}`);
}
