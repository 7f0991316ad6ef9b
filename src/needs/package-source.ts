import type { HeldCandidate } from '../catalog/held-files.ts';
import type { CoreMetadata } from '../standards/metadata.ts';
import type { NormalizedName } from '../standards/name.ts';
import type { BinaryNeeds } from '../standards/platforms/machine-fit.ts';
import type { WheelFilename } from '../standards/wheel-filename.ts';

/** A file that could be installed, from wherever it would come. */
export interface Candidate {
  filename: string;
  version: string;
  /** Absent for an sdist. */
  wheel?: WheelFilename;
  /** What is in the wheel, where that is known. */
  binaries?: BinaryNeeds;
  requiresPython?: string;
  isYanked: boolean;
  /** Hexadecimal; absent where the index does not tell. */
  sha256?: string;
  /** In bytes; absent where the index does not tell. */
  size?: number;
}

/** Where files come from: a repository of the site, another index. */
export interface PackageSource<File extends Candidate = Candidate> {
  /** All files of a project, also those that no machine of interest can use. */
  candidates(name: NormalizedName): Promise<readonly File[]>;
  /** What lies there, and may not be used. */
  held?(name: NormalizedName): readonly HeldCandidate[];
  /** Undefined where it cannot be had. */
  metadata(file: File): Promise<CoreMetadata | undefined>;
}
