import type { NormalizedName } from '../standards/name.ts';

/** A file of another index, as pages of this site link to it. */
export interface UpstreamAction {
  kind: 'upstream';
  /** Its name in kho.toml. */
  upstream: string;
  project: NormalizedName;
  /** Of a package, or FILE.metadata. */
  filename: string;
}
