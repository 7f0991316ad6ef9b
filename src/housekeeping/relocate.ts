/**
 * Files that go from one place in a site to another, all of them or, when kho is killed on the way, all of them by the next run: what is to be
 * done is written down first. At each moment each file is in one of its two places, or in both.
 */
import { dirname } from 'node:path';
import type { SiteConfig } from '../config/site-config.ts';
import { KhoError } from '../errors.ts';
import { hashFile } from '../inspect/inspect-file.ts';
import type { WholeSource } from '../intake/place-whole.ts';
import type { Placing } from '../intake/placing.ts';
import { flushFolder, makeFolder, removeFile } from '../io/disk.ts';
import { fileStamp } from '../io/file-stamp.ts';
import { isWritable } from '../io/is-writable.ts';
import { look } from '../io/open-file.ts';
import { journaled, pathIn, type Relocation, removeJournal } from './journal.ts';
import { makeTrashFolder, TRASH_FOLDER } from './trash.ts';

/**
 * @param relocations of a package and what belongs to it; packages last: what is beside one comes before it, and goes after it
 * @param tell writes to the record what is going to be done, once nothing is in the way
 * @throws {KhoError} WRITE where other bytes have a name, or a folder is closed: then nothing was changed
 */
export async function relocate(
  config: SiteConfig,
  placing: Placing,
  relocations: readonly Relocation[],
  tell: () => void,
): Promise<void> {
  if (relocations.length === 0) return;
  await checkWays(config, relocations);
  if (relocations.some(({ to }) => to.startsWith(`${TRASH_FOLDER}/`))) makeTrashFolder(config.root); // others may write in it
  tell();
  await journaled(config.root, relocations, () => carryOut(config, placing, relocations));
}

/** Those that a run that was killed had begun, or not yet. The lock must be held. */
export async function finishRelocations(
  config: SiteConfig,
  placing: Placing,
  relocations: readonly Relocation[],
): Promise<void> {
  const due: Relocation[] = [];
  for (const each of relocations) {
    const there = look(pathIn(config, each.to));
    const isFree = there === undefined || (await holds(pathIn(config, each.to), each.sha256));
    if (isFree && (await holds(pathIn(config, each.from), each.sha256))) due.push(each);
  }
  await carryOut(config, placing, due);
}

async function carryOut(config: SiteConfig, placing: Placing, relocations: readonly Relocation[]): Promise<void> {
  const sources: { source: WholeSource; to: string }[] = [];
  const isNew: string[] = [];
  for (const { from, to, sha256 } of relocations) {
    const [source, full] = [sourceAt(pathIn(config, from), sha256), pathIn(config, to)];
    if (to.startsWith(`${TRASH_FOLDER}/`)) makeTrashFolder(config.root);
    makeFolder(dirname(full));
    const placed = await placing.place(source, full);
    if (placed === 'other bytes there') {
      for (const path of isNew) removeFile(path);
      removeJournal(config.root);
      throw isTaken(full);
    }
    if (placed === 'placed') isNew.push(full);
    sources.push({ source, to: full });
  }
  for (const { source, to } of sources.reverse()) placing.drop(source, to);
  await placing.finish();
  const folders = new Set(sources.map(({ source }) => dirname(source.path)));
  for (const folder of folders) flushFolder(folder);
}

async function checkWays(config: SiteConfig, relocations: readonly Relocation[]): Promise<void> {
  for (const { from, to, sha256 } of relocations) {
    const [source, full] = [pathIn(config, from), pathIn(config, to)];
    if (look(full) !== undefined && !(await holds(full, sha256))) throw isTaken(full);
    if (!isWritable(dirname(source))) {
      throw new KhoError('WRITE', `Cannot take "${source}" away: others may not write in its folder`, {
        hint: 'run kho as the owner of the site, or let it write there (chmod g+w)',
      });
    }
  }
}

function sourceAt(path: string, sha256: string): WholeSource {
  const stats = look(path);
  if (!stats?.isFile()) throw new KhoError('WRITE', `Cannot move "${path}": it is gone`, { hint: 'run kho again' });
  return { path, stamp: fileStamp(stats), sha256 };
}

function isTaken(full: string): KhoError {
  return new KhoError('WRITE', `Cannot move it to "${full}": other bytes have this name there`, {
    hint: 'remove or rename what is there; or build this package again with a new version or build number',
  });
}

async function holds(path: string, sha256: string): Promise<boolean> {
  return look(path)?.isFile() === true && (await hashFile(path)) === sha256;
}
