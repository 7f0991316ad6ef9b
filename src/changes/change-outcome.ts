/** What came of what somebody asked for over HTTP. */
import type { NormalizedName } from '../standards/name.ts';

export interface ChangedFile {
  /** From the site's root. */
  file: string;
  became?: string;
  to?: string;
  from?: string;
  size?: number;
}

/** A place whose project has to be published anew. */
export interface ChangedPlace {
  repository: string;
  project: NormalizedName;
  /** From packages/. */
  path: string;
}

export type ChangeOutcome =
  | { is: 'done'; files: ChangedFile[]; places: ChangedPlace[]; notes: string[] }
  | { is: 'refused'; status: number; text: string; hint?: string };
