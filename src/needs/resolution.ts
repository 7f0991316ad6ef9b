/** What came of looking for what a machine needs. */

import type { Candidate } from '../catalog/candidate.ts';
import type { HeldFile } from '../catalog/held-files.ts';
import type { NormalizedName } from '../standards/name.ts';

/** `sdist`: it has to be built there. `hash`: there is one, but not with a hash that the lock allows. */
export type Availability = 'there' | 'sdist' | 'absent' | 'conflict' | 'hash';

export interface Resolved<File extends Candidate> {
  name: NormalizedName;
  verdict: Availability;
  /** Of `file`, or the only one that is asked for. */
  version?: string;
  /** What installers would take, wheel or sdist. */
  file?: File;
  /** All that is asked of the version, joined by commas. */
  specifiers: string;
  /** Hexadecimal, where locks name some: no other file will do, also where an index does not tell its hash. */
  sha256s?: ReadonlySet<string>;
  /** Who asks for it, in words. */
  from: string[];
  /** Why not, or what else there is: one line, no full stop. */
  why?: string;
  /** Where there is nothing, or an sdist: a file that would do, and is held. */
  held?: HeldFile;
}

export interface Resolution<File extends Candidate> {
  /** Sorted by name. */
  projects: Resolved<File>[];
  /** What comes from elsewhere than an index, in words. */
  outside: string[];
  /** Of these it is not known what they depend on, since nobody could read their metadata: `numpy 2.3.1`. */
  unread: string[];
}
