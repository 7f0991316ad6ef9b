import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { MAY_STILL_GROW } from '../index/collect-problems.ts';
import type { FileFacts } from '../inspect/file-facts.ts';
import { hintOf, inspectFile } from '../inspect/inspect-file.ts';
import { MetadataToKeep } from '../inspect/learned-files.ts';
import { BEFORE_LISTING } from '../inspect/verify-source.ts';
import type { FileStamp } from '../io/file-stamp.ts';
import { isUnchanged } from '../io/is-unchanged.ts';
import { FormatError, type Problem } from '../problems.ts';
import { SETTLED_MS } from '../scan/file-state.ts';
import type { IncomingFile, IncomingScan, IncomingSide } from './scan-incoming.ts';

/** A file written that lately may still be on its way: it is looked at once more before it counts as whole, or as broken. */
const LATELY_MS = 2000;
const LOOK_AGAIN_MS = 300;

export interface WholeFile extends IncomingFile {
  facts: FileFacts;
  /** Every member was unpacked; of the largest only as many as nobody waits for. */
  isVerified: boolean;
  /** As they stand in the package; absent where there was much to remember. */
  metadataBytes?: Uint8Array;
  /** Its stamp tells that it is what was read: it was not written that lately that it may change again and look the same. */
  isSettled: boolean;
}

export interface Inspected {
  whole: WholeFile[];
  /** Side-files that nobody writes to. */
  sides: IncomingSide[];
  problems: Problem[];
}

type ReadOutcome = Pick<WholeFile, 'facts' | 'isVerified'> | { fault: FormatError };

/** What was read of files that stay in incoming/, by path: a watched site would else read them at each build. Files that are gone are forgotten. */
let outcomes = new Map<string, { stamp: string; outcome: ReadOutcome & { metadataBytes?: never } }>();

/** Tell files that are whole from those on their way, which are passed over, and from broken ones. */
export async function inspectIncoming(
  scan: IncomingScan,
  { busy, now }: { busy?: ReadonlySet<string>; now: number },
): Promise<Inspected> {
  const whole: WholeFile[] = [];
  const stillKnown: typeof outcomes = new Map();
  const room = new MetadataToKeep();
  const broken: { file: IncomingFile; problem: Problem }[] = [];
  for (const file of scan.packages) {
    if (busy?.has(file.file)) continue;
    const full = join(file.folder, file.name);
    const stamp = JSON.stringify(file.stamp);
    const before = outcomes.get(full);
    const isSettled = now - file.stamp.changedMs > SETTLED_MS;
    const { metadataBytes, ...outcome } = before?.stamp === stamp ? before.outcome : await inspect(full, file.stamp);
    if (isSettled && !mayPass(outcome)) stillKnown.set(full, { stamp, outcome });
    if ('facts' in outcome)
      whole.push({ ...file, ...outcome, isSettled, ...(metadataBytes && room.take(metadataBytes)) });
    else if (outcome.fault.code !== 'changed-while-reading') {
      const { code, message } = outcome.fault;
      const hint = hintOf(outcome.fault, full, file.file);
      broken.push({ file, problem: { code, file: file.file, what: message, hint } });
    }
  }
  outcomes = stillKnown;
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

/** Whether it may be another without a change of the file. */
function mayPass(outcome: ReadOutcome): boolean {
  return 'fault' in outcome && ['changed-while-reading', 'not-readable'].includes(outcome.fault.code);
}

/** Unpacks its members too: a file that is written in another order than from first to last may have its end already. */
async function inspect(full: string, stamp: FileStamp): Promise<ReadOutcome & { metadataBytes?: Uint8Array }> {
  try {
    const { facts, isVerified, metadataBytes } = await inspectFile(full, stamp, { verify: BEFORE_LISTING });
    return { facts, isVerified, metadataBytes };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return { fault: error };
  }
}

/** Or is gone. */
function hasGrown({ folder, name, stamp }: IncomingFile): boolean {
  return !isUnchanged(join(folder, name), stamp);
}
