import type { Project } from '../../catalog/model.ts';
import type { Member } from '../../formats/archive-member.ts';
import type { Origin } from '../../names/origins.ts';
import type { Doubt, Problem } from '../../problems.ts';
import type { CoreMetadata } from '../../standards/metadata.ts';
import type { BinaryFacts } from '../../standards/platforms/binary-facts.ts';
import type { TagFault } from '../../standards/platforms/judge-tag.ts';
import type { MemberFacts } from '../../standards/platforms/member-facts.ts';

/** What `kho show FILE --json` prints of each file. */
export interface ShownFile {
  /** Absolute. */
  path: string;
  filename: string;
  /** From the site's root, when it lies in a packages/ folder of a site. */
  inSite?: string;
  /** In bytes. */
  size: number;
  /** Hexadecimal; absent when the file cannot be read. */
  sha256?: string;
  /** Where kho fetched it from; absent for one of the site's own. */
  origin?: Origin;
  /** What is in it; absent when it cannot be read as a package. */
  package?: ShownPackage;
  /** Repositories whose index has it, with what the index says of it. */
  listedIn: { repository: string; uploadTime: string; yanked?: string; signed: boolean; provenance: boolean }[];
  /** Why it is held, what is wrong with a file beside it, and what is worth knowing. */
  problems: Problem[];
}

export interface ShownPackage {
  kind: 'wheel' | 'sdist';
  /** Normalized. */
  project: string;
  version: string;
  /** Of a wheel, all spelled out; none of an sdist. */
  tags: string[];
  metadata: CoreMetadata;
  /** In the order of the archive. */
  members: Member[];
  /** What only some clients refuse, or pass over. */
  doubts: Doubt[];
  /** Of wheels with programs or libraries for Linux. */
  binaries?: ShownBinaries;
}

export interface ShownBinaries extends BinaryFacts {
  /** What the name of the file promises and they do not keep; none when all is well. */
  faults: TagFault[];
  /** The platform tags that the wheel may bear; absent when there are none, or it is not known. */
  truestTag?: string;
  /** In the order of the archive. */
  members: MemberFacts[];
}

/** What `kho show PROJECT --json` prints for each repository that has the project. */
export interface ShownProject {
  repository: string;
  project: Project;
  /** Of the latest release; absent when there is none, or it cannot be read. */
  metadata?: CoreMetadata;
}
