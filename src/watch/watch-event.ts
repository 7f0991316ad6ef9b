import type { BuildReport, FileChange, SecondLookReport } from '../build-report.ts';
import type { Problem } from '../problems.ts';

/** What the log of a watched site tells, one line each. */
export type WatchEvent =
  | { event: 'watching'; site: string; report: BuildReport }
  | { event: 'serving'; url: string; site: string }
  | ({ event: 'file'; tookMs?: number } & FileChange)
  | { event: 'problem'; problem: Problem }
  | { event: 'built'; written: number; removed: number; durationMs: number }
  /** Files that were published before were looked at once more. */
  | ({ event: 'judged'; left: number } & SecondLookReport)
  | { event: 'settings' }
  /** What somebody ought to know of an index that clients reach through this site. */
  | { event: 'upstream'; upstream: string; message: string }
  /** What was published came to its bucket. */
  | {
      event: 'pushed';
      bucket: string;
      written: number;
      removed: number;
      bytes: number;
      requests: number;
      durationMs: number;
    }
  /** It does not come there; the site itself is published all the same. */
  | { event: 'bucket'; bucket: string; message: string; hint?: string }
  /** The build that runs has made no progress for a minute; or it does so again, or is over. */
  | { event: 'stalled' | 'goes on' }
  | { event: 'error'; message: string; hint?: string };
