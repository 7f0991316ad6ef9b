/** What some disks have none of: second names of a file, permissions, flushing (exFAT, vfat, SMB, mounts of blob stores). */
import { KhoError } from '../errors.ts';

/** How a disk says so. Source: link(2), chmod(2), fsync(2); FUSE answers ENOSYS for what its program leaves out. */
const LACKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL']);

/** Do what is of use where the disk knows it; one that does not is no fault. @throws what else `act` throws */
export function whereKnown(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!lacks(error)) throw error;
  }
}

/** Whether it failed since the disk has no such thing. */
export function lacks(error: unknown): boolean {
  return LACKS.has(systemCode(error) ?? '');
}

/** Whether giving a file a second name failed since its disk knows none, or no more of them. */
export function knowsNoLinks(error: unknown): boolean {
  return lacks(error) || systemCode(error) === 'EMLINK';
}

/** Of an error of Node, or of what stands behind a WRITE: `EXDEV`. */
export function systemCode(error: unknown): string | undefined {
  const cause = error instanceof KhoError ? error.cause : error;
  return (cause as NodeJS.ErrnoException | undefined)?.code;
}
