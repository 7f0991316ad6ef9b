/**
 * Messages of headers and a body, as Python's `email` package reads them with its policy compat32. That is how
 * all installers read METADATA, PKG-INFO and WHEEL, so its leniency is part of the format:
 *
 * - lines end with CRLF, LF or CR; a line that starts with a blank continues the header before it, even when nothing else is on it
 * - the body starts after the first empty line, or with the first line that can be no header
 * - headers without a name, continuations of nothing and mbox lines (`From …`) are left out
 *
 * Source: Python's `email.feedparser`, and RFC 5322 behind it. Not read: multipart bodies and transfer encodings,
 * which no metadata has.
 */

import { isAscii, isUtf8 } from 'node:buffer';
import { asBuffer } from '../formats/byte-source.ts';

export interface EmailMessage {
  /** In the order of the message; names as written. Continuation lines follow after `\n`, with their indent. */
  headers: [name: string, value: string][];
  /** All after the headers, as it stands. */
  body: string;
}

/**
 * Never throws. UTF-8; if the message is not, each header and the body that is not valid UTF-8 by itself is
 * read as Windows-1252, in which such text was written nearly always, and which gives a meaning to each byte.
 */
export function parseEmailMessage(bytes: Uint8Array): EmailMessage {
  if (isAscii(bytes)) return parseText(decodeLatin1(bytes)); // nearly all are; a third of the time of the general way
  if (isUtf8(bytes)) return parseText(asBuffer(bytes).toString());
  const { headers, body } = parseText(decodeLatin1(bytes));
  return { headers: headers.map(([name, value]) => [name, decodeAgain(value)]), body: decodeAgain(body) };
}

/** Header names are all visible ASCII but the colon. The pattern is applied at the start of a line only. */
const HEADER_LINE = /(?:From |[ \t]|([!-9;-~]*):)([^\r\n]*)(?:\r\n|\r|\n|$)/y;

function parseText(text: string): EmailMessage {
  const headers: EmailMessage['headers'] = [];
  let current: [name: string, value: string] | undefined;
  let position = 0;
  while (position < text.length) {
    HEADER_LINE.lastIndex = position;
    const match = HEADER_LINE.exec(text);
    if (!match) break;
    const [line, name, value] = match;
    if (line.startsWith(' ') || line.startsWith('\t')) {
      if (current) current[1] += `\n${line.charAt(0)}${value}`;
    } else {
      current = name ? [name, value!] : undefined;
      if (current) headers.push(current);
    }
    position += line.length;
  }
  if (text.startsWith('\r\n', position)) position += 2;
  else if (text.startsWith('\n', position) || text.startsWith('\r', position)) position += 1;
  return { headers, body: text.slice(position) };
}

/** Each byte as the character of that number. `TextDecoder('latin1')` would be Windows-1252, where bytes get lost. */
function decodeLatin1(bytes: Uint8Array): string {
  return asBuffer(bytes).toString('latin1');
}

/** @param text one character for each byte */
function decodeAgain(text: string): string {
  const bytes = Buffer.from(text, 'latin1');
  if (isUtf8(bytes)) return bytes.toString();
  return text.replace(/[\x80-\x9f]/g, (byte) => WINDOWS_1252[byte.charCodeAt(0) - 0x80]!);
}

/** Its bytes 0x80 to 0x9f; all others are those of Latin-1. Spelled out, since not all Node versions agree on them. */
const WINDOWS_1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';
