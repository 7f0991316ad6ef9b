/**
 * Names of members of a zip: UTF-8 if the member says so, else IBM's code page 437.
 *
 * Source: APPNOTE.TXT 6.3.10, appendix D; Python's zipfile does the same.
 */
import { FormatError } from '../problems.ts';
import { checkMemberPath } from './archive-member.ts';

const UTF8_FLAG = 0x800;
const [FIRST_PRINTABLE, DOT, SLASH, COLON, BACKSLASH, LAST_PRINTABLE] = [0x20, 0x2e, 0x2f, 0x3a, 0x5c, 0x7e];

/** Characters 128 to 255. */
const CODE_PAGE_437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/** @throws {FormatError} `unsafe-member`; `damaged` when it is not the UTF-8 it says it is */
export function readZipName(bytes: Buffer, from: number, to: number, flags: number): string {
  if (isPlain(bytes, from, to)) return bytes.toString('latin1', from, to);
  const name = decode(bytes.subarray(from, to), flags);
  checkMemberPath(name);
  return name;
}

/** Whether a name needs no second look, as nearly all: printable ASCII, relative, without `..`, colon or backslash. */
function isPlain(bytes: Buffer, from: number, to: number): boolean {
  let previous = SLASH;
  for (let at = from; at < to; at++) {
    const byte = bytes[at] as number;
    if (byte < FIRST_PRINTABLE || byte > LAST_PRINTABLE || byte === COLON || byte === BACKSLASH) return false;
    if (byte === previous && (byte === DOT || at === from)) return false;
    previous = byte;
  }
  return true;
}

function decode(bytes: Buffer, flags: number): string {
  if ((flags & UTF8_FLAG) === 0) {
    return bytes
      .toString('latin1')
      .replace(/[\x80-\xff]/g, (character) => CODE_PAGE_437.charAt(character.charCodeAt(0) - 128));
  }
  try {
    return strictUtf8.decode(bytes);
  } catch {
    throw new FormatError('damaged', 'holds a member whose name is not the UTF-8 it is said to be');
  }
}
