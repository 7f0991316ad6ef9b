/** Kills a run, in this process, at any call that changes something on disk: from there on nothing reaches the disk, clean-up included. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { writeHook } from '../../src/io/disk.ts';
import { forgetFolder } from '../../src/io/reach.ts';
import { type CallWatcher, type ChangingCall, watchCalls } from './changing-calls.ts';

/** Before a call is after the one before it, since nothing changes in between. */
export interface Kill {
  /** Counted from 0. Of as many as there are it is after the last. */
  before: number;
  /** Half of what it writes is on disk. */
  inMiddle?: true;
}

class Killed extends Error {
  override readonly name = 'Killed';
}

/** All calls of a run that change something below `roots`, in their order. */
export async function callsOf(roots: readonly string[], run: () => Promise<unknown>): Promise<ChangingCall[]> {
  const calls: ChangingCall[] = [];
  const stop = watchAll(roots, { before: (call) => void calls.push(call) });
  try {
    await run();
  } finally {
    stop();
  }
  return calls;
}

/** Before each call of a run, in the middle of those that have one, and after the last. */
export function killsFor(calls: readonly { half?: unknown }[]): Kill[] {
  const kills = calls.flatMap(({ half }, before): Kill[] =>
    half ? [{ before }, { before, inMiddle: true }] : [{ before }],
  );
  return [...kills, { before: calls.length }];
}

/** Calls of `node:fs`, and of the program `sync`, which tests do not start: its call is named `sync`. */
function watchAll(roots: readonly string[], watcher: CallWatcher): () => void {
  const stop = watchCalls(roots, watcher);
  const hook = writeHook.before;
  writeHook.before = (kind, path) => {
    if (kind !== 'sync') return;
    const call = { name: 'sync', paths: path.split('\n') };
    watcher.before?.(call);
    watcher.after?.(call);
  };
  return () => {
    stop();
    writeHook.before = hook;
  };
}

/**
 * Run until the kill, and leave what is there as a process leaves it that is dead. Errors of the system itself go on.
 *
 * @param watcher told of the calls before
 * @param atOnce done to what is there, before anybody looks
 */
export async function runKilled(
  roots: readonly string[],
  kill: Kill,
  run: () => Promise<unknown>,
  { watcher, atOnce }: { watcher?: CallWatcher; atOnce?: () => void } = {},
): Promise<void> {
  let count = 0;
  const before = (call: ChangingCall) => {
    const number = count++;
    if (number === kill.before && kill.inMiddle) call.half?.();
    if (number >= kill.before) throw new Killed();
    watcher?.before?.(call);
  };
  const stop = watchAll(roots, { before, after: (call) => watcher?.after?.(call) });
  try {
    await run();
  } catch (error) {
    if (!isKilled(error)) throw error;
  } finally {
    stop();
  }
  atOnce?.();
  for (const root of roots) {
    forgetFolder(root); // a dead process holds none open
    leaveAsDead(root);
  }
}

function isKilled(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) if (at instanceof Killed) return true;
  return false;
}

/** A process that has just ended: its number is given to no other for a while. */
const DEAD = spawnSync('true').pid;

/** This process lives on: names and locks below `root` that tell its number get that of a dead one. */
export function leaveAsDead(root: string): void {
  const own = new RegExp(`^(\\.kho-(?:fetch-\\w+\\.)?)${process.pid}(?=[-.])`);
  for (const path of readdirSync(root, { recursive: true, encoding: 'utf8' }).sort().reverse()) {
    const name = basename(path);
    const dead = name.replace(own, `$1${DEAD}`);
    if (dead !== name) renameSync(join(root, path), join(root, dirname(path), dead));
    else if (path.endsWith('.kho/lock')) {
      const holder = readFileSync(join(root, path), 'utf8');
      // After a power cut it is empty, and would be waited for for two seconds each time: lock.test.ts holds that it is no longer.
      if (holder === '') rmSync(join(root, path));
      else writeFileSync(join(root, path), holder.replace(`"pid":${process.pid},`, `"pid":${DEAD},`));
    }
  }
}
