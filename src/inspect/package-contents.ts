import type { Member } from '../formats/archive-member.ts';
import type { ZipEntry } from '../formats/zip.ts';
import type { Doubt } from '../problems.ts';
import type { CoreMetadata } from '../standards/metadata.ts';
import type { NormalizedName } from '../standards/name.ts';
import type { Binaries, ReadingDepth } from './read-binaries.ts';

/** What is in a package file, as far as an index cares. */
export interface PackageContents {
  kind: 'wheel' | 'sdist';
  project: NormalizedName;
  /** As its metadata spells it. */
  name: string;
  /** PEP 440 normalized, trailing zeros kept; as written where it is no PEP 440 version (old sdists). */
  version: string;
  metadata: CoreMetadata;
  /** As they stand in the package; no memory of the source's. */
  metadataBytes: Uint8Array;
  /** In the order of the archive. */
  members: Member[];
  /** The same, where each can be unpacked by itself. */
  zipEntries?: readonly ZipEntry[];
  /** What only some clients refuse, or pass over. */
  doubts: Doubt[];
  /** Of wheels: look into the programs and libraries among the members, as long as the source is there. */
  readBinaries?: (depth?: ReadingDepth) => Promise<Binaries>;
}
