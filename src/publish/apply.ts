import { dirname } from 'node:path';
import { makeFolder, removeEmptyFolders, removeFile, rename } from '../io/disk.ts';
import { flushBatch } from '../io/flush.ts';
import { look } from '../io/open-file.ts';
import { PROBLEM_HINTS, type Problem } from '../problems.ts';
import type { Journal } from './journal.ts';
import { isOwnPath } from './published-path.ts';
import type { Move } from './stage.ts';
import { stateFolder } from './state-folder.ts';
import { type OwnedFolders, planSweep, removeEmptyParents } from './sweep-folders.ts';
import { locate, type Target } from './target.ts';

/** A publish, ready to be carried out. All paths that are not absolute are from the site's root. */
export interface PublishPlan {
  target: Target;
  journal: Journal;
  /** Names of projects that change or go. */
  changing: readonly string[];
  /** Everything written under temporary names, or the first of it: see `Staged`. Absolute. */
  toFlush: readonly string[];
  /** Folders that it is in, absolute: one on each file system will do. */
  folders: readonly string[];
  /** What is linked to comes before what links to it. */
  moves: readonly Move[];
  /** Published before, and no longer: pages, then the files they name. */
  removals: readonly string[];
  /** What is swept; nothing when absent. */
  owned?: Omit<OwnedFolders, 'target'>;
  /** Writes down what should be known of it before readers see any of it. @param later gets what is to be flushed by then @returns what is to be told */
  writeAhead?(later: string[]): Problem[];
  /** See `Journal.remove`: for a few projects, which somebody waits for. */
  journalMayComeBack?: true;
  /** Writes down what is published now. */
  remember(): void | Promise<void>;
  /** Told, instead of waiting for it, when what was written down is on the disk and the journal is gone: until then the journal must stand. */
  endsLater?(ended: Promise<void>): void;
}

export interface Applied {
  /** How many published files were removed. */
  removed: number;
  /** Files of others in folders of kho's, which were left alone; what could not be written down. */
  notes: Problem[];
}

/**
 * Change what readers see, in an order that may be stopped anywhere: what must be known before; the journal; what is new; what goes; the records. The lock must
 * be held. Before the first change it is sure that nothing is swept but pages.
 *
 * @throws {KhoError} SITE, WRITE
 */
export async function applyPlan({ target, journal, ...plan }: PublishPlan): Promise<Applied> {
  const sweep = plan.owned ? planSweep({ target, ...plan.owned }) : { pages: [], folders: [], foreign: [] };
  const ahead: string[] = [];
  const notes = plan.writeAhead?.(ahead) ?? [];
  const ofJournal = journal.write(plan.changing);
  const written = [...ofJournal, ...plan.toFlush];
  await Promise.all([flushBatch(ahead, []), flushBatch(written, [stateFolder(target.root), ...plan.folders])]);
  const made = new Set<string>();
  for (const { from, to } of plan.moves) moveInto(from, locate(target, to), made);

  const own = plan.removals.filter((path) => isOwnPath(path, target.copies !== undefined));
  const removals = new Set([...own, ...sweep.pages]);
  for (const path of removals) {
    removeFile(locate(target, path));
    removeEmptyParents(target, path);
  }
  for (const path of sweep.folders) removeEmptyFolders(locate(target, path));
  const end = async () => {
    await plan.remember();
    journal.remove(plan.journalMayComeBack);
  };
  const ended = end();
  if (plan.endsLater) plan.endsLater(ended);
  else await ended;
  return { removed: removals.size, notes: [...notes, ...sweep.foreign.map(foreignNote)] };
}

/** Of a file of others where kho puts its own. @param file from the site's root */
export function foreignNote(file: string): Problem {
  const what = 'was not written by kho, and is left alone';
  return { code: 'foreign-page', file, what, hint: PROBLEM_HINTS['foreign-page'] };
}

/** @param made folders that are known to be there */
function moveInto(from: string, to: string, made: Set<string>): void {
  const folder = dirname(to);
  if (!made.has(folder) && !look(folder)) makeFolder(folder);
  made.add(folder);
  rename(from, to);
}
