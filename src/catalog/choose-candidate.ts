/** Which of a project's files pip would take on a machine. */
import type { NormalizedName } from '../standards/name.ts';
import type { MachineFit } from '../standards/platforms/machine-fit.ts';
import { specifierSetContains } from '../standards/specifier.ts';
import { compareVersions, isPrerelease } from '../standards/version.ts';
import type { Candidate, PipOptions } from './candidate.ts';

export interface CandidateLimits {
  specifiers: readonly string[];
  /** Each allows only these; files whose hash is not known are taken. */
  sha256s: readonly ReadonlySet<string>[];
}

/** Best first. Versions, Python and platform fit, and so do the hashes where `limits` has any. */
export function usableCandidates<File extends Candidate>(
  name: NormalizedName,
  files: readonly File[],
  limits: CandidateLimits,
  fit: MachineFit,
  options: PipOptions,
): File[] {
  const ranked = files.flatMap((file) => {
    const rank = rankOf(name, file, fit, options);
    const isAllowed = limits.sha256s.every((allowed) => file.sha256 === undefined || allowed.has(file.sha256));
    return rank !== undefined && isAllowed && fit.takesPython(file.requiresPython) && allows(limits, file.version)
      ? [{ file, rank }]
      : [];
  });
  const finals = ranked.filter(({ file }) => !isPrerelease(file.version));
  // uv looks at all that there is of the project, pip at what fits.
  const hasFinal = options.client === 'uv' ? files.some(({ version }) => !isPrerelease(version)) : finals.length > 0;
  const takesAll = options.pre || limits.specifiers.some(namesPrerelease) || !hasFinal;
  const found = takesAll ? ranked : finals;
  const notYanked = found.filter(({ file }) => !file.isYanked);
  const offered = notYanked.length > 0 || !limits.specifiers.some(isPin) ? notYanked : found;
  offered.sort((a, b) => {
    const binaryFirst = options.preferBinary
      ? Number(b.file.wheel !== undefined) - Number(a.file.wheel !== undefined)
      : 0;
    return (
      binaryFirst ||
      compareVersions(b.file.version, a.file.version) ||
      compareRanks(a.rank, b.rank) ||
      compareBuilds(b.file, a.file)
    );
  });
  return offered.map(({ file }) => file);
}

/** Whether a version is in each of the sets. What cannot be read, allows nothing. */
export function allows({ specifiers }: Pick<CandidateLimits, 'specifiers'>, version: string): boolean {
  return specifiers.every((text) => {
    try {
      return specifierSetContains(text, version);
    } catch {
      return false;
    }
  });
}

/** Sdists come after all wheels; undefined for what the machine, or pip's options, do not take. */
function rankOf(name: NormalizedName, file: Candidate, fit: MachineFit, options: PipOptions): number | undefined {
  const isNamed = (names: ReadonlySet<string>, others: ReadonlySet<string>) =>
    names.has(name) || (names.has(':all:') && !others.has(name));
  if (file.wheel)
    return isNamed(options.noBinary, options.onlyBinary) ? undefined : fit.rank(file.wheel, file.binaries);
  return isNamed(options.onlyBinary, options.noBinary) ? undefined : Number.POSITIVE_INFINITY;
}

function compareRanks(a: number, b: number): number {
  return a === b ? 0 : a - b;
}

/** No build tag is the lowest; `10a` is above `9b`. */
function compareBuilds(a: Candidate, b: Candidate): number {
  const [numberA, restA] = buildOf(a);
  const [numberB, restB] = buildOf(b);
  return numberA - numberB || (restA < restB ? -1 : restA > restB ? 1 : 0);
}

function buildOf({ wheel }: Candidate): [number, string] {
  const [, digits, rest = ''] = /^(\d+)(.*)$/s.exec(wheel?.build ?? '') ?? [];
  return digits === undefined ? [-1, ''] : [Number(digits), rest];
}

function partsOf(specifiers: string): string[] {
  return specifiers.split(',').map((part) => part.trim());
}

function namesPrerelease(specifiers: string): boolean {
  return partsOf(specifiers).some((part) => {
    const version = /^(?:===?|[<>~]=|[<>])\s*(.*)$/s.exec(part)?.[1];
    return version !== undefined && isPrerelease(version);
  });
}

/** `==1.0` and `===1.0`, which yanked files satisfy too. */
function isPin(specifiers: string): boolean {
  return partsOf(specifiers).some((part) => /^===?/.test(part) && !part.endsWith('.*'));
}
