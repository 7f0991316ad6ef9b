import type { NormalizedName } from '../standards/name.ts';
import type { BinaryFacts } from '../standards/platforms/binary-facts.ts';
import type { ProjectStatus } from '../standards/simple-api/types.ts';

/** What one repository lists of one project. Everything in it is sorted, so that the same files give the same pages. */
export interface Project {
  name: NormalizedName;
  /** As the newest release spells it. */
  displayName: string;
  status?: ProjectStatus;
  statusReason?: string;
  /** Newest first; releases may not be empty, unless the project is quarantined: then there are none. */
  releases: Release[];
  /** Not yanked before yanked, final before pre-release, then the highest. */
  latest?: Release;
}

export interface Release {
  /** One spelling for all files whose versions are equal (1.0 and 1.0.0). */
  version: string;
  /** Sorted by filename. */
  files: IndexedFile[];
}

/** One listed file. */
export interface IndexedFile {
  filename: string;
  kind: 'wheel' | 'sdist';
  /** Where its bytes are: a repository (not always the one that lists it) and the path from that one's packages/. */
  repository: string;
  path: string;
  name: string;
  version: string;
  sha256: string;
  /** In bytes. */
  size: number;
  /** When it was first published, milliseconds since 1970, whole. */
  uploadedMs: number;
  requiresPython?: string;
  /** Present when FILE.metadata is published beside it. */
  metadataSha256?: string;
  /** Why new clients take an older release instead, in words that follow the file's name. */
  passedOver?: string;
  /** Of wheels with programs or libraries for Linux. */
  binaries?: BinaryFacts;
  /** FILE.asc is beside it. */
  signed: boolean;
  /** Present when yanked; empty when no reason was given. */
  yanked?: string;
  /** FILE.provenance is beside it, is of the right shape, and the site's address allows to advertise it. */
  provenance: boolean;
}
