/**
 * entry_points.txt of a wheel: the scripts that installers write.
 *
 * Source: PyPA "Entry points specification", as pip reads it (importlib.metadata on Python 3.11 or later, pkg_resources before) and uv.
 */
import { isUtf8 } from 'node:buffer';
import { FormatError } from '../problems.ts';
import { quoted } from './quoted.ts';
import { stripWhiteSpace } from './white-space.ts';

const SCRIPT_GROUPS: ReadonlySet<string> = new Set(['console_scripts', 'gui_scripts']);

/** The whole value, as pkg_resources and uv want it. */
const WHOLE = /^([\p{L}\p{N}_.]+)(?:\s*:\s*([\p{L}\p{N}_.]+))?\s*(?:\[.*\])?$/u;
/** Its start, as far as later pips read it; the rest they pass over, but for brackets. */
const START = /^([\p{L}\p{N}_]+(?:[:.][\p{L}\p{N}_]+)*)\s*(\[\s*[\w-]+(?:=\w+)?(?:,\s*\w+(?:=\w+)?)*\s*\])?/u;

const OLD_PIP_AND_UV = 'pip on a Python before 3.11 and uv refuse it';

/**
 * Whether pip can install the scripts.
 *
 * @returns what only some clients refuse, and which, in words that follow the file's name
 * @throws {FormatError} `cannot-install` for what every pip refuses; `unsafe-member` for a script outside of the folder for scripts
 */
export function checkEntryPoints(bytes: Uint8Array): string | undefined {
  if (!isUtf8(bytes))
    throw new FormatError('bad-metadata', 'has an entry_points.txt that is not UTF-8: pip refuses it');
  const text = Buffer.from(bytes).toString();
  let group: string | undefined;
  let doubt: string | undefined;
  const seen = new Set<string>();
  const addDoubt = (why: string) => {
    doubt ??= `has an entry_points.txt ${why}`;
  };
  for (const raw of text.split(/\r\n|[\n\r]/)) {
    const line = stripWhiteSpace(raw);
    if (line === '' || line.startsWith('#')) continue;
    if (line.startsWith('[') && line.endsWith(']')) {
      group = stripWhiteSpace(line.slice(1, -1));
      if (seen.has(`[${group}`)) addDoubt(`with two sections ${quoted(group)}: ${OLD_PIP_AND_UV}`);
      seen.add(`[${group}`);
      continue;
    }
    if (group === undefined) {
      addDoubt(`with ${quoted(line)} before any section: ${OLD_PIP_AND_UV}, and others pass it over`);
      continue;
    }
    const equals = line.indexOf('=');
    if (equals < 0) throw refused(`${quoted(line)}, which has no "="`);
    const name = stripWhiteSpace(line.slice(0, equals));
    const value = stripWhiteSpace(line.slice(equals + 1));
    if (group === 'DEFAULT') addDoubt('with a section "DEFAULT": uv refuses it');
    if (seen.has(`${group}\n${name}`)) addDoubt(`that names ${quoted(name)} twice: ${OLD_PIP_AND_UV}`);
    seen.add(`${group}\n${name}`);
    if (!SCRIPT_GROUPS.has(group)) continue;
    const why = checkScript(name, value);
    if (why !== undefined) addDoubt(`with the script ${quoted(`${name} = ${value}`)}: ${why}`);
  }
  return doubt;
}

/** @returns who refuses it; @throws {FormatError} where every pip does */
function checkScript(name: string, value: string): string | undefined {
  if (name.startsWith('/') || name.split('/').includes('..')) {
    throw new FormatError('unsafe-member', `names a script ${quoted(name)}, outside of the folder for scripts`);
  }
  const isForOld = WHOLE.exec(value)?.[2] !== undefined;
  const isForNew = isReadByNewPip(value);
  if (!isForOld && !isForNew) throw refused(`the script ${quoted(`${name} = ${value}`)}, which is not MODULE:FUNCTION`);
  if (!isForOld) return OLD_PIP_AND_UV;
  if (!isForNew) return 'pip on Python 3.11 or later refuses it';
  return name.includes('/') ? 'uv refuses it' : undefined;
}

function isReadByNewPip(value: string): boolean {
  const [, path, extras] = START.exec(value) ?? [];
  if (path === undefined || path.split(':').length !== 2) return false;
  return extras !== undefined || !/[[\]]/.test(value);
}

function refused(what: string): FormatError {
  return new FormatError('cannot-install', `has an entry_points.txt with ${what}: pip refuses it`);
}
