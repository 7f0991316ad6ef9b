/** Held files as what they would be, if they were listed: so that nobody builds anew what only has to be mended or moved. */
import type { NormalizedName } from '../standards/name.ts';
import type { BinaryFacts } from '../standards/platforms/binary-facts.ts';
import type { MachineFit } from '../standards/platforms/machine-fit.ts';
import { readArchitecture } from '../standards/platforms/platform.ts';
import { architecturesIn } from '../standards/platforms/platform-tag.ts';
import { truestTag } from '../standards/platforms/truest-tag.ts';
import { sdistVersionFor } from '../standards/sdist-filename.ts';
import { presumedWheelFilename, type WheelFilename } from '../standards/wheel-filename.ts';

/** A file of a repository that is not listed, with its problem. */
export interface HeldFile {
  /** From the site's root. */
  file: string;
  code: string;
  what: string;
  hint: string;
  /** What is in it, where that is known. */
  binaries?: BinaryFacts;
}

/** These are whole: renamed or moved, they are of use to those machines that run them, wherever they lie. */
export const MISPLACED_CODES: ReadonlySet<string> = new Set(['wrong-platform', 'lying-tag']);

/** A held file whose name tells what it is. */
export interface HeldCandidate {
  file: HeldFile;
  filename: string;
  version: string;
  /** Absent for an sdist. */
  wheel?: WheelFilename;
}

/** Undefined where the name may be what is wrong with it. */
export function readHeldFile(file: HeldFile, project: NormalizedName): HeldCandidate | undefined {
  const filename = file.file.slice(file.file.lastIndexOf('/') + 1);
  try {
    const wheel = filename.endsWith('.whl') ? presumedWheelFilename(filename) : undefined;
    const version = wheel ? wheel.version : sdistVersionFor(filename, project);
    return version === undefined ? undefined : { file, filename, version, ...(wheel && { wheel }) };
  } catch {
    return undefined;
  }
}

/**
 * As `MachineFit.rank`, were it mended: its name may be what is wrong with it, and that the machine's libc is too old for it may be
 * why it is held.
 */
export function heldRank({ file, wheel }: HeldCandidate, fit: MachineFit): number | undefined {
  if (!wheel) return Number.POSITIVE_INFINITY;
  const { binaries } = file;
  if (binaries?.architectures[0] === 'armel') return undefined; // soft float: no tag is for it alone
  const truest = binaries && truestTag(binaries, wheel.platform);
  return fit.withNewestLibc.rank({ ...wheel, platform: truest ?? withKnownArchitectures(wheel.platform) }, binaries);
}

/** Debian and Docker say amd64 and arm64, where tags for Linux say x86_64 and aarch64. */
function withKnownArchitectures(platform: string): string {
  return architecturesIn(platform).reduce((tags, written) => {
    const linuxMachine = readArchitecture(written, 'glibc');
    return linuxMachine === undefined || linuxMachine === written
      ? tags
      : tags.replaceAll(`_${written}`, `_${linuxMachine}`);
  }, platform.toLowerCase());
}
