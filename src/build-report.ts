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
  /** How many files have to be looked at once more: inspected under older rules; with members that were not unpacked yet. */
  due: { outdated: number; unverified: number };
  /** What came of looking at files once more, where that was done. */
  secondLook?: SecondLookReport;
}

export interface SecondLookReport {
  /** How many files were inspected anew, by new rules. */
  judged: number;
  /** What is new in the rules, in words that follow "they". */
  news: readonly string[];
  /** Of how many files all members were unpacked. */
  unpacked: number;
  /** Listed before, and held now: the reason stands among the problems. From the site's root. */
  held: readonly string[];
  /** Held before, and listed now. */
  listed: readonly string[];
}

/** What a run would do, without doing it. `--json` prints it as it is. */
export interface DryRunReport extends Pick<BuildReport, 'site' | 'repositories' | 'problems' | 'notes' | 'moved'> {
  dryRun: true;
  /** What would become of files that lie in packages/ now. */
  changes: FileChange[];
  /** How many files would be looked at once more since the rules are new; all of them are in what stands here. */
  outdated: number;
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
  /** Of a held file: it was listed until then. */
  wasListed?: true;
}

export interface RepositorySummary {
  name: string;
  projects: number;
  files: number;
  /** Of the listed files together. */
  bytes: number;
}
