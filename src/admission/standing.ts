/** Whether a file that may come in of another index stands on the page of it that clients get. */
import type { UpstreamSettings } from '../config/site-config.ts';
import type { WhyLeftOut } from '../policy/left-out.ts';
import type { UpstreamFile, UpstreamPage } from '../upstream-model.ts';
import { mayListUpstreamFile } from './unhashed.ts';

/** What is known of a page of an upstream besides what it lists. */
export interface UpstreamFate {
  /** Since when it is there no longer, milliseconds since 1970. */
  goneMs?: number;
  /** Names of files of it that are kept here. */
  atHand: ReadonlySet<string>;
}

/** The index has the project no more, and nothing of it is left to be had here: it counts as if it never was there. */
export function isLost(
  { goneMs }: Pick<UpstreamFate, 'goneMs'>,
  { gone }: Pick<UpstreamSettings, 'gone'>,
  hasFiles: () => boolean,
): boolean {
  return goneMs !== undefined && (gone === 'hide' || !hasFiles());
}

/** Undefined for a file that stands there, where no file of the site is in its place. */
export function whyNoPlace(
  file: UpstreamFile,
  { index, status }: Pick<UpstreamPage, 'index' | 'status'>,
  { goneMs, atHand }: UpstreamFate,
  upstream: Pick<UpstreamSettings, 'hashesOptional' | 'fileHosts' | 'gone'>,
): WhyLeftOut | undefined {
  if (status === 'quarantined') return { kind: 'quarantined' };
  if (!mayListUpstreamFile(file, index, upstream)) return { kind: 'unhashed' };
  if (goneMs !== undefined && (upstream.gone === 'hide' || !atHand.has(file.filename)))
    return { kind: 'gone', sinceMs: goneMs };
  return undefined;
}
