import { KhoError } from '../errors.ts';
import { systemCode } from '../io/disk-lacks.ts';
import type { CarrierDisk } from './carrier-disk.ts';

/** What systems say of a disk that is gone, or whose plug is loose. */
const GONE = new Set(['EIO', 'ENODEV', 'ENXIO', 'ENOTCONN', 'ECONNABORTED', 'ESTALE']);

export function saysGone(error: unknown): boolean {
  return GONE.has(systemCode(error) ?? '');
}

/** What to tell of an error: the same, where it is not that somebody took a disk out meanwhile. @param doing `pack`, @param hint what to do then */
export function orTakenOut(error: unknown, disks: readonly CarrierDisk[], doing: string, hint: string): unknown {
  const gone = disks.filter(({ isGone }) => isGone);
  if (gone.length === 0 && !saysGone(error)) return error;
  const shown = (gone.length > 0 ? gone : disks).map((disk) => `"${disk.shown}"`).join(', ');
  return new KhoError('READ', `Cannot ${doing} ${shown} to the end: the disk was taken out, or it fails`, {
    cause: error,
    hint,
  });
}
