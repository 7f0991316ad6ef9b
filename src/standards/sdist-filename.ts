/**
 * Sdist filenames: `{name}-{version}.tar.gz`, and the older forms, where name and version may hold dashes too.
 *
 * Source: PyPA "Source distribution format" (PEP 625). Older names are read as pip does, which knows the project
 * and tries each dash; without the project a filename is a guess, and PKG-INFO inside decides.
 */
import { FormatError } from '../problems.ts';
import { type NormalizedName, normalizeName } from './name.ts';
import { SDIST_SUFFIXES, type SdistSuffix, sdistSuffixOf } from './package-suffixes.ts';
import { quoted } from './quoted.ts';
import { isValidVersion } from './version.ts';

export interface SdistFilename {
  suffix: SdistSuffix;
  /** Best guess first, never empty. Versions are as written, and may be legacy ones. */
  candidates: SdistCandidate[];
}

interface SdistCandidate {
  project: NormalizedName;
  version: string;
}

/** @throws {FormatError} `bad-filename` when no dash has a valid name before it and something after it. */
export function parseSdistFilename(filename: string): SdistFilename {
  const fail = (why: string) => new FormatError('bad-filename', `is no sdist filename: ${why}`);

  const suffix = sdistSuffixOf(filename);
  if (suffix === undefined) throw fail(`it must end in one of ${SDIST_SUFFIXES.join(' ')}`);
  if (/[^\w.!+~-]/.test(filename)) throw fail('it may hold only ASCII letters, digits and _ . ! + ~ -');
  const stem = filename.slice(0, -suffix.length);
  const candidates = splitAtEachDash(stem);
  if (candidates.length === 0) throw fail(`${quoted(stem)} is not a valid project name, a dash and a version`);
  return { suffix, candidates: candidates.sort((a, b) => rank(a.version) - rank(b.version)) };
}

/** @returns the version, as written, if the filename can be read as an sdist of this project. */
export function sdistVersionFor(filename: string, project: NormalizedName): string | undefined {
  return parseSdistFilename(filename).candidates.find((candidate) => candidate.project === project)?.version;
}

/** From the left, so that a stable sort keeps the shorter name before the longer one. */
function splitAtEachDash(stem: string): SdistCandidate[] {
  const candidates: SdistCandidate[] = [];
  for (let dash = stem.indexOf('-'); dash >= 0; dash = stem.indexOf('-', dash + 1)) {
    const name = stem.slice(0, dash);
    const version = stem.slice(dash + 1);
    if (/^[^-]/.test(version) && /^[A-Za-z0-9](.*[A-Za-z0-9])?$/.test(name)) {
      candidates.push({ project: normalizeName(name), version });
    }
  }
  return candidates;
}

/** `foo-1.0-1` is rather a post release of foo than foo-1.0; a legacy version starts with a digit as a rule. */
function rank(version: string): number {
  if (isValidVersion(version)) return 0;
  return /^v?[0-9]/i.test(version) ? 1 : 2;
}
