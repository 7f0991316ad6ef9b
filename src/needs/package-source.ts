import type { Candidate } from '../catalog/candidate.ts';
import type { HeldCandidate } from '../catalog/held-files.ts';
import type { CoreMetadata } from '../standards/metadata.ts';
import type { NormalizedName } from '../standards/name.ts';

/** Where files come from: a repository of the site, another index. */
export interface PackageSource<File extends Candidate = Candidate> {
  /** All files of a project, also those that no machine of interest can use. */
  candidates(name: NormalizedName): Promise<readonly File[]>;
  /** What lies there, and may not be used. */
  held?(name: NormalizedName): readonly HeldCandidate[];
  /** Undefined where it cannot be had. */
  metadata(file: File): Promise<CoreMetadata | undefined>;
}
