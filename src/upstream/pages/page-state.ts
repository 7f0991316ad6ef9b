import { type PageStamp, readPageStamp } from '../../io/page-stamp.ts';
import { type KeptHeader, keptPagePath, readKeptHeader } from '../../kept-upstream/kept-page.ts';
import type { UpstreamPlace } from '../../kept-upstream/kept-places.ts';

/** What is known of one page. Times are milliseconds since 1970. */
export interface PageState {
  header: KeptHeader | undefined;
  /** Of its file, when it was looked at last: another process may have brought another one. */
  stamp: PageStamp | undefined;
  /** When its index said last that it is as it is kept. */
  checkedMs: number;
  askedMs: number;
  /** It is not asked for before. */
  notBeforeMs: number;
  absentUntilMs: number;
  firstGoneMs: number | undefined;
  firstPoorerMs: number | undefined;
  asking: Promise<void> | undefined;
  /** What was asked for has come, and is being read. */
  isInHand: boolean;
}

/** Of a page of which nothing is known but what is kept. @param nowMs milliseconds since 1970 */
export function stateOnDisk(root: string, place: UpstreamPlace, nowMs: number): PageState {
  const header = readKeptHeader(root, place);
  const never = Number.NEGATIVE_INFINITY;
  const changedMs = header?.changedMs ?? never;
  return {
    ...{ header, stamp: readPageStamp(keptPagePath(root, place)) },
    ...{ checkedMs: changedMs > nowMs ? never : changedMs }, // a clock was set back
    ...{ askedMs: never, notBeforeMs: never, absentUntilMs: never },
    ...{ firstGoneMs: undefined, firstPoorerMs: undefined, asking: undefined, isInHand: false },
  };
}
