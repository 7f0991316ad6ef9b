import { join } from 'node:path';
import { KhoError } from '../errors.ts';
import { makeFolder } from '../io/disk.ts';
import { look } from '../io/open-file.ts';
import { cameMeanwhile, checkRemovable } from './bring.ts';
import { findSameBytes } from './packages-folder.ts';
import type { IncomingFile, IncomingSide } from './scan-incoming.ts';
import type { TakingRun } from './taking-run.ts';

/** A file that must not be published. */
export interface Refusal {
  file: IncomingFile;
  /** Hexadecimal. */
  sha256: string;
  /** Side-files that go with it, with their hashes. */
  sides: readonly { side: IncomingSide; sha256: string }[];
  /** What the text beside it says. */
  reason: string;
}

/**
 * Move a file to `refused` with a text beside it that says why. What was refused before is kept: the next one of that name is
 * numbered (`FILE.2`). The same bytes are kept once.
 *
 * The order is text, side-files, file: one that was moved always has its reason.
 *
 * @returns the name in refused/
 * @throws {KhoError} WRITE; {FormatError}
 */
export async function refuseFile(run: TakingRun, { file, sha256, sides, reason }: Refusal): Promise<string> {
  const { refused } = run.scan;
  checkRemovable(file);
  makeRefusedFolder(refused);
  const full = (name: string, { side }: IncomingSide) => join(refused, `${name}.${side}`);
  const earlier = await numbered(file.name, (name) => look(join(refused, name)) !== undefined);
  const sameFile = await findSameBytes(
    earlier.taken.map((name) => sized(join(refused, name), name)),
    file.stamp.size,
    sha256,
  );
  if (sameFile) {
    for (const { side, sha256 } of sides) {
      const place = full(sameFile.name, side);
      if (await holds(place, side, sha256)) run.drop(side, place);
    }
    run.drop(file, sameFile.full);
    return sameFile.name;
  }
  const isTaken = async (name: string) => {
    if (look(join(refused, name))) return true;
    for (const { side, sha256 } of sides) {
      const place = full(name, side);
      if (look(place) && !(await holds(place, side, sha256))) return true; // else a run that was stopped brought it
    }
    return false;
  };
  const name = (await numbered(file.name, isTaken)).free;
  run.placing.placeText(reason, join(refused, `${name}.txt`));
  for (const { side, sha256 } of sides) await move(run, side, full(name, side), sha256);
  await move(run, file, join(refused, name), sha256);
  return name;
}

async function move(run: TakingRun, from: IncomingFile, to: string, sha256: string): Promise<void> {
  const placed = await run.placing.place(run.sourceOf(from, sha256), to);
  if (placed === 'other bytes there') throw cameMeanwhile(to);
  run.drop(from, to);
}

async function holds(full: string, { stamp }: IncomingFile, sha256: string): Promise<boolean> {
  return (await findSameBytes([sized(full, '')], stamp.size, sha256)) !== undefined;
}

/** A link in its place could lead anywhere. */
function makeRefusedFolder(path: string): void {
  const stats = look(path);
  if (stats === undefined) makeFolder(path);
  else if (!stats.isDirectory()) {
    throw new KhoError('WRITE', `Cannot move to "${path}": it is no folder`, { hint: 'move it away' });
  }
}

/** `FILE`, `FILE.2`, `FILE.3`, up to the first that is free. */
async function numbered(
  name: string,
  isTaken: (name: string) => boolean | Promise<boolean>,
): Promise<{ free: string; taken: string[] }> {
  const taken: string[] = [];
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${name}.${number}`;
    if (!(await isTaken(candidate))) return { free: candidate, taken };
    taken.push(candidate);
  }
}

/** What is no file has no size, and the bytes of none. */
function sized(full: string, name: string) {
  const stats = look(full);
  return { full, name, size: stats?.isFile() ? stats.size : -1 };
}
