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

const [TAB, LINE_FEED, CARRIAGE_RETURN, BLANK, FIRST_VISIBLE, COLON, LAST_VISIBLE] = [9, 10, 13, 32, 33, 58, 126];

/** By hand: with a pattern for each line it would take twice the time, and that for each package. */
function parseText(text: string): EmailMessage {
  const headers: EmailMessage['headers'] = [];
  let current: [name: string, value: string] | undefined;
  let previous = '';
  let position = 0;
  // Looked for once each: a text whose lines all end in the other one is not searched to its end for each of them.
  let lineFeed = -2;
  let carriageReturn = -2;
  while (position < text.length) {
    const first = text.charCodeAt(position);
    const isContinued = first === BLANK || first === TAB;
    const nameEnd = isContinued ? position : endOfName(text, position);
    const isHeader = !isContinued && text.charCodeAt(nameEnd) === COLON;
    if (!isContinued && !isHeader && !text.startsWith('From ', position)) break;

    if (lineFeed !== -1 && lineFeed < position) lineFeed = text.indexOf('\n', position);
    if (carriageReturn !== -1 && carriageReturn < position) carriageReturn = text.indexOf('\r', position);
    let end = lineFeed < 0 ? text.length : lineFeed;
    if (carriageReturn >= 0 && carriageReturn < end) end = carriageReturn;

    if (isContinued) {
      if (current) current[1] += `\n${text.slice(position, end)}`;
    } else {
      current = undefined;
      if (isHeader && nameEnd > position) {
        // Many headers come several times in a row.
        if (nameEnd - position !== previous.length || !text.startsWith(previous, position))
          previous = text.slice(position, nameEnd);
        current = [previous, text.slice(nameEnd + 1, end)];
        headers.push(current);
      }
    }
    position = afterLineEnd(text, end);
  }
  return { headers, body: text.slice(afterLineEnd(text, position)) };
}

/** Names are all visible ASCII but the colon. @returns where something else stands */
function endOfName(text: string, from: number): number {
  let at = from;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < FIRST_VISIBLE || code > LAST_VISIBLE || code === COLON) break;
  }
  return at;
}

/** Past the line end at this place, if one is there: CRLF, LF or CR. */
function afterLineEnd(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code === LINE_FEED) return at + 1;
  if (code !== CARRIAGE_RETURN) return at;
  return text.charCodeAt(at + 1) === LINE_FEED ? at + 2 : at + 1;
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
