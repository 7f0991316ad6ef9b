/** All files of one lock file, over a line that may break at any moment: some at once, the smallest first. */
import { setTimeout as sleep } from 'node:timers/promises';
import { KhoError } from '../errors.ts';
import { DownloadFault } from '../fetch/download-file.ts';
import { bringFile, type ObjectBringing, type WantedObject } from './bring-file.ts';
import type { Centre } from './centre.ts';
import { InTheWay } from './in-the-way.ts';
import type { FileToPull, PlannedLock } from './pull-plan.ts';

/** So often all that failed is tried again though nothing came of any of it. */
const IDLE_ROUNDS = 2;

/** Before each of these, in milliseconds: a line that is gone for some seconds is back then. */
const IDLE_MS = 10_000;

/** After so many files in a row of which nothing came, the line is gone: the others are asked for in the next round, or by the next run. */
const MOST_FRUITLESS = 8;

export interface LockBringing extends ObjectBringing {
  /** At once. */
  parallel: number;
  /** In milliseconds, in the place of IDLE_MS. */
  idleMs?: number;
}

export interface BroughtLock {
  /** What could not be brought, and why. Empty: all of it waits in the folder. Sorted. */
  failed: { filename: string; why: string }[];
  /** It was given up since the time for it is over. */
  isStopped: boolean;
}

interface Round extends BroughtLock {
  /** Of what failed, what may come another time. */
  again: WantedObject[];
  /** Not asked for, since nothing came any more: first the next time. */
  unasked: WantedObject[];
  /** How much there is of each, in bytes, by sha256. */
  sizes: Map<string, number>;
  /** Something came in the place of a file that comes for whatever is asked. */
  isVain: boolean;
}

/** @throws {KhoError} WRITE */
export async function bringLock({ bring }: PlannedLock, centre: Centre, bringing: LockBringing): Promise<BroughtLock> {
  let waiting = bring.flatMap((planned) => objectsOf(planned, centre));
  const failed: BroughtLock['failed'] = [];
  const most = new Map<string, number>();
  for (let idle = 0; ; ) {
    const round = await bringRound(waiting, bringing);
    const isOver = round.again.length === 0 || round.isStopped || round.isVain;
    const hasMore = round.again.filter(({ sha256 }) => (round.sizes.get(sha256) ?? 0) > (most.get(sha256) ?? 0));
    for (const { sha256 } of hasMore) most.set(sha256, round.sizes.get(sha256) ?? 0);
    idle = hasMore.length > 0 ? 0 : idle + 1;
    if (isOver || idle > IDLE_ROUNDS) {
      failed.push(...round.failed);
      failed.sort((a, b) => (a.filename < b.filename ? -1 : 1));
      const { length } = round.unasked;
      if (length > 0) failed.push({ filename: `${length} more`, why: 'not asked for, since nothing comes' });
      return { failed, isStopped: round.isStopped };
    }
    const later = new Set(round.again.map(({ filename }) => filename));
    failed.push(...round.failed.filter(({ filename }) => !later.has(filename)));
    waiting = [...round.unasked, ...round.again];
    if (idle > 0) await sleep(bringing.idleMs ?? IDLE_MS);
  }
}

async function bringRound(objects: readonly WantedObject[], bringing: LockBringing): Promise<Round> {
  const waiting = [...objects];
  const round: Round = { failed: [], isStopped: false, again: [], unasked: [], sizes: new Map(), isVain: false };
  let fruitless = 0;
  const worker = async () => {
    for (let one = waiting.shift(); one && !round.isStopped; one = waiting.shift()) {
      try {
        const { sha256 } = one;
        const onBytes = (bytes: number) => {
          round.sizes.set(sha256, (round.sizes.get(sha256) ?? 0) + bytes);
          if (bytes > 0) fruitless = 0;
          bringing.onBytes(bytes);
        };
        await bringFile(one, { ...bringing, onBytes });
      } catch (error) {
        if (bringing.signal?.aborted) round.isStopped = true;
        else if (error instanceof KhoError && error.code === 'UPSTREAM') {
          round.failed.push({ filename: one.filename, why: error.message });
          round.isVain ||= error instanceof InTheWay;
          if (error instanceof DownloadFault || error instanceof InTheWay) fruitless = 0;
          else {
            round.again.push(one);
            fruitless++;
          }
        } else throw error;
        if (fruitless >= MOST_FRUITLESS || round.isVain) round.unasked.push(...waiting.splice(0));
      }
    }
  };
  await Promise.all(Array.from({ length: bringing.parallel }, worker));
  return round;
}

/** What stands beside it first: it is small. */
function objectsOf({ file, filename, copyFrom }: FileToPull, centre: Centre): WantedObject[] {
  const { sha256, size, uploadTime } = file;
  const uploadedMs = uploadTime === undefined ? Number.NaN : Date.parse(uploadTime);
  const sides = (file.sides ?? []).map(
    (side): WantedObject => ({
      ...{ filename: `${filename}${side.suffix}`, sha256: side.sha256, size: side.size },
      url: centre.addressOf(file, side.suffix),
    }),
  );
  return [
    ...sides,
    {
      ...{ filename, sha256, size, url: centre.addressOf(file) },
      ...(Number.isFinite(uploadedMs) && { uploadedMs }),
      ...(copyFrom && { copyFrom }),
    },
  ];
}
