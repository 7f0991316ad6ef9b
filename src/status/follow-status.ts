/** How far the site follows others, and what of that is not well. */
import type { SiteConfig } from '../config/site-config.ts';
import { readAllFollowed } from '../follow/follow-state.ts';
import { knownHead } from '../follow/known-head.ts';
import { bytesInPull } from '../follow/pull-folder.ts';
import type { StatusFinding } from './status-finding.ts';

export interface FollowStatus {
  /** The repository here. */
  into: string;
  from: string;
  /** Of the head that was believed last; absent where it cannot be read any more. */
  counter?: number;
  /** When the centre was asked last, ISO 8601. */
  asked: string;
  locks: { path: string; counter?: number; lacking: string[] }[];
}

export interface Following {
  repositories: FollowStatus[];
  /** What has come of files of which others of their lock have not. In bytes. */
  partBytes: number;
}

/** A thin line may be gone for days. In milliseconds. */
const LONG_MS = 7 * 86_400_000;

/** Undefined for a site that follows nobody. @throws {KhoError} SITE, READ */
export function readFollowing({ root, follow }: SiteConfig): Following | undefined {
  const { followed } = readAllFollowed(root);
  if (followed.length === 0 && !follow) return undefined;
  return {
    repositories: followed.map(({ into, url, head, asked, locks }) => {
      const counter = knownHead({ head })?.counter;
      return {
        ...{ into, from: url, asked },
        ...(counter !== undefined && { counter }),
        locks: locks.map(({ path, closures: [newest], lacking }) => ({
          ...{ path, lacking },
          ...(newest && { counter: newest.counter }),
        })),
      };
    }),
    partBytes: bytesInPull(root),
  };
}

/** What is here is served on, however long nobody is reached. */
export function followFindings(following: Following | undefined, now: number): StatusFinding[] {
  if (!following) return [];
  const { repositories } = following;
  if (repositories.length === 0) {
    const what = 'kho.toml says whom to follow, and nothing was brought yet';
    return [{ level: 'look', what, hint: 'type kho pull, or let a timer: kho config systemd --mode follow' }];
  }
  return repositories.flatMap(({ into, from, asked, locks }): StatusFinding[] => [
    ...(now - Date.parse(asked) > LONG_MS
      ? [
          {
            level: 'look' as const,
            what: `"${into}" has not heard of ${from} since ${asked}`,
            hint: 'what is here is served on; look whether the timer runs, and the line is up',
          },
        ]
      : []),
    ...locks.flatMap(({ path, counter, lacking: [first, ...others] }): StatusFinding[] => {
      if (first === undefined) return [];
      const more = others.length > 0 ? `, and ${others.length} more` : '';
      const before = counter === undefined ? 'nothing of it is here' : `as it was with counter ${counter}`;
      const what = `${path} is not whole (${before}): ${first}${more}`;
      return [{ level: 'look', what, hint: 'kho pull goes on with it; what it says tells what is in the way' }];
    }),
  ]);
}
