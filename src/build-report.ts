import type { Problem } from './problems.ts';

/** What a run of `kho build` did and found. `--json` prints it as it is. */
export interface BuildReport {
  /** Absolute path. */
  site: string;
  repositories: RepositorySummary[];
  /** Files that are not listed, or that clients will stumble over. Sorted by file. */
  problems: Problem[];
  /** What is worth knowing but no fault. Sorted by file. */
  notes: Problem[];
  /** What came out of incoming/, from and to; paths from the site's root. */
  moved: { file: string; to: string }[];
  /** Published files (pages, metadata, with --out copies too). */
  written: number;
  unchanged: number;
  removed: number;
  durationMs: number;
}

/** What became of one file since the run before. */
export interface FileChange {
  /** From the site's root. */
  file: string;
  became: 'listed' | 'replaced' | 'held' | 'gone';
  /** Of a listed file. */
  project?: string;
  version?: string;
  /** Why it is held. */
  problem?: Problem;
}

export interface RepositorySummary {
  name: string;
  projects: number;
  files: number;
  /** Of the listed files together. */
  bytes: number;
}
