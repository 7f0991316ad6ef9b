import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { MAY_STILL_GROW } from '../build/collect-problems.ts';
import type { FileFacts } from '../inspect/file-facts.ts';
import { inspectFile } from '../inspect/inspect-file.ts';
import { FormatError, type Problem } from '../problems.ts';
import type { IncomingFile, IncomingScan, IncomingSide } from './scan-incoming.ts';

/** A file written that lately may still be on its way: it is looked at once more before it counts as whole, or as broken. */
const LATELY_MS = 2000;
const LOOK_AGAIN_MS = 300;

export interface WholeFile extends IncomingFile {
  facts: FileFacts;
}

export interface Inspected {
  whole: WholeFile[];
  /** Side-files that nobody writes to. */
  sides: IncomingSide[];
  problems: Problem[];
}

/** Tell files that are whole from those on their way, which are passed over, and from broken ones. */
export async function inspectIncoming(
  scan: IncomingScan,
  { busy, now }: { busy?: ReadonlySet<string>; now: number },
): Promise<Inspected> {
  const whole: WholeFile[] = [];
  const broken: { file: IncomingFile; problem: Problem }[] = [];
  for (const file of scan.packages) {
    if (busy?.has(file.file)) continue;
    try {
      whole.push({ ...file, facts: (await inspectFile(join(file.folder, file.name), file.stamp)).facts });
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      if (error.code === 'changed-while-reading') continue;
      const { code, message, hint } = error;
      broken.push({ file, problem: { code, file: file.file, what: message, hint } });
    }
  }
  // What a side-file holds does not tell whether it is whole; with `busy`, somebody watches who writes to it.
  const sides = scan.sides.filter(({ file }) => !busy?.has(file));
  const suspects = broken.filter(({ problem }) => MAY_STILL_GROW.has(problem.code)).map(({ file }) => file);
  if (busy === undefined) suspects.push(...sides);
  if (suspects.some(({ stamp }) => Math.abs(now - stamp.modifiedMs) < LATELY_MS)) await sleep(LOOK_AGAIN_MS);
  const growing = new Set(suspects.filter(hasGrown).map(({ file }) => file));
  return {
    whole,
    sides: sides.filter(({ file }) => !growing.has(file)),
    problems: broken.filter(({ file }) => !growing.has(file.file)).map(({ problem }) => problem),
  };
}

/** Or is gone. */
function hasGrown({ folder, name, stamp }: IncomingFile): boolean {
  const now = lstatSync(join(folder, name), { throwIfNoEntry: false });
  return now?.size !== stamp.size || now.mtimeMs !== stamp.modifiedMs;
}
