import { sitePath } from '../catalog/resolve-listing.ts';
import { didYouMean } from '../config/did-you-mean.ts';
import { tellOldLayout } from '../config/old-layout.ts';
import type { SiteConfig } from '../config/site-config.ts';
import { look } from '../io/open-file.ts';
import { PROBLEM_HINTS, type Problem } from '../problems.ts';
import { fromRoot, locate, type Target } from '../publish/target.ts';
import { type Platform, platformText } from '../standards/platforms/platform.ts';
import type { SiteScan } from './scan-site.ts';
import type { SiteSummary } from './site-summary.ts';

/** A file written that lately may still be on its way: it is looked at once more before it is called a problem. */
const LATELY_MS = 2000;
const LOOK_AGAIN_MS = 300;

/** Faults that a file shows while it is being copied. */
export const MAY_STILL_GROW: ReadonlySet<string> = new Set([
  'incomplete',
  'empty',
  'damaged',
  'changed-while-reading',
  'not-an-archive',
]);

/**
 * All faults of files, those found in this run and those known from earlier ones.
 *
 * @param isWatched somebody else waits for files that still grow: then nobody has to here
 */
export async function collectProblems(
  config: SiteConfig,
  source: Target,
  scan: SiteScan,
  summary: SiteSummary,
  isWatched = false,
): Promise<{ problems: Problem[]; notes: Problem[] }> {
  const found = [...scan.problems, ...summary.problems, ...mixedLibcs(summary)];
  const problems = await withoutGrowing(found, scan, source, isWatched);
  const notes = [
    ...summary.notes,
    ...unknownProjects(config, summary),
    ...platformsByName(config, summary),
    ...tellOldLayout(config),
  ];
  return { problems: sortProblems(unique(problems)), notes: sortProblems(unique(notes)) };
}

/** Files that are on their way at this moment are no problem: the run after them lists them. */
async function withoutGrowing(
  problems: Problem[],
  scan: SiteScan,
  source: Target,
  isWatched: boolean,
): Promise<Problem[]> {
  const suspects = new Set(problems.filter(({ code }) => MAY_STILL_GROW.has(code)).map(({ file }) => file));
  if (suspects.size === 0) return problems;
  const seen = new Map([...scan.projects.values()].flat().map((file) => [sitePath(file), file.stamp]));
  const newest = Math.max(...[...suspects].map((file) => seen.get(file)?.modifiedMs ?? 0));
  if (!isWatched && Math.abs(Date.now() - newest) < LATELY_MS)
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  return problems.filter(({ file }) => {
    const before = suspects.has(file) ? seen.get(file) : undefined;
    if (!before?.inode) return true; // cannot be looked at
    const now = look(locate(source, file));
    return (
      now !== undefined && (now.isSymbolicLink() || (now.size === before.size && now.mtimeMs === before.modifiedMs))
    );
  });
}

/** Settings in kho.toml of projects that no repository has: most likely a typing error. */
function unknownProjects(config: SiteConfig, summary: SiteSummary): Problem[] {
  return config.repositories.flatMap(({ name, projects }) => {
    const listed = summary.listings.get(name)?.all;
    return [...projects.keys()]
      .filter((project) => !listed?.has(project))
      .map((project): Problem => {
        const what = `has settings for "${project}" in "${name}", which lists no such project${didYouMean(project, [...(listed ?? [])])}`;
        return { code: 'unknown-project', file: 'kho.toml', what, hint: PROBLEM_HINTS['unknown-project'] };
      });
  });
}

/** One note for all repositories whose folders' names say for which machines they are; of those that have binaries, where it counts. */
function platformsByName({ repositories }: SiteConfig, { withBinaries }: SiteSummary): Problem[] {
  const named = repositories.filter(({ name, platformsByName }) => platformsByName && withBinaries.has(name));
  if (named.length === 0) return [];
  const words = named.map(({ name, platforms = [] }) => {
    const all = (platforms as Platform[]).map(platformText).join(', ');
    return `"${name}" takes ${all === '' ? 'pure files only' : `binaries for ${all} only`}`;
  });
  const what = `does not say for which machines these are, but their names do: ${words.join('; ')}`;
  return [{ code: 'platforms-by-name', file: 'kho.toml', what, hint: PROBLEM_HINTS['platforms-by-name'] }];
}

/** Names of wheels that are named as examples. */
const SHOWN_PAIRS = 3;

/** Repositories that list wheels for both libcs under tags that do not tell them apart. */
function mixedLibcs(summary: SiteSummary): Problem[] {
  return [...summary.listings].flatMap(([name, { lookAlikes }]) => {
    const pairs = lookAlikes.pairs();
    if (pairs.length === 0) return [];
    const examples = pairs.slice(0, SHOWN_PAIRS).map(({ glibc, musl }) => `${glibc} (glibc) and ${musl} (musl)`);
    const more = pairs.length > SHOWN_PAIRS ? `; and ${pairs.length - SHOWN_PAIRS} more pairs` : '';
    const what = `lists wheels for glibc and for musl, which machines of both take for their own: ${examples.join('; ')}${more}`;
    return [{ code: 'libc-mixed' as const, file: fromRoot(name, 'packages'), what, hint: PROBLEM_HINTS['libc-mixed'] }];
  });
}

function unique(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.map((problem) => [`${problem.code} ${problem.file} ${problem.what}`, problem])).values()];
}

export function sortProblems(problems: readonly Problem[]): Problem[] {
  const key = ({ file, code }: Problem) => `${file}\n${code}`;
  return [...problems].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}
