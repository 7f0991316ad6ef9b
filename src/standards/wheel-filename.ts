/**
 * Wheel filenames: `{name}-{version}[-{build}]-{python}-{abi}-{platform}.whl`.
 *
 * Source: PyPA "Binary distribution format", section "File name convention" (PEP 427). Names that older tools
 * wrote and pip reads or read are read as well: upper case, dots, `_` in a version, tag sets in any order.
 */
import { FormatError } from '../problems.ts';
import { type NormalizedName, normalizeName } from './name.ts';
import { quoted } from './quoted.ts';
import { isValidVersion } from './version.ts';

export interface WheelFilename {
  name: NormalizedName;
  /** A PEP 440 version, not normalized; `-` stands where an older tool wrote `_` for it. */
  version: string;
  /** As written, starts with a digit: `7a`. Absent sorts before every build. */
  build?: string;
  /** As written, each may be a compressed set like `py2.py3`; `expandTags` (tags.ts) spells them out. */
  python: string;
  abi: string;
  platform: string;
}

/** @throws {FormatError} `bad-version` when the version is none of PEP 440, which pip skips; else `bad-filename`. */
export function parseWheelFilename(filename: string): WheelFilename {
  return readFilename(filename, readVersion);
}

/**
 * As `parseWheelFilename`; but where `_` stands for what no client reads out of it, `+` or `!`, as what is meant: for a file that is held.
 *
 * @throws {FormatError} as `parseWheelFilename`
 */
export function presumedWheelFilename(filename: string): WheelFilename {
  return readFilename(filename, (text) => presumedVersion(text) ?? readVersion(text));
}

/**
 * What new clients pass over, though older ones take it.
 *
 * @param filename that `parseWheelFilename` can read
 * @returns who, in words that follow the file's name
 */
export function checkWheelName(filename: string): string | undefined {
  const [name = '', version = '', ...rest] = filename.slice(0, -'.whl'.length).split('-');
  if (name.includes('__')) return `has two "_" together in its name ${quoted(name)}: pip from 25.3 on passes it over`;
  if (!isValidVersion(version)) return `has the version ${quoted(version)}: pip from 25.3 on and uv pass it over`;
  const python = rest.at(-3) ?? '';
  if (!python.split('.').some((tag) => /^[0-9]/.test(tag))) return undefined;
  return `has the Python tag ${quoted(python)}: pip from 26.3 on passes it over`;
}

/** Tags are written in lower case; pip lowers those of a name. @returns who does not, in words that follow the file's name */
export function checkTagCase(filename: string): string | undefined {
  const [platform = '', abi = '', python = ''] = filename.slice(0, -'.whl'.length).split('-').reverse();
  const tag = `${python}-${abi}-${platform}`;
  return tag === tag.toLowerCase() ? undefined : `has the tag ${quoted(tag)} in upper case: uv passes it over`;
}

function readFilename(filename: string, readVersion: (text: string) => string): WheelFilename {
  const fail = (why: string) => new FormatError('bad-filename', `is no wheel filename: ${why}`);

  if (!filename.endsWith('.whl')) throw fail('it must end in .whl');
  if (/[^\w.!+-]/.test(filename)) throw fail('it may hold only ASCII letters, digits and _ . ! + -');
  const [name, version, ...rest] = filename.slice(0, -'.whl'.length).split('-');
  const [platform, abi, python, build, extra] = rest.reverse();
  if (!name || !version || !python || !abi || !platform || build === '' || extra !== undefined) {
    throw fail('it must have 5 or 6 parts between dashes, none of them empty');
  }
  if (build !== undefined && !/^[0-9]/.test(build))
    throw fail(`its build tag ${quoted(build)} must start with a digit`);
  for (const tag of [python, abi, platform]) {
    if (tag.startsWith('.') || tag.endsWith('.') || tag.includes('..'))
      throw fail(`its tag set ${quoted(tag)} has an empty part`);
  }
  return {
    name: normalizeName(name),
    version: readVersion(version),
    ...(build && { build }),
    python,
    abi,
    platform,
  };
}

/** Older tools turned the dash of `1.0-1` into `_`, which pips before 25.3 turn back. */
function readVersion(text: string): string {
  if (isValidVersion(text)) return text;
  const dashed = text.replaceAll('_', '-');
  if (isValidVersion(dashed)) return dashed;
  const meant = presumedVersion(text);
  const why = 'which is none of PEP 440, so that pip skips it';
  const hint = meant === undefined ? undefined : `rename it, with the version ${quoted(meant)} in its name`;
  throw new FormatError('bad-version', `has the version ${quoted(text)}, ${why}`, hint);
}

/** They turned the `!` after an epoch, and the plus of `1.0+cpu`, into `_` too, which no client turns back. */
function presumedVersion(text: string): string | undefined {
  if (isValidVersion(text) || isValidVersion(text.replaceAll('_', '-'))) return undefined;
  const withEpoch = text.replace(/^([0-9]+)_/, '$1!');
  const readings = [withEpoch, withEpoch.replace('_', '+'), text.replace('_', '+')];
  return readings.find(isValidVersion);
}
