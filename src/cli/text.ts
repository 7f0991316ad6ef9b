/**
 * Text for people. Lines are made of plain pieces and styled ones; only `paint` turns them into characters for a terminal,
 * and makes harmless what came out of file names and packages.
 */
import { createColors } from 'picocolors';

export type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'green';

export interface Span {
  style: Style;
  text: string;
}

/** One line, without its end. */
export type Line = string | readonly (string | Span)[];

/** Lines with their ends, ready to be written. */
export function paint(lines: readonly Line[], hasColours: boolean): string {
  const colours = createColors(hasColours);
  const toText = (piece: string | Span) =>
    typeof piece === 'string' ? printable(piece) : colours[piece.style](printable(piece.text));
  return lines.map((line) => `${(typeof line === 'string' ? [line] : line).map(toText).join('')}\n`).join('');
}

export function bold(text: string): Span {
  return { style: 'bold', text };
}

export function dim(text: string): Span {
  return { style: 'dim', text };
}

export function red(text: string): Span {
  return { style: 'red', text };
}

export function yellow(text: string): Span {
  return { style: 'yellow', text };
}

export function green(text: string): Span {
  return { style: 'green', text };
}

/** Characters that steer a terminal, end a line, or turn the rest of it around. */
const STEERING = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** The text with characters that would not show written as escapes: `\x1b`, `\u202e`. */
export function printable(text: string): string {
  return text.replace(STEERING, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : unicodeEscape(code);
  });
}

/** JSON over several lines, for programs and people: steering characters are written as `\u` escapes, also those that JSON lets stand. */
export function printableJson(value: unknown, indent = 2): string {
  const text = JSON.stringify(value, undefined, indent);
  return `${text.replace(STEERING, (character) => (character === '\n' ? character : unicodeEscape(character.charCodeAt(0))))}\n`;
}

function unicodeEscape(code: number): string {
  return `\\u${code.toString(16).padStart(4, '0')}`;
}
