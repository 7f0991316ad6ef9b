import type { Drift } from '../../drift.ts';
import { counted } from '../amounts.ts';
import { dim, green, type Line, yellow } from '../text.ts';

/** So many are named of those with the same way out; the rest is counted. */
const NAMED = 20;

/**
 * Drifts with the same way out stand together, and it below them. A file with several is named once.
 *
 * @param most how many of each way out; the rest is counted
 */
export function driftLines(drifts: readonly Drift[], most: number = NAMED): Line[] {
  const byHint = new Map<string, Drift[]>();
  for (const drift of drifts) {
    const alike = byHint.get(drift.hint);
    if (alike) alike.push(drift);
    else byHint.set(drift.hint, [drift]);
  }
  return [...byHint].flatMap(([hint, alike]) => [
    ...whatLines(alike.slice(0, most)),
    ...(alike.length > most
      ? [`  and ${counted(alike.length - most, 'more difference')}: kho check --all names them`]
      : []),
    [dim(`      hint: ${hint}`)],
    '',
  ]);
}

function whatLines(drifts: readonly Drift[]): Line[] {
  return drifts.flatMap(({ file, what }, place): Line[] =>
    file === drifts[place - 1]?.file ? [`      ${what}`] : [`  ${file}`, `      ${what}`],
  );
}

/** @param files how many packages are listed */
export function checkResultLine(drifts: readonly Drift[], files: number): Line {
  if (drifts.length === 0) return [green('fine'), `: ${counted(files, 'package')} and all pages are as they should be`];
  const places = new Set(drifts.map(({ file }) => file)).size;
  return [yellow('drift'), `: ${counted(drifts.length, 'difference')} in ${counted(places, 'file')}`];
}
