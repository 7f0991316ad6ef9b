/** Which file a machine takes of a project, and why not each of the others. */
import type { NormalizedName } from '../standards/name.ts';
import type { MachineFit } from '../standards/platforms/machine-fit.ts';
import { platformTags } from '../standards/platforms/supported-tags.ts';
import { compareVersions, isPrerelease } from '../standards/version.ts';
import type { WheelFilename } from '../standards/wheel-filename.ts';
import type { Candidate, PipOptions } from './candidate.ts';
import { allows, type CandidateLimits, usableCandidates } from './choose-candidate.ts';

/** As data: pages tell it in several languages, commands in the words below. */
export type WhyNot =
  | { is: 'not-asked'; specifiers: string }
  /** `has` is the libc of these machines, where that is known; `needs` what the binaries need. */
  | { is: 'newer-libc'; has?: string; needs?: string }
  | { is: 'other-machine'; tag: string }
  | { is: 'other-libc'; libc: string }
  | { is: 'other-python'; tag: string }
  | { is: 'requires-python'; specifiers: string }
  | { is: 'other-hash' | 'yanked' | 'pre-release' | 'no-wheel' | 'source-later' }
  | { is: 'forbidden'; kind: 'wheel' | 'sdist' }
  | { is: 'older'; than: string }
  | { is: 'lower-build' | 'fits-less'; than: string };

export interface ExplainedChoice<File extends Candidate> {
  chosen?: File;
  /** Newest first. */
  others: { file: File; why: WhyNot }[];
}

/** As `usableCandidates` chooses. */
export function explainChoice<File extends Candidate>(
  name: NormalizedName,
  files: readonly File[],
  limits: CandidateLimits,
  fit: MachineFit,
  options: PipOptions,
): ExplainedChoice<File> {
  const offered = usableCandidates(name, files, limits, fit, options);
  const [chosen] = offered;
  const isOffered = new Set(offered);
  const others = files
    .filter((file) => file !== chosen)
    .sort((a, b) => compareVersions(b.version, a.version) || (a.filename < b.filename ? -1 : 1))
    .map((file) => ({
      file,
      why: isOffered.has(file) && chosen ? whyNotFirst(file, chosen, fit) : whyNotAtAll(file, limits, fit),
    }));
  return { ...(chosen && { chosen }), others };
}

function whyNotAtAll(file: Candidate, limits: CandidateLimits, fit: MachineFit): WhyNot {
  if (!allows(limits, file.version)) return { is: 'not-asked', specifiers: limits.specifiers.join(',') };
  if (file.wheel && fit.rank(file.wheel, file.binaries) === undefined) return whyNoFit(file, file.wheel, fit);
  const { sha256, requiresPython } = file;
  if (!fit.takesPython(requiresPython)) return { is: 'requires-python', specifiers: requiresPython ?? '' };
  if (sha256 !== undefined && !limits.sha256s.every((allowed) => allowed.has(sha256))) return { is: 'other-hash' };
  if (file.isYanked) return { is: 'yanked' };
  if (isPrerelease(file.version)) return { is: 'pre-release' };
  return { is: 'forbidden', kind: file.wheel ? 'wheel' : 'sdist' };
}

/** Of what would do, were `chosen` not there. */
function whyNotFirst(file: Candidate, chosen: Candidate, fit: MachineFit): WhyNot {
  if (compareVersions(file.version, chosen.version) !== 0)
    return compareVersions(file.version, chosen.version) < 0
      ? { is: 'older', than: chosen.version }
      : { is: 'no-wheel' };
  if (!file.wheel) return { is: 'source-later' };
  if (!chosen.wheel) return { is: 'forbidden', kind: 'wheel' };
  const [rank, best] = [fit.rank(file.wheel, file.binaries), fit.rank(chosen.wheel, chosen.binaries)];
  return { is: rank === best ? 'lower-build' : 'fits-less', than: chosen.filename };
}

function whyNoFit({ binaries }: Candidate, wheel: WheelFilename, fit: MachineFit): WhyNot {
  const { machine } = fit;
  const { libcFloor } = machine;
  if (fit.withNewestLibc.rank(wheel, binaries) !== undefined) {
    const needs = binaries?.glibcFloor ?? binaries?.muslFloor;
    return {
      is: 'newer-libc',
      ...(libcFloor !== undefined && { has: libcFloor }),
      ...(needs !== undefined && { needs }),
    };
  }
  if (!wheel.platform.split('.').some((tag) => platformTagsOfMachine(fit).has(tag)))
    return { is: 'other-machine', tag: wheel.platform };
  if (fit.rank(wheel) !== undefined) return { is: 'other-libc', libc: String(binaries?.libc) };
  return { is: 'other-python', tag: `${wheel.python}-${wheel.abi}` };
}

/** Long lists, which many files are compared with. */
const tagsOfMachines = new WeakMap<MachineFit, ReadonlySet<string>>();

function platformTagsOfMachine(fit: MachineFit): ReadonlySet<string> {
  const { platform, libcFloor } = fit.machine;
  const known = tagsOfMachines.get(fit) ?? new Set(['any', ...platformTags(platform, libcFloor)]);
  tagsOfMachines.set(fit, known);
  return known;
}

/** To be read after the name of the file, without a full stop. */
export function whyNotWords(why: WhyNot): string {
  switch (why.is) {
    case 'not-asked':
      return `is not what is asked for: ${why.specifiers}`;
    case 'newer-libc':
      return `needs a newer libc than these machines have (${why.has})${why.needs === undefined ? '' : `: ${why.needs}`}`;
    case 'other-machine':
      return `is for other machines: ${why.tag}`;
    case 'other-libc':
      return `is for another libc, as its binaries tell: ${why.libc}`;
    case 'other-python':
      return `is for another Python: ${why.tag}`;
    case 'requires-python':
      return `is not for this Python: Requires-Python is ${why.specifiers}`;
    case 'other-hash':
      return 'has a hash that the lock file does not allow';
    case 'yanked':
      return 'is yanked: only who asks for just this version (==) gets it';
    case 'pre-release':
      return 'is a pre-release: only who asks for one (--pre) gets it';
    case 'no-wheel':
      return 'has no wheel, and wheels come first here';
    case 'source-later':
      return 'is an sdist, and a wheel of this version comes first';
    case 'forbidden':
      return `is ${why.kind === 'wheel' ? 'a wheel' : 'an sdist'}, which the options of pip forbid here`;
    case 'older':
      return `is older than ${why.than}`;
    case 'lower-build':
      return `has a lower build number than ${why.than}`;
    case 'fits-less':
      return `fits less closely than ${why.than}`;
  }
}
