import type { FileChange } from '../build-report.ts';
import type { Progress } from './run-jobs.ts';
import type { SecondLookBudget } from './second-look.ts';

export interface BuildOptions {
  /** Publish into this folder instead of beside the packages. */
  out?: string;
  /** With `out`: packages get there as hard links. */
  link?: boolean;
  /** With `out`: private repositories too, for a server of files that keeps them from others itself. */
  withPrivate?: boolean;
  /** Number of threads; decided by kho when absent. */
  jobs?: number;
  onProgress?: (progress: Progress) => void;
  /** Paths from the site's root of files that are being written: new ones count as not there yet. */
  busy?: ReadonlySet<string>;
  /** Called with what became of each file since the run before. Costs memory on a first build. */
  onChanges?: (changes: FileChange[]) => void;
  /** Called with the folders that hold packages, absolute. */
  onFolders?: (folders: string[]) => void;
  /** Look once more at files that were published before; at nothing when absent, nor in the first run of a site at members. */
  secondLook?: SecondLookBudget;
  /** Called where the list for sites that follow this one is left for later, with when that is, milliseconds since 1970: only who builds again then may say so. */
  onSyncDue?: (atMs: number) => void;
  /** Called once, with words that name the run that publishes at the moment, when this one has to wait for it. */
  onWait?: (holder: string) => void;
}
