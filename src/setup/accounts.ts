/** Users of this machine: those in its files, and those of a directory service. */
import { readFileSync } from 'node:fs';
import { runProgram } from '../io/run-program.ts';

export interface Account {
  name: string;
  uid: number;
  /** Of the group that is this user's own. */
  gid: number;
  /** Absolute; absent where there is none. */
  home?: string;
}

const PATIENCE_MS = 10_000;

/** @param user a name, or a number in digits */
export function findAccount(user: string): Account | undefined {
  const find = (lines: string) =>
    lines
      .split('\n')
      .map((line) => line.split(':'))
      .find(([name, , id]) => name === user || id === user);
  const asked = () => runProgram('getent', ['passwd', '--', user], { timeoutMs: PATIENCE_MS })?.stdout ?? '';
  const [name, , uid, gid, , home] = find(readFileSync('/etc/passwd', 'utf8')) ?? find(asked()) ?? [];
  if (!name || !/^\d+$/.test(uid ?? '') || !/^\d+$/.test(gid ?? '')) return undefined;
  return { name, uid: Number(uid), gid: Number(gid), ...(home?.startsWith('/') && { home }) };
}

/** Numbers of all groups that a user is in. */
export function groupsOf({ name, gid }: Account): number[] {
  const run = runProgram('id', ['-G', '--', name], { timeoutMs: PATIENCE_MS });
  const found = run?.status === 0 ? run.stdout.trim().split(/\s+/).map(Number) : [];
  return [...new Set([gid, ...found])];
}
