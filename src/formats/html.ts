/**
 * Reads the part of HTML that index pages consist of: tags with quoted attributes, text, a few character references.
 * Stricter than a browser on purpose, for looking at pages that kho wrote; anything else in them is damage.
 */
import { FormatError } from '../problems.ts';

export interface HtmlTag {
  /** Lower case. */
  name: string;
  /** By name in lower case. An attribute without a value has an empty one. */
  attributes: Map<string, string>;
  /** From the tag to the next tag of any kind, start or end; decoded. */
  text: string;
}

const DOCTYPE = /<!doctype html>/iy;
const TEXT = /[^<]*/y;
const END_TAG = /<\/[a-z][a-z0-9]*\s*>/iy;
const START_TAG = /<([a-z][a-z0-9]*)/iy;
const ATTRIBUTE = /\s+([a-z][a-z0-9:-]*)(?:="([^"]*)"|='([^']*)')?/iy;
const TAG_END = /\s*\/?>/y;
const COMMENT = /<!--.*?-->/sy;
const STYLE_TEXT = /.*?(?=<\/style\s*>)/isy;

/** All start tags in their order. @throws {FormatError} `damaged`, with the place in characters */
export function readHtml(html: string): HtmlTag[] {
  const tags: HtmlTag[] = [];
  let position = 0;
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = position;
    const match = pattern.exec(html);
    if (!match) return undefined;
    position = pattern.lastIndex;
    return match;
  };

  if (!take(DOCTYPE)) throw damaged('does not start as an HTML page', 0);
  for (;;) {
    take(TEXT); // what follows an end tag is of no interest
    if (position === html.length) return tags;
    if (take(COMMENT) || take(END_TAG)) continue;
    const started = position;
    const name = take(START_TAG)?.[1]?.toLowerCase();
    if (name === undefined) throw damaged('has a "<" that starts no tag', started);
    const attributes = new Map<string, string>();
    for (let match = take(ATTRIBUTE); match; match = take(ATTRIBUTE)) {
      const [, key = '', inDouble, inSingle] = match;
      attributes.set(key.toLowerCase(), decodeText(inDouble ?? inSingle ?? '', started));
    }
    if (!take(TAG_END)) throw damaged(`has a <${name}> with something odd in it`, started);
    const text = take(name === 'style' ? STYLE_TEXT : TEXT)?.[0];
    if (text === undefined) throw damaged('has a style sheet without an end', started);
    tags.push({ name, attributes, text: name === 'style' ? text : decodeText(text, started) });
  }
}

const NAMED_CHARACTERS = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);
const LAST_CODE_POINT = 0x10ffff;

function decodeText(text: string, position: number): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#(\d+);|#x([0-9a-f]+);|([a-z]+);|)/gi, (reference, decimal, hexadecimal, name) => {
    const code = decimal ? Number(decimal) : hexadecimal ? Number.parseInt(hexadecimal, 16) : undefined;
    if (code !== undefined && code <= LAST_CODE_POINT) return String.fromCodePoint(code);
    const character = NAMED_CHARACTERS.get(name);
    if (character !== undefined) return character;
    throw damaged(`has a character reference that kho does not write: ${reference}`, position);
  });
}

function damaged(what: string, position: number): FormatError {
  return new FormatError('damaged', `${what} (at character ${position})`);
}
