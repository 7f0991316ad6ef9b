import { sitePath } from '../catalog/resolve-listing.ts';
import type { SiteConfig } from '../config/site-config.ts';
import { flushPath } from '../io/disk.ts';
import { Journal } from '../publish/journal.ts';
import { lockSite } from '../publish/lock.ts';
import { type FileRecord, type Manifest, readGeneration, writeManifest } from '../publish/manifest.ts';
import { inPlaceTarget, type Target } from '../publish/target.ts';
import { isInState } from '../scan/file-state.ts';
import type { FoundFile } from '../scan/found-file.ts';
import { inspectAnew, verifyListed } from './look-at-file.ts';
import { isOutdated, isUnverified, rulesOf } from './rules.ts';
import type { SiteScan } from './scan-site.ts';
import type { DueFiles } from './site-summary.ts';

/** How long files may be looked at once more; a file that was begun is read to its end. */
export interface SecondLookBudget {
  /** Those that were inspected under older rules. In milliseconds. */
  rulesMs: number;
  /** Those with members that were never unpacked. In milliseconds. */
  membersMs: number;
  /** Asked again and again: whether somebody waits for other things. */
  isOver?(): boolean;
}

/** Of one `kho build`: long enough to come to an end some day, short enough for a run of each minute. */
export const SECOND_LOOK: SecondLookBudget = { rulesMs: 5000, membersMs: 2000 };

/** What a second look came to. */
export interface SecondLook {
  /** How many files were inspected anew, and the oldest rules that one of them had been inspected under. */
  judged: number;
  rulesBefore: number;
  /** Of how many files all members were unpacked. */
  unpacked: number;
  /** Projects that have to be published anew, with what was listed of each, by path from the site's root. */
  touched: Map<string, Set<string>>;
}

/** Looks at one file. Returns the record itself where there is nothing to remember. */
type Look = (record: FileRecord, full: string, found: FoundFile) => Promise<FileRecord>;

/**
 * Look once more at files that are published: under new rules, and at members that nobody unpacked yet. As much as the budget allows,
 * and what was done is remembered. Projects where something may come out otherwise are written into the journal, as those of a run that was
 * stopped: the next run looks at them.
 *
 * @param seen what was just published, and `due` of it: projects that have such files
 * @returns undefined where another run published meanwhile: it has them still before it
 * @throws {KhoError} WRITE, LOCKED
 */
export async function takeSecondLook(
  config: SiteConfig,
  target: Target,
  { manifest, scan, due }: { manifest: Manifest; scan: SiteScan; due: ReadonlyMap<string, DueFiles> },
  budget: SecondLookBudget,
): Promise<SecondLook | undefined> {
  if (manifest.isDamaged || readGeneration(target.root) !== manifest.generation) return undefined;
  const { packagesOf } = inPlaceTarget(config);
  const second: SecondLook = { judged: 0, rulesBefore: Number.POSITIVE_INFINITY, unpacked: 0, touched: new Map() };
  const touch = (name: string, files: readonly FileRecord[]) => {
    const listed = files.filter(({ facts, problem }) => facts && !problem).map(sitePath);
    if (!second.touched.has(name)) second.touched.set(name, new Set(listed));
  };

  const lookThrough = async (names: Iterable<string>, milliseconds: number, look: Look) => {
    const isOver = overAfter(milliseconds, budget.isOver);
    let hasChanged = false;
    for (const name of names) {
      if (isOver()) break;
      const record = manifest.projects.get(name);
      if (!record) continue;
      const found = new Map(scan.projects.get(name as never)?.map((file) => [sitePath(file), file]));
      const files: FileRecord[] = [];
      for (const file of record.files) {
        const seen = found.get(sitePath(file));
        const isAsItWas = seen !== undefined && isInState(seen, file.state, Date.now());
        const full = `${packagesOf(file.repository)}/${file.path}`;
        files.push(isAsItWas && !isOver() ? await look(file, full, seen) : file);
      }
      if (files.every((file, place) => file === record.files[place])) continue;
      hasChanged = true;
      if (files.some((file, place) => isJudgedAnew(file, record.files[place] as FileRecord))) touch(name, record.files);
      manifest.projects.set(name, { ...record, files });
    }
    return hasChanged;
  };
  const having = (what: keyof DueFiles) => [...due].filter(([, files]) => files[what] > 0).map(([name]) => name);

  const hasJudged = await lookThrough(having('outdated'), budget.rulesMs, async (record, full, { stamp }) => {
    if (!isOutdated(record)) return record;
    second.judged++;
    second.rulesBefore = Math.min(second.rulesBefore, rulesOf(record));
    return inspectAnew(record, full, stamp);
  });
  const hasVerified = await lookThrough(having('unverified'), budget.membersMs, async (record, full, { stamp }) => {
    if (!isUnverified(record) || isOutdated(record)) return record;
    const looked = await verifyListed(record, full, stamp, () => budget.isOver?.() === true);
    if (looked !== record) second.unpacked++;
    return looked;
  });
  if (!hasJudged && !hasVerified) return second;

  const unlock = await lockSite(target.root);
  try {
    const journal = new Journal(target.root, 'journal');
    if (manifest.added || readGeneration(target.root) !== manifest.generation || journal.read() !== undefined)
      return undefined;
    if (second.touched.size > 0) for (const path of journal.write([...second.touched.keys()])) flushPath(path);
    writeManifest(target.root, manifest);
    return second;
  } finally {
    unlock();
  }
}

/** Not where all that is new is that its members are whole. */
function isJudgedAnew(now: FileRecord, before: FileRecord): boolean {
  return now !== before && (now.rules !== before.rules || now.state !== before.state || now.problem !== before.problem);
}

function overAfter(milliseconds: number, isOver: (() => boolean) | undefined): () => boolean {
  const ends = performance.now() + milliseconds;
  return () => performance.now() >= ends || isOver?.() === true;
}
