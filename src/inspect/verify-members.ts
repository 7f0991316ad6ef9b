import { fstatSync } from 'node:fs';
import type { FileIdentity } from '../io/file-stamp.ts';
import { fileSource, withFile } from './inspect-file.ts';
import { isArchiveOfMembers, type VerifyLimits, verifySource } from './verify-source.ts';

/**
 * As `verifySource`, of a file on a disk.
 *
 * @param seen what the scan saw there
 * @throws {FormatError} `not-readable` too
 */
export async function verifyMembers(path: string, limits?: VerifyLimits, seen?: FileIdentity): Promise<boolean> {
  if (!isArchiveOfMembers(path)) return true;
  return withFile(path, seen, (descriptor) =>
    verifySource(path, fileSource(descriptor, fstatSync(descriptor).size), limits),
  );
}
