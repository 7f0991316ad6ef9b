import { randomBytes } from 'node:crypto';
import { processIsAlive } from './process-is-alive.ts';

const PATTERN = /^\.kho-(\d+)-[0-9a-f]{12}(?:-|$)/;

/** Of this thread; a random number costs too much to ask for each of ten thousand files. */
const thread = randomBytes(6).toString('hex');
let count = 0;

/** A name for what is still being written: starts with a dot, and tells which process writes it. */
export function temporaryName(): string {
  return `.kho-${process.pid}-${thread}-${count++}`;
}

/**
 * Whether a run that is dead left this name behind, so that it may be removed. Asked before this process writes anything
 * of its own: a name with our own number is then one of an earlier process (in a container the numbers repeat).
 */
export function isAbandoned(name: string): boolean {
  const pid = Number(PATTERN.exec(name)?.[1]);
  return pid === process.pid || (pid > 0 && !processIsAlive(pid));
}

/** The same for who has written something by then: names of this process are in use. */
export function isAbandonedByOther(name: string): boolean {
  return !name.startsWith(`.kho-${process.pid}-`) && isAbandoned(name);
}
