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
  /** A PEP 440 version, not normalized; `-` and `+` stand where an older tool wrote `_` for them. */
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

/** Older tools turned what a part may not hold into `_`: the dash of `1.0-1`, the plus of `1.0+cpu`. */
function readVersion(text: string): string {
  if (isValidVersion(text)) return text;
  const readings = [text.replaceAll('_', '-'), text.replace('_', '+')];
  const version = readings.find(isValidVersion);
  if (version === undefined) {
    throw new FormatError(
      'bad-version',
      `has the version ${quoted(text)}, which is none of PEP 440, so that pip skips it`,
    );
  }
  return version;
}
