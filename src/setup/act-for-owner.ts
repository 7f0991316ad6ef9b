/**
 * What root starts is done as the owner of the site's root: else root would leave folders that the site's own user cannot write, and would
 * be led by whatever others put into the site.
 */
import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { othersMayReplace, othersMayWrite } from '../config/who-may-write.ts';
import { KhoError } from '../errors.ts';
import { HOW_TO_MOUNT, knowsModes } from '../io/knows-modes.ts';
import { shellWord } from '../standards/shell-word.ts';
import { type Account, findAccount } from './accounts.ts';

/**
 * Become the owner of a site's root, for good. Does nothing unless kho runs as root and the site is somebody else's.
 *
 * @param root absolute and real
 * @returns a note for the user, if kho now acts for another
 * @throws {KhoError} SITE when others may say what is there, and so whom kho would act for
 */
export function actForOwner(root: string): string | undefined {
  if (process.geteuid?.() !== 0) return undefined;
  const fault = rootFault(root);
  if (fault) throw fault;
  const { uid, gid } = statSync(root);
  if (uid === 0) return undefined;
  const account = findAccount(String(uid)) ?? { name: String(uid), uid, gid };
  become(account);
  return `acting as ${account.name}, who owns "${root}"`;
}

/** Why nothing is done as root here; undefined when all is well. */
export function rootFault(root: string): KhoError | undefined {
  const own = statSync(root);
  const trusted = new Set([own.uid]);
  if (othersMayWrite(own)) {
    return new KhoError('SITE', `Cannot work as root in "${root}": others than its owner may write to it`, {
      hint: knowsModes(root)
        ? `take that right away: chmod g-s,go-w ${shellWord(root)}; or run kho as the user whose the site is`
        : HOW_TO_MOUNT,
    });
  }
  for (let path = root, entry = own; path !== dirname(path); ) {
    const parent = dirname(path);
    const found = statSync(parent);
    if (othersMayReplace(found, entry, trusted)) {
      return new KhoError('SITE', `Cannot work as root in "${root}": others may write to "${parent}", which it is in`, {
        hint: othersMayWrite(found)
          ? `take that right away: chmod go-w ${shellWord(parent)}; or run kho as the user whose the site is`
          : 'move the site below a folder of root, like /srv; or run kho as the user whose the site is',
      });
    }
    path = parent;
    entry = found;
  }
  return undefined;
}

/** The last groups first, and the user at the end: after that nothing more can be changed. */
function become({ name, uid, gid, home }: Account): void {
  if (/^\d+$/.test(name)) process.setgroups?.([gid]);
  else (process as { initgroups?: (user: string, extraGroup: number) => void }).initgroups?.(name, gid);
  process.setgid?.(gid);
  process.setuid?.(uid);
  process.env['USER'] = name;
  process.env['LOGNAME'] = name;
  process.env['HOME'] = home ?? '/';
}
