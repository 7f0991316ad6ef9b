import type { Doubt } from '../problems.ts';
import type { NormalizedName } from '../standards/name.ts';
import type { BinaryFacts } from '../standards/platforms/binary-facts.ts';

/** What the index needs to know of one package file: small, kept in memory and in the manifest. Metadata is read again when a page needs it. */
export interface FileFacts {
  kind: 'wheel' | 'sdist';
  project: NormalizedName;
  /** As its metadata spells it. */
  name: string;
  /** PEP 440 normalized, trailing zeros kept; as written where it is no PEP 440 version (old sdists). */
  version: string;
  requiresPython?: string;
  /** Hexadecimal, of the whole file. */
  sha256: string;
  /** In bytes. */
  size: number;
  /** Hexadecimal, of the core metadata as it stands in the file; wheels only. */
  metadataSha256?: string;
  /** What only some clients refuse, or pass over; absent when there is nothing. */
  doubts?: Doubt[];
  /** Of wheels with programs or libraries for Linux. */
  binaries?: BinaryFacts;
}
