import { randomBytes } from 'node:crypto';
import { getEnvironmentData, setEnvironmentData, threadId } from 'node:worker_threads';
import { processIsAlive } from './process-is-alive.ts';

const PATTERN = /^\.kho-(\d+)-([0-9a-f]{12})(?:-(\d+))?(?:-|$)/;

/** Threads get it from the one that starts them. */
const PROCESS_KEY = 'kho-process';

/** Of this process, in all its threads: numbers of processes come again, in a container soon. */
const own = String(getEnvironmentData(PROCESS_KEY) ?? randomBytes(6).toString('hex'));
setEnvironmentData(PROCESS_KEY, own);

let count = 0;

/** Names of this thread that are in use whatever else it does. */
const held = new Set<string>();

/** A name for what is still being written: starts with a dot, and tells which process and thread writes it. */
export function temporaryName(): string {
  return `.kho-${process.pid}-${own}-${threadId}-${count++}`;
}

/** A name that a build in the same thread leaves alone too, until it is given back. Names that begin with it are left alone with it. */
export function heldTemporaryName(): { name: string; giveBack(): void } {
  const name = temporaryName();
  held.add(name);
  return { name, giveBack: () => void held.delete(name) };
}

/**
 * Whether a run that is dead left this name behind, so that it may be removed. Asked before a build writes anything of its own: a name
 * of this thread is then of a build before, unless it is held. What other threads of this process write is alive.
 */
export function isAbandoned(name: string): boolean {
  const [, pid, ofProcess, ofThread] = PATTERN.exec(name) ?? [];
  if (Number(pid) !== process.pid) return Number(pid) > 0 && !processIsAlive(Number(pid));
  if (ofProcess !== own) return true;
  return Number(ofThread) === threadId && ![...held].some((known) => name === known || name.startsWith(`${known}-`));
}

/** The same for who has written something by then: names of this process are in use. */
export function isAbandonedByOther(name: string): boolean {
  return !name.startsWith(`.kho-${process.pid}-`) && isAbandoned(name);
}

/** Whether it is such a name, whoever gave it. */
export function isTemporaryName(name: string): boolean {
  return PATTERN.test(name);
}
