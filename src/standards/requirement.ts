/**
 * Requirements: `name[extra] >=1.0,<2; python_version < "3.11"`, `name @ https://…`.
 *
 * Source: PyPA "Dependency specifiers" (PEP 508), as the Python library `packaging` reads them.
 */
import { FormatError } from '../problems.ts';
import { type Marker, parseMarker } from './marker.ts';
import { foldName, type NormalizedName, normalizeName } from './name.ts';
import { quoted } from './quoted.ts';
import { isValidSpecifierSet } from './specifier.ts';
import { withoutCredentials } from './without-credentials.ts';

export interface Requirement {
  name: NormalizedName;
  /** Normalized as names are, sorted, each once. */
  extras: string[];
  /** As written, for `specifierSetContains`; empty when any version will do. */
  specifiers: string;
  /** `name @ url`. */
  url?: string;
  marker?: Marker;
}

const NAME = /^[ \t]*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?)[ \t]*/;
const EXTRAS = /^\[([^\]]*)\][ \t]*/;
/** Anchored on both sides, so that blanks inside of it are looked at once. */
const EXTRA = /^[ \t]*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?)[ \t]*$/;
const URL_PART = /^@[ \t]*([^ \t]+)(?:[ \t]+|$)/;
const SPECIFIERS = /^(?:\(([^();]*)\)|([^();]*))[ \t]*/;

/** @throws {FormatError} `bad-metadata` */
export function parseRequirement(text: string): Requirement {
  const fail = (why: string) =>
    new FormatError('bad-metadata', `${quoted(withoutCredentials(text))} is no valid requirement: ${why}`);
  let rest = text;
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    const match = pattern.exec(rest);
    if (match) rest = rest.slice(match[0].length);
    return match ?? undefined;
  };

  const written = take(NAME)?.[1];
  if (written === undefined) throw fail('it must start with the name of a project');
  const extras = readExtras(take(EXTRAS)?.[1]);
  if (!extras) throw fail('its extras must be names with commas between them');
  const url = take(URL_PART)?.[1];
  const specifiers = url === undefined ? readSpecifiers(take(SPECIFIERS)) : '';
  if (specifiers === undefined) throw fail('what follows the name is no version specifier');
  if (rest !== '' && !rest.startsWith(';')) throw fail('there may be nothing after it but ";" and a marker');
  return {
    name: readName(written, fail),
    extras,
    specifiers,
    ...(url !== undefined && { url }),
    ...(rest !== '' && { marker: parseMarker(rest.slice(1)) }),
  };
}

function readName(written: string, fail: (why: string) => FormatError): NormalizedName {
  try {
    return normalizeName(written);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw fail(error.message);
  }
}

function readExtras(text: string | undefined): string[] | undefined {
  if (text === undefined || /^[ \t]*$/.test(text)) return [];
  const extras = text.split(',').map((extra) => EXTRA.exec(extra)?.[1]);
  if (!extras.every((extra) => extra !== undefined)) return undefined;
  return [...new Set(extras.map((extra) => foldName(extra)))].sort();
}

function readSpecifiers(match: RegExpExecArray | undefined): string | undefined {
  const text = (match?.[1] ?? match?.[2] ?? '').trim();
  // `specifierSetContains` passes over empty parts; here only the last may be one.
  return /^,|,[ \t]*,/.test(text) || !isValidSpecifierSet(text) ? undefined : text;
}
