/**
 * Whose a site is. kho's docs once gave all of a site to one group: uploaders, kho and web server. Then each of them could change what
 * the others trust. Now only packages/ and incoming/ are shared: docs/uploading.md#who-may-write-what.
 */
import { PROBLEM_HINTS, type Problem } from '../problems.ts';
import type { SiteConfig } from './site-config.ts';
import { placesLine, type SitePlace, sitePlaces, userName } from './site-places.ts';
import { othersMayWrite } from './who-may-write.ts';

const SHOWN = 4;

/**
 * One note for all folders of a site that others than their owner may write, though only packages/ and incoming/ need that.
 *
 * @param runningAs the user that kho runs as, to whom the folders should belong; undefined where there are no users
 */
export function tellOldLayout(
  config: Pick<SiteConfig, 'root' | 'repositories'>,
  runningAs = process.geteuid?.(),
): Problem[] {
  if (runningAs === undefined) return [];
  const open = sitePlaces(config).filter(({ stat }) => othersMayWrite(stat));
  if (open.length === 0) return [];
  const names = open.slice(0, SHOWN).map(({ shownPath: shown }) => `"${shown}"`);
  const more = open.length > SHOWN ? ` and ${open.length - SHOWN} more` : '';
  const what = `may be written by others than its owner, who could so change pages, settings and other people's packages: ${names.join(', ')}${more}`;
  const hint = `${PROBLEM_HINTS['writable-by-others']}: ${mendingLine(open, ownerOf(open, runningAs))}`;
  return [{ code: 'writable-by-others', file: '.', what, hint }];
}

/** Whom the site is for: whoever runs kho, and where that is root, who owns what kho remembers. */
function ownerOf(open: readonly SitePlace[], runningAs: number): number {
  return runningAs !== 0 ? runningAs : (open.find(({ shownPath: shown }) => shown === '.kho')?.stat.uid ?? 0);
}

/** To be typed by root. Nothing below packages/ and incoming/ is touched; links are not followed. */
function mendingLine(open: readonly SitePlace[], owner: number): string {
  const foreign = open.filter(({ stat }) => stat.uid !== owner);
  return [...placesLine(`chown ${userName(owner)}`, foreign), ...placesLine('chmod g-s,go-w', open)].join(' && ');
}
