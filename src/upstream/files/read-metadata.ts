import type { UpstreamPlace } from '../../kept-upstream/kept-places.ts';

/** What stands in a file that a client has asked for. */
export interface ReadMetadata {
  at: UpstreamPlace;
  filename: string;
  metadata: Uint8Array;
}
