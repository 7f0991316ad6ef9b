/**
 * Name and Version of METADATA as they are written there, white space and all: installers strip them differently.
 *
 * Source: Python's `email.message` (compat32) beside what pip and uv do with its values.
 */
import { asBuffer } from '../formats/byte-source.ts';
import { quoted } from './quoted.ts';
import { stripWhiteSpace } from './white-space.ts';

/** Both stand at the start. In bytes. */
const LOOKED_AT = 4096;
/** As nearly all files begin, without anything odd. In bytes, and as text. */
const USUAL_BYTES = 160;
const USUAL = /^Metadata-Version: [0-9.]+\nName: [!-~]+\nVersion: [!-~]+\n[A-Z]/;
const NAME = /(?:^|[\r\n])name:([^\r\n]*)((?:(?:\r\n|\n|\r)[ \t][^\r\n]*)*)/i;
const VERSION = /(?:^|[\r\n])version:([^\r\n]*)((?:(?:\r\n|\n|\r)[ \t][^\r\n]*)*)/i;
/** What uv strips of a version. */
const ASCII_SPACE_AROUND = /^[ \t\n\f\r]+|[ \t\n\f\r]+$/g;

/** What clients make of it: `isPassedOver` where the newest pip looks for another release. */
export interface IdentityDoubt {
  isPassedOver: boolean;
  /** In words that follow the file's name. */
  what: string;
}

/** @param metadata in UTF-8, with a Name and a Version */
export function checkIdentityFields(metadata: Uint8Array): IdentityDoubt[] {
  const bytes = asBuffer(metadata);
  if (USUAL.test(bytes.toString('latin1', 0, USUAL_BYTES))) return [];
  const start = bytes.toString('utf8', 0, LOOKED_AT);
  const doubts: IdentityDoubt[] = [];
  const [, name = '', nameMore = ''] = NAME.exec(start) ?? [];
  const unindented = name.replace(/^[ \t]+/, '');
  if (nameMore !== '' || unindented !== stripWhiteSpace(unindented)) {
    const what = `has the Name ${quoted(unindented + nameMore)} in its metadata: pip from 25.0 on passes it over, and uv refuses it`;
    doubts.push({ isPassedOver: true, what });
  }
  const [, version = '', versionMore = ''] = VERSION.exec(start) ?? [];
  if (versionMore !== '' && stripWhiteSpace(version) === '') {
    const what = 'has its Version on the next line of its metadata: pip on a Python before 3.11 refuses it';
    doubts.push({ isPassedOver: false, what });
  } else if (version.replace(ASCII_SPACE_AROUND, '') !== stripWhiteSpace(version)) {
    const what = `has white space that is not ASCII around the Version ${quoted(version)} in its metadata: uv refuses it`;
    doubts.push({ isPassedOver: false, what });
  }
  return doubts;
}
