import type { Downloadable } from '../../fetch/download-file.ts';
import type { UpstreamPlace } from '../../kept-upstream/kept-places.ts';
import type { UpstreamFile } from '../../upstream-model.ts';

/** What a page lists that kho keeps. */
export interface UpstreamListing {
  file: UpstreamFile;
  /** Address of its index, without name and password. */
  index: string;
}

/** One that may be served, with all that is known of where it belongs. */
export interface AskedUpstreamFile extends UpstreamListing {
  at: UpstreamPlace;
  /** See `keptPath`. */
  path: string;
  /** Whether what stands in it is asked for, as FILE.metadata. */
  isMetadata: boolean;
}

export function downloadable({ filename, url, sha256, hashes, size }: UpstreamFile): Downloadable {
  return {
    ...{ filename, url: new URL(url) },
    ...(sha256 !== undefined && { sha256 }),
    ...(hashes && { hashes }),
    ...(size !== undefined && { size }),
  };
}
