/**
 * The text of a requirements.txt, in whatever encoding it is: pip looks for a byte order mark, then for a comment as in Python's
 * own source (PEP 263), else takes UTF-8. Editors and shells of Windows write UTF-16.
 *
 * Source: pip's documentation, "Requirements File Format"; pip 26.
 */
import { FormatError } from '../problems.ts';
import { quoted } from '../standards/quoted.ts';

/** The longer one first: it begins with the shorter. */
const MARKS: readonly (readonly [mark: readonly number[], encoding: string])[] = [
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xff, 0xfe, 0, 0], 'utf-32le'],
  [[0, 0, 0xfe, 0xff], 'utf-32be'],
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
];

/** Names that Python has and the web has not. */
const PYTHON_NAMES: Readonly<Record<string, string>> = {
  'utf8-sig': 'utf-8',
  'utf-8-sig': 'utf-8',
  'latin-1': 'latin1',
  'mac-roman': 'macintosh',
  cp932: 'shift_jis',
  cp936: 'gbk',
  cp949: 'euc-kr',
  cp950: 'big5',
  'shift-jis': 'shift_jis',
};

/** How far the two lines go that may name an encoding. In bytes. */
const COMMENT_LIMIT = 4096;

/** @throws {FormatError} `bad-metadata` for an encoding that is not known */
export function requirementsText(bytes: Uint8Array): string {
  for (const [mark, encoding] of MARKS) {
    if (mark.every((byte, index) => bytes[index] === byte)) return decode(bytes.subarray(mark.length), encoding);
  }
  return decode(bytes, namedEncoding(bytes) ?? 'utf-8');
}

function namedEncoding(bytes: Uint8Array): string | undefined {
  const lines = Buffer.from(bytes.subarray(0, COMMENT_LIMIT)).toString('latin1').split('\n', 2);
  for (const line of lines) {
    const name = line.startsWith('#') ? /coding[:=][ \t]*([-\w.]+)/.exec(line)?.[1] : undefined;
    if (name !== undefined) return name;
  }
  return undefined;
}

function decode(bytes: Uint8Array, encoding: string): string {
  const name = encoding.toLowerCase();
  if (name.startsWith('utf-32')) return decodeUtf32(bytes, name === 'utf-32be');
  const dashed = name.replaceAll('_', '-');
  try {
    return new TextDecoder(PYTHON_NAMES[dashed] ?? dashed).decode(bytes);
  } catch {
    throw new FormatError('bad-metadata', `It says that it is written as ${quoted(encoding)}, which kho cannot read`);
  }
}

function decodeUtf32(bytes: Uint8Array, isBigEndian: boolean): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: string[] = [];
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const code = view.getUint32(at, !isBigEndian);
    parts.push(code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code));
  }
  return parts.join('');
}
