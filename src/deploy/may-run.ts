/** Whether the user that a service runs as can run kho where it was installed: `pipx install` by root puts it into /root. */
import { type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { KhoError } from '../errors.ts';
import { findAccount, groupsOf } from '../setup/accounts.ts';
import { findGroup } from '../setup/find-group.ts';
import { quoted } from '../standards/quoted.ts';

/** In the place of others in a mode. */
const ENTER = 1;
const READ = 4;

type Rights = Pick<Stats, 'mode' | 'uid' | 'gid'>;

/**
 * @param program what is run: the first a program, the others files that it reads; absolute and real
 * @param user a name or a number; one that is not there yet is taken for one without groups
 * @throws {KhoError} USAGE, naming the first folder or file that stands in the way
 */
export function checkMayRun(program: readonly string[], user: string, group: string): void {
  const account = findAccount(user);
  if (user === 'root' || account?.uid === 0) return;
  const groups = new Set(account ? groupsOf(account) : []);
  const own = groupNumber(group);
  if (own !== undefined) groups.add(own);
  const may = (rights: Rights, what: number) => isAllowed(rights, what, account?.uid, groups);
  program.forEach((path, index) => {
    for (const folder of foldersAbove(path)) {
      if (!may(statSync(folder), ENTER)) throw cannot(user, path, `it may not enter "${folder}"`);
    }
    if (!may(statSync(path), index === 0 ? ENTER : READ)) throw cannot(user, path, 'it may not read that');
  });
}

/** One that is not there yet opens nothing. */
function groupNumber(group: string): number | undefined {
  try {
    return findGroup(group);
  } catch {
    return undefined;
  }
}

function cannot(user: string, path: string, why: string): KhoError {
  return new KhoError('USAGE', `Cannot let the user ${quoted(user)} run ${quoted(path)}: ${why}`, {
    hint: 'install kho where all may run it: PIPX_HOME=/opt/pipx PIPX_BIN_DIR=/usr/local/bin pipx install …, or npm install -g with a Node.js in /usr; or name another user with --user',
  });
}

/** From the root on. */
function foldersAbove(path: string): string[] {
  const parent = dirname(path);
  return parent === path ? [] : [...foldersAbove(parent), parent];
}

/** As the kernel decides: the first of owner, group and others that fits counts alone. */
export function isAllowed(
  { mode, uid, gid }: Rights,
  what: number,
  user: number | undefined,
  groups: Set<number>,
): boolean {
  const shift = uid === user ? 6 : groups.has(gid) ? 3 : 0;
  return ((mode >> shift) & what) !== 0;
}
