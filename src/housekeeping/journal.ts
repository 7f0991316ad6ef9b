/** What a command is going to do to published files, written down before its first change: a run that is killed is finished by the next. */

import { join } from 'node:path';
import type { SiteConfig } from '../config/site-config.ts';
import { flushFolder, removeFolder } from '../io/disk.ts';
import { readKeptLines, writeKeptLines } from '../io/kept-lines.ts';
import { look } from '../io/open-file.ts';
import { leadsDown } from '../publish/published-path.ts';
import { isStateTrusted, PULL_FOLDER, stateFolder } from '../publish/state-folder.ts';
import { inPlaceTarget, locate, splitRepository } from '../publish/target.ts';
import { isSha256 } from '../standards/sha256.ts';
import { TRASH_FOLDER } from './trash.ts';

/** A file that goes from one place to another. Paths from the site's root. */
export interface Relocation {
  from: string;
  to: string;
  /** Hexadecimal. */
  sha256: string;
}

/** What is to stand in FILE.yanked. */
export interface Marking {
  /** The package, from the site's root. */
  file: string;
  /** Null: there is to be none. */
  yanked: string | null;
}

interface LeftToDo {
  relocations: Relocation[];
  markings: Marking[];
}

/** In `.kho`. Losing it costs that of several files some may be changed and others not. */
const JOURNAL = 'housekeeping';

/** Whether a run was killed within a change, which the next has to finish. */
export function isUnfinished(root: string): boolean {
  return look(journalPath(root)) !== undefined;
}

/** Write down what is going to be done, and do it. The lock must be held. @throws {KhoError} WRITE */
export async function journaled(
  root: string,
  entries: readonly (Relocation | Marking)[],
  act: () => Promise<void>,
): Promise<void> {
  writeKeptLines(
    journalPath(root),
    entries.map((each) => JSON.stringify(each)),
  );
  await act();
  removeJournal(root);
}

export function removeJournal(root: string): void {
  removeFolder(journalPath(root));
  flushFolder(stateFolder(root));
}

/** What a run that was killed has left to do; undefined where none was. What cannot be believed tells of nothing. */
export function readJournal(config: SiteConfig): LeftToDo | undefined {
  const nothing: LeftToDo = { relocations: [], markings: [] };
  const path = journalPath(config.root);
  if (look(path) === undefined) return undefined;
  if (!isStateTrusted(config.root)) return nothing;
  try {
    const { lines, isDamaged } = readKeptLines(path);
    const entries = lines.map((line) => JSON.parse(line) as Partial<Relocation & Marking>);
    const markings = entries.filter((each): each is Marking => 'file' in each);
    const relocations = entries.filter((each): each is Relocation => !('file' in each));
    const isSound =
      relocations.every(({ from, to }) => (isPulled(from) || mayName(config, from)) && mayName(config, to)) &&
      markings.every(({ file, yanked }) => mayMark(config, file) && (yanked === null || typeof yanked === 'string'));
    return isDamaged || !isSound ? nothing : { relocations, markings };
  } catch {
    return nothing;
  }
}

/** Absolute. */
export function pathIn(config: SiteConfig, path: string): string {
  if (path.startsWith(`${TRASH_FOLDER}/`) || isPulled(path)) return join(config.root, path);
  return locate(inPlaceTarget(config), path);
}

function journalPath(root: string): string {
  return join(stateFolder(root), JOURNAL);
}

/** A file that `kho pull` has whole, under its sha256. */
function isPulled(path: unknown): path is string {
  return typeof path === 'string' && path.startsWith(`${PULL_FOLDER}/`) && isSha256(path.slice(PULL_FOLDER.length + 1));
}

function mayMark(config: SiteConfig, path: unknown): boolean {
  return mayName(config, path) && !(path as string).startsWith(`${TRASH_FOLDER}/`);
}

function mayName({ repositories }: SiteConfig, path: unknown): boolean {
  if (!leadsDown(path)) return false;
  const [, inTrash] = /^\.trash\/[^/]+\/(.+)$/.exec(path) ?? [];
  const { repository, rest } = splitRepository(inTrash ?? path);
  return (
    rest.startsWith('packages/') &&
    repositories.some(({ name, packages }) => name === repository && packages !== undefined)
  );
}
