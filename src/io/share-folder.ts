import { closeSync, constants, fchmodSync, fchownSync, fstatSync, openSync, readdirSync } from 'node:fs';
import { KhoError } from '../errors.ts';
import { isPassedOver } from '../standards/passed-over.ts';

/** Read, enter and write for owner and group; whatever is made in the folder will belong to the group too. */
const SHARED_MODE = 0o2775;
const FOLDER = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
const NO_FOLDER = new Set(['ENOTDIR', 'ELOOP', 'ENOENT']);

/**
 * Let all users of a group work in a folder, and in all folders below it. Links are not followed, also not those that somebody puts in
 * the place of a folder meanwhile: each is reached through its parent's descriptor, which Linux shows in /proc.
 *
 * @param path of a folder, which may be a link
 * @param groupId as in /etc/group
 * @returns whether anything was changed
 * @throws {KhoError} WRITE
 */
export function shareFolder(path: string, groupId: number): boolean {
  let place = path;
  try {
    return withFolder(openSync(path, constants.O_RDONLY | constants.O_DIRECTORY), share);
  } catch (cause) {
    throw new KhoError('WRITE', `Cannot give "${place}" to the group ${groupId}`, {
      cause,
      hint: 'run kho as root, or as the owner of the folder and a member of the group',
    });
  }

  function share(descriptor: number): boolean {
    const here = place;
    const { gid, mode } = fstatSync(descriptor);
    const isNew = gid !== groupId || (mode & 0o7777) !== SHARED_MODE;
    if (isNew) {
      fchownSync(descriptor, -1, groupId); // before the mode: a change of the group may clear bits of it
      fchmodSync(descriptor, SHARED_MODE);
    }
    let isChanged = isNew;
    const folder = `/proc/self/fd/${descriptor}`;
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (!entry.isDirectory() || isPassedOver(entry.name)) continue;
      place = `${here}/${entry.name}`;
      try {
        isChanged = withFolder(openSync(`${folder}/${entry.name}`, FOLDER), share) || isChanged;
      } catch (error) {
        if (!NO_FOLDER.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
      }
    }
    place = here;
    return isChanged;
  }
}

/** Give a folder or file that was just made to the user whose the site is. */
export function giveAway(path: string, { uid, gid }: { uid: number; gid: number }): void {
  try {
    withFolder(openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW), (descriptor) =>
      fchownSync(descriptor, uid, gid),
    );
  } catch (cause) {
    throw new KhoError('WRITE', `Cannot give "${path}" to its owner`, { cause });
  }
}

function withFolder<T>(descriptor: number, act: (descriptor: number) => T): T {
  try {
    return act(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
