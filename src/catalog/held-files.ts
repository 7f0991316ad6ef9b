/** Held files as what they would be, if they were listed: so that nobody builds anew what only has to be mended or moved. */
import type { NormalizedName } from '../standards/name.ts';
import type { MachineFit } from '../standards/platforms/machine-fit.ts';
import { sdistVersionFor } from '../standards/sdist-filename.ts';
import { presumedWheelFilename, type WheelFilename } from '../standards/wheel-filename.ts';

/** A file of a repository that is not listed, with its problem. */
export interface HeldFile {
  /** From the site's root. */
  file: string;
  code: string;
  what: string;
  hint: string;
  /** It lies in a repository that this one includes. */
  isIncluded?: boolean;
}

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

/** As `MachineFit.rank`, by the name alone; that the machine's libc is too old for it may be why it is held. */
export function heldRank({ wheel }: HeldCandidate, fit: MachineFit): number | undefined {
  return wheel ? fit.withNewestLibc.rank(wheel) : Number.POSITIVE_INFINITY;
}

/** It lies where such machines install from, and is for others. Machines of whatever Python it is not for do not miss it. */
export function isMisplaced({ file, wheel }: HeldCandidate, fit: MachineFit): boolean {
  return file.code === 'wrong-platform' && !file.isIncluded && wheel !== undefined && fit.takesInterpreter(wheel);
}
