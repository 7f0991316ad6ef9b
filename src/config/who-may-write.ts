/** Whether somebody else than its owner may change what is in a folder. */
import { readFileSync, type Stats } from 'node:fs';

const WRITE_BY_GROUP = 0o020;
const WRITE_BY_ALL = 0o002;
/** In such a folder each may make names, but rename and remove only his own. */
const STICKY = 0o1000;

type Rights = Pick<Stats, 'mode' | 'uid' | 'gid'>;

/** Of a folder or file: whether anybody but its owner and root may write to it, and what is in it. */
export function othersMayWrite({ mode, uid, gid }: Rights): boolean {
  return (mode & WRITE_BY_ALL) !== 0 || ((mode & WRITE_BY_GROUP) !== 0 && !isOwnGroup(uid, gid));
}

/**
 * Whether others may put something else in the place of a folder's entry: of the folder that holds it, and of the entry itself.
 *
 * @param trusted users beside root
 */
export function othersMayReplace(parent: Rights, entry: Rights, trusted: ReadonlySet<number>): boolean {
  const isTrusted = (uid: number) => uid === 0 || trusted.has(uid);
  if (!isTrusted(parent.uid)) return true;
  return othersMayWrite(parent) && !((parent.mode & STICKY) !== 0 && isTrusted(entry.uid));
}

/** Many systems give each user a group of his own, with the same number, and let him share with it: it counts as him while nobody else is in it. */
function isOwnGroup(uid: number, gid: number): boolean {
  if (uid !== gid) return false;
  try {
    const users = accounts('/etc/passwd');
    const owner = users.find(([, , id]) => id === String(uid))?.[0];
    const members =
      accounts('/etc/group')
        .find(([, , id]) => id === String(gid))?.[3]
        ?.split(',') ?? [];
    const isForeign = (name: string) => name !== '' && name !== owner;
    return !members.some(isForeign) && !users.some(([, , id, group]) => group === String(gid) && id !== String(uid));
  } catch {
    return false;
  }
}

function accounts(path: string): string[][] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
}
