/** Which file a machine takes of a project, and why not each of the others. */
import type { NormalizedName } from '../standards/name.ts';
import type { MachineFit } from '../standards/platforms/machine-fit.ts';
import { platformTags } from '../standards/platforms/supported-tags.ts';
import { compareVersions, isPrerelease } from '../standards/version.ts';
import type { WheelFilename } from '../standards/wheel-filename.ts';
import { allows, type CandidateLimits, usableCandidates } from './choose-candidate.ts';
import type { Candidate } from './package-source.ts';
import type { PipOptions } from './wanted.ts';

export interface ExplainedChoice<File extends Candidate> {
  chosen?: File;
  /** Newest first. `why` is to be read after the name of the file, without a full stop. */
  others: { file: File; why: string }[];
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

function whyNotAtAll(file: Candidate, limits: CandidateLimits, fit: MachineFit): string {
  if (!allows(limits, file.version)) return `is not what is asked for: ${limits.specifiers.join(',')}`;
  if (file.wheel && fit.rank(file.wheel, file.binaries) === undefined) return whyNoFit(file, file.wheel, fit);
  if (!fit.takesPython(file.requiresPython)) return `is not for this Python: Requires-Python is ${file.requiresPython}`;
  const { sha256 } = file;
  if (sha256 !== undefined && !limits.sha256s.every((allowed) => allowed.has(sha256)))
    return 'has a hash that the lock file does not allow';
  if (file.isYanked) return 'is yanked: only who asks for just this version (==) gets it';
  if (isPrerelease(file.version)) return 'is a pre-release: only who asks for one (--pre) gets it';
  return `is ${file.wheel ? 'a wheel' : 'an sdist'}, which the options of pip forbid here`;
}

function whyNotFirst(file: Candidate, chosen: Candidate, fit: MachineFit): string {
  if (compareVersions(file.version, chosen.version) !== 0)
    return compareVersions(file.version, chosen.version) < 0
      ? `is older than ${chosen.version}`
      : 'has no wheel, and wheels come first here';
  if (!file.wheel) return 'is an sdist, and a wheel of this version comes first';
  if (!chosen.wheel) return 'is a wheel, which the options of pip forbid here';
  const [rank, best] = [fit.rank(file.wheel, file.binaries), fit.rank(chosen.wheel, chosen.binaries)];
  return rank === best
    ? `has a lower build number than ${chosen.filename}`
    : `fits less closely than ${chosen.filename}`;
}

function whyNoFit({ binaries }: Candidate, wheel: WheelFilename, fit: MachineFit): string {
  const { machine } = fit;
  const { platform, libcFloor } = machine;
  if (fit.withNewestLibc.rank(wheel, binaries) !== undefined) {
    const needed = binaries?.glibcFloor ?? binaries?.muslFloor;
    return `needs a newer libc than these machines have (${libcFloor})${needed === undefined ? '' : `: ${needed}`}`;
  }
  const taken = new Set(['any', ...platformTags(platform, libcFloor)]);
  if (!wheel.platform.split('.').some((tag) => taken.has(tag))) return `is for other machines: ${wheel.platform}`;
  if (fit.rank(wheel) !== undefined) return `is for another libc, as its binaries tell: ${binaries?.libc}`;
  return `is for another Python: ${wheel.python}-${wheel.abi}`;
}
