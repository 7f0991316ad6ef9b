import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { threadId } from 'node:worker_threads';
import { KhoError } from '../errors.ts';
import { linkFile, removeFile, removeFolder, rename, writeNewFile } from '../io/disk.ts';
import { knowsNoLinks, systemCode } from '../io/disk-lacks.ts';
import { look, readStart } from '../io/open-file.ts';
import { bornAt, processIsAlive } from '../io/process-is-alive.ts';
import { takeName } from '../io/take-name.ts';
import { temporaryName } from '../io/temporary-name.ts';
import { stateFolder } from './state-folder.ts';

/** How long the second of two runs waits for the first. */
const WAIT_MS = 60_000;
/** The first of several asks comes after so long, since uploads hold it for some milliseconds; each next one after twice as long, up to the second. */
const ASK_SOON_MS = 2;
const ASK_AGAIN_MS = 50;

/** A holder on another machine (or in another container) cannot be asked whether it lives: after so long it counts as dead. */
const FOREIGN_HOLDER_MS = 10 * 60_000;

/** Where a lock file is made empty and filled afterwards: one that stays empty for so long was left by a process that died in between. */
const EMPTY_MS = 2000;

/** There, a slower run may still move a new lock that it takes for the dead one before; by then it has given it back. */
const SETTLE_MS = 50;

/** Of a lock, in bytes; what is longer was not written by kho. */
const LONGEST_BYTES = 4096;

interface Holder {
  pid: number;
  host: string;
  /** When the process started, as the kernel counts it: tells a process from a later one with the same number. */
  born: string;
  /** Of the process; no two that it has had have the same number. Not there in locks of an older kho. */
  thread: number | undefined;
  /** ISO 8601. */
  since: string;
  token: string;
}

export interface LockOptions {
  waitMs?: number;
  /** Called once, when somebody else holds it, with words that name the holder. */
  onWait?: (holder: string) => void;
  /** Of what: the site as it stands on disk when left out, else what is pushed to buckets, or what comes into a repository from the site that it follows. */
  of?: 'pushes' | { pullsInto: string };
}

function lockPath(root: string, of?: LockOptions['of']): string {
  const name = typeof of === 'object' ? `pull-lock${of.pullsInto === '.' ? '' : `-${of.pullsInto}`}` : 'push-lock';
  return join(stateFolder(root), of === undefined ? 'lock' : name);
}

/**
 * Let one run at a time change the published site; resolves to the function that lets the next one in.
 * The lock of a process that died is taken at once.
 *
 * @throws {KhoError} LOCKED, naming the holder, when it is still held after a minute
 */
export async function lockSite(root: string, options: LockOptions = {}): Promise<() => void> {
  const path = lockPath(root, options.of);
  const own: Holder = {
    pid: process.pid,
    host: hostname(),
    born: ownBirth(),
    thread: threadId,
    since: new Date().toISOString(),
    token: randomBytes(8).toString('hex'),
  };
  const deadline = Date.now() + (options.waitMs ?? WAIT_MS);
  const isBeingFilled = watchEmpty(path);
  for (let [told, pauseMs] = [false, ASK_SOON_MS]; ; pauseMs = Math.min(ASK_AGAIN_MS, 2 * pauseMs)) {
    const holder = readHolder(path);
    if (holder === undefined ? await take(path, own) : holder.token === own.token) return () => release(path, own);
    if (holder === undefined) continue; // somebody else was quicker
    if (!isBeingFilled() && isDead(path, holder)) {
      takeAway(path, holder);
      continue;
    }
    if (Date.now() > deadline) {
      const what = typeof options.of === 'object' ? `pull into "${options.of.pullsInto}"` : `publish "${root}"`;
      const does = typeof options.of === 'object' ? 'is bringing files there' : 'is publishing it';
      throw new KhoError('LOCKED', `Cannot ${what}: ${describe(holder)} ${does}`, {
        hint: `wait until it ends; if no kho runs there any more, remove "${path}"`,
      });
    }
    if (!told && holder !== NO_HOLDER) {
      options.onWait?.(describe(holder));
      told = true;
    }
    await sleep(pauseMs);
  }
}

let ownBorn: string | undefined;

function ownBirth(): string {
  ownBorn ??= bornAt(process.pid);
  return ownBorn;
}

/** Who publishes at this moment, or died in the middle of it; undefined where nobody does. */
export function lockHolder(root: string): { pid: number; host: string; since: string; isDead: boolean } | undefined {
  const path = lockPath(root);
  const holder = readHolder(path);
  if (holder === undefined || holder === NO_HOLDER) return undefined;
  const { pid, host, since } = holder;
  return { pid, host, since, isDead: isDead(path, holder) };
}

/**
 * Let others in where a thread of this process ended while it held a lock, as one does that is out of memory: the process lives on, and so its lock would count
 * as held for ever.
 *
 * @param thread its number, as it was while it lived
 */
export function releaseThread(root: string, thread: number): void {
  for (const of of [undefined, 'pushes'] as const) {
    const path = lockPath(root, of);
    const holder = readHolder(path);
    if (holder?.thread !== thread || holder.pid !== process.pid || holder.host !== hostname()) continue;
    if (holder.born === ownBirth()) takeAway(path, holder);
  }
}

/** Create the lock with its content in one step, or not at all. */
async function take(path: string, own: Holder): Promise<boolean> {
  const temporary = join(dirname(path), temporaryName());
  writeNewFile(temporary, JSON.stringify(own));
  try {
    return linkFile(temporary, path);
  } catch (error) {
    if (!knowsNoLinks(error)) throw error;
    return await takeWithoutLinks(path, own);
  } finally {
    removeFile(temporary);
  }
}

/** Of several that create it, one does; until it is filled it is nobody's. What was done to it meanwhile is seen by reading it again. */
async function takeWithoutLinks(path: string, own: Holder): Promise<boolean> {
  try {
    writeNewFile(path, JSON.stringify(own));
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  }
  await sleep(SETTLE_MS);
  return readHolder(path)?.token === own.token;
}

/**
 * Tells a lock that is being filled from one whose maker died before. Clocks are not asked: that of a network disk may be another.
 *
 * @returns a function that says it of the lock as it is now
 */
function watchEmpty(path: string): () => boolean {
  let seen = '';
  let since = 0;
  return () => {
    const stats = look(path);
    if (!stats?.isFile() || stats.size > 0) return false;
    const now = `${stats.ino} ${stats.ctimeMs}`;
    if (now !== seen) since = performance.now();
    seen = now;
    return performance.now() - since < EMPTY_MS;
  };
}

function release(path: string, own: Holder): void {
  if (readHolder(path)?.token === own.token) removeFile(path);
}

/**
 * Move a dead holder's lock out of the way. Of several that try at once, one moves the dead lock; a slower one may have
 * moved the new lock of the quicker one, and gives it back.
 */
function takeAway(path: string, dead: Holder): void {
  const aside = join(dirname(path), temporaryName());
  try {
    rename(path, aside);
  } catch {
    return; // somebody else was quicker
  }
  if (readHolder(aside)?.token !== dead.token) {
    // Unless a third one holds it by now. It takes three runs over a dead lock within the same microseconds; the generation,
    // which each run checks before it publishes, stops the later one.
    takeName(aside, path);
  }
  removeFolder(aside); // odd ones may be anything
}

function readHolder(path: string): Holder | undefined {
  try {
    const holder = JSON.parse(readStart(path, LONGEST_BYTES).toString('utf8'));
    return isHolder(holder) ? holder : NO_HOLDER;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : NO_HOLDER;
  }
}

/** What stands there was written by no kho, and is waited for by none. */
const NO_HOLDER: Holder = {
  pid: 0,
  host: hostname(),
  born: '',
  thread: undefined,
  since: 'an unknown time',
  token: '',
};

function isHolder(value: unknown): value is Holder {
  const { pid, host, born, since, token } = Object(value) as Record<string, unknown>;
  const isText = (text: unknown) => typeof text === 'string' && !/\p{Cc}/u.test(text);
  return Number.isSafeInteger(pid) && [host, born, since, token].every(isText);
}

function isDead(path: string, holder: Holder): boolean {
  if (holder.host !== hostname()) {
    const stats = look(path);
    return stats !== undefined && Math.abs(Date.now() - stats.mtimeMs) > FOREIGN_HOLDER_MS;
  }
  return !processIsAlive(holder.pid) || bornAt(holder.pid) !== holder.born;
}

function describe(holder: Holder): string {
  return `process ${holder.pid} on ${holder.host}, since ${holder.since}`;
}
