/** What other indexes list, after their pages were believed: the words that all share who judge, merge, bring and serve it. */
import type { NormalizedName } from './standards/name.ts';
import type { ProjectStatus } from './standards/simple-api/types.ts';

/** A file as another index lists it. */
export interface UpstreamFile {
  filename: string;
  /** Absolute, without name and password. */
  url: string;
  /** Hexadecimal, in lower case. */
  sha256?: string;
  /** All that the index names, by algorithm. */
  hashes?: Record<string, string>;
  /** In bytes. */
  size?: number;
  /** Normalized. */
  version?: string;
  requiresPython?: string;
  yanked?: true | string;
  /** ISO 8601. */
  uploadTime?: string;
  /** Of FILE.metadata, where it is promised with a hash. */
  metadataSha256?: string;
  /** Absolute. */
  provenance?: string;
}

export interface UpstreamPage {
  /** Its name in kho.toml. */
  upstream: string;
  /** Its address, without name and password. */
  index: string;
  project: NormalizedName;
  status?: ProjectStatus;
  statusReason?: string;
  files: UpstreamFile[];
}
