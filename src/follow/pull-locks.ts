/** One lock file after the other, that with the least to come first: each is published whole, or stays as it was. */
import { freeBytes } from '../io/free-bytes.ts';
import { bringLock, type LockBringing } from './bring-lock.ts';
import { bytesToCome } from './bytes-to-come.ts';
import type { Centre } from './centre.ts';
import type { FollowedSite } from './followed-site.ts';
import { placeLock } from './place-lock.ts';
import { placingOf } from './placing-of.ts';
import { openPullFolder, sweepWhole } from './pull-folder.ts';
import { isSameClosure, type PlannedLock, type PullPlan, withClosure } from './pull-plan.ts';
import type { PullResult, PullRun } from './pull-run.ts';
import { shownLock } from './shown-lock.ts';

/** So much stays free on the disk, for pages and what else a build writes. In bytes. */
const KEEP_FREE = 32 * 1024 * 1024;

/** @throws {KhoError} LOCKED, WRITE; as `buildSite` */
export async function pullLocks(
  plan: PullPlan,
  site: FollowedSite,
  result: PullResult,
  centre: Centre,
  run: PullRun,
): Promise<void> {
  const { config, order, client, crossed, signal, idleMs } = run;
  const before = crossed();
  const progress = { done: 0, total: result.bytes };
  const bringing: LockBringing = {
    ...{ folder: openPullFolder(config.root), client, parallel: order.parallel },
    packages: config.repositories.flatMap(({ packages = [] }) => packages),
    ...(signal && { signal }),
    ...(idleMs !== undefined && { idleMs }),
    onBytes: (bytes) => {
      progress.done += bytes;
      run.onProgress({ done: progress.done, total: Math.max(progress.total, progress.done) });
    },
  };
  const named = new Set<string>();
  for (const planned of plan.locks) {
    const lock = { ...planned, bring: planned.bring.filter(({ filename }) => !named.has(filename)) };
    const lacking = [...lock.lacking, ...(await bringAll(lock, centre, bringing, result))];
    if (lacking.length > 0) {
      site.setLock({ path: lock.path, closures: site.lock(lock.path)?.closures ?? [], lacking });
    } else {
      if (lock.bring.length > 0) {
        await site.willChange();
        await placeLock(lock, plan, placingOf(run));
        for (const { filename } of lock.bring) named.add(filename);
      }
      if (site.isDue || !isSameClosure(site.lock(lock.path), lock.closure)) {
        await site.publish(); // also what a run that was killed had put there
        result.isBetter = true;
      }
      site.setLock(withClosure(site.lock(lock.path), lock.closure, result.head.counter, order.keep));
    }
    result.locks.push({ ...shownLock(lock, site), lacking });
    await site.remember();
  }
  if (crossed() > before) result.isBetter = true;
  if (result.locks.every(({ lacking }) => lacking.length === 0)) sweepWhole(bringing.folder);
}

/** @returns what it lacks in the end, beyond what the centre does not have: one line each */
async function bringAll(
  lock: PlannedLock,
  centre: Centre,
  bringing: LockBringing,
  result: PullResult,
): Promise<string[]> {
  if (lock.bring.length === 0) return [];
  const isOver = 'the time was over before all of it had come';
  if (result.isStopped) return [isOver];
  const room = noRoom(lock, bringing.folder);
  if (room !== undefined) return [room];
  const { failed, isStopped } = await bringLock(lock, centre, bringing);
  result.isStopped ||= isStopped;
  return [...failed.map(({ filename, why }) => `${filename}: ${why}`), ...(isStopped ? [isOver] : [])];
}

function noRoom({ bring }: PlannedLock, folder: string): string | undefined {
  const bytes = bytesToCome(bring, folder);
  const free = Math.max(0, freeBytes(folder) - KEEP_FREE);
  if (bytes <= free) return undefined;
  const [needed, left] = [bytes, free].map((each) => `${Math.ceil(each / 1e6)} MB`);
  return `the disk has no room for it: it takes ${needed}, and ${left} are left for it`;
}
