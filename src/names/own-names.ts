/**
 * Names of projects that are the site's own: those that it ever had files of, and what people decided. What an uploader could write to does
 * not say it, and what is here outlives the last file of a name: else whoever takes the name elsewhere would be asked for it.
 */
import { isKeptText, keptFields } from '../io/kept-fields.ts';
import { hasKept, type KeptFile, putKept, readKept } from '../io/kept-state.ts';

/** `seen`: the site had a file of it that did not come from another index. `forgotten`: nothing of what was written before holds. */
export const NAME_MARKS = ['seen', 'own', 'shared', 'forgotten'] as const;
export type NameMark = (typeof NAME_MARKS)[number];

export interface NameRecord {
  /** Normalized. */
  name: string;
  mark: NameMark;
}

/** What is remembered of a name. */
export interface RememberedName {
  isSeen: boolean;
  decided?: 'own' | 'shared';
}

const NAMES: KeptFile<NameRecord> = {
  name: 'names',
  format: 1,
  whenDamaged: 'stop', // a line less, and a private name is asked for elsewhere
  parse: parseName,
  serialize: ({ name, mark }) => JSON.stringify({ name, mark }),
};

/** By normalized name. @throws {KhoError} SITE, READ: then no other index may be asked for anything */
export function readNames(root: string): Map<string, RememberedName> {
  const names = new Map<string, RememberedName>();
  for (const { name, mark } of readKept(root, NAMES).records) {
    const before = names.get(name) ?? { isSeen: false };
    if (mark === 'forgotten') names.delete(name);
    else names.set(name, mark === 'seen' ? { ...before, isSeen: true } : { ...before, decided: mark });
  }
  return names;
}

/** The lock must be held. Once this returns, all of it survives a power cut. @param later see `putKept` @throws {KhoError} SITE, WRITE */
export function addNames(root: string, records: readonly NameRecord[], later?: string[]): void {
  putKept(root, NAMES, records, later);
}

/** Whether anything was ever written. @throws {KhoError} SITE */
export function hasNames(root: string): boolean {
  return hasKept(root, NAMES);
}

function parseName(line: string): NameRecord | undefined {
  const { name, mark } = keptFields(line);
  const known = NAME_MARKS.find((each) => each === mark);
  return isKeptText(name) && known ? { name, mark: known } : undefined;
}
