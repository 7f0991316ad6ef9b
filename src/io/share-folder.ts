import { chmodSync, chownSync } from 'node:fs';
import { KhoError } from '../errors.ts';

/** Read, enter and write for owner and group; whatever is made in the folder will belong to the group too. */
const SHARED_MODE = 0o2775;

/**
 * Let all users of a group work in a folder.
 *
 * @param groupId as in /etc/group
 * @throws {KhoError} WRITE
 */
export function shareFolder(path: string, groupId: number): void {
  try {
    chownSync(path, -1, groupId);
    chmodSync(path, SHARED_MODE);
  } catch (cause) {
    throw new KhoError('WRITE', `Cannot give "${path}" to the group ${groupId}`, {
      cause,
      hint: 'run kho as root, or as the owner of the folder and a member of the group',
    });
  }
}
