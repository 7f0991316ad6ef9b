import type { BuildReport } from '../build-report.ts';
import { sitePath } from '../catalog/resolve-listing.ts';
import type { Manifest } from '../publish/manifest.ts';
import { changesSince } from './rules.ts';
import type { SecondLook } from './second-look.ts';
import type { DueFiles, SiteSummary } from './site-summary.ts';

/**
 * The report of a run that looked once more at what was published.
 *
 * @param first what was published before that
 * @param again what was published after it, where something had to be
 */
export function withSecondLook(
  first: BuildReport,
  { judged, rulesBefore, unpacked, touched }: SecondLook,
  again: { report: BuildReport; manifest: Manifest } | undefined,
): BuildReport {
  const held: string[] = [];
  const listed: string[] = [];
  for (const [name, before] of again ? touched : []) {
    for (const file of again?.manifest.projects.get(name)?.files ?? []) {
      const path = sitePath(file);
      const isListed = file.facts !== undefined && file.problem === undefined;
      if (isListed !== before.has(path)) (isListed ? listed : held).push(path);
    }
  }
  const secondLook = { judged, news: judged > 0 ? changesSince(rulesBefore) : [], unpacked, held, listed };
  if (again) return { ...joined(first, again.report), secondLook };
  const due = { ...first.due, unverified: first.due.unverified - unpacked };
  return { ...first, due, secondLook };
}

function joined(first: BuildReport, second: BuildReport): BuildReport {
  const notes = [...first.notes, ...second.notes].map((note) => [JSON.stringify(note), note] as const);
  return {
    ...second,
    notes: [...new Map(notes).values()],
    moved: [...first.moved, ...second.moved],
    written: first.written + second.written,
    removed: first.removed + second.removed,
    durationMs: first.durationMs + second.durationMs,
  };
}

export function sumOf(due: SiteSummary['due']): DueFiles {
  const sum: DueFiles = { outdated: 0, unverified: 0 };
  for (const { outdated, unverified } of due.values()) {
    sum.outdated += outdated;
    sum.unverified += unverified;
  }
  return sum;
}
