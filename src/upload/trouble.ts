/** What is no fault of the file that somebody uploads. */
import { KhoError } from '../errors.ts';
import { systemCode } from '../io/disk-lacks.ts';
import type { UploadRefusal } from './order.ts';

const FULL_CODES = ['ENOSPC', 'EDQUOT'];

export const NO_ROOM_TEXT =
  'There is no room left on the disk of this site. What to do: tell whoever runs it, and upload the file again then';

const TROUBLE_TEXT =
  'The site cannot take files at the moment. What to do: upload the file again later, and tell whoever runs the site if that does not help';

export const NO_ROOM: UploadRefusal = { is: 'refused', why: 'full', text: NO_ROOM_TEXT };
export const TROUBLE: UploadRefusal = { is: 'refused', why: 'trouble', text: TROUBLE_TEXT };

/** Whether the words of a problem say that the disk is full. */
export function saysFull(what: string): boolean {
  return FULL_CODES.some((code) => what.includes(`(${code})`));
}

/** @throws what is a bug */
export function troubleOf(error: unknown): UploadRefusal {
  if (!(error instanceof KhoError)) throw error;
  return { ...(FULL_CODES.includes(systemCode(error) ?? '') ? NO_ROOM : TROUBLE), reason: error.message };
}
