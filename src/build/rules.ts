import type { FileRecord } from '../publish/manifest.ts';

/**
 * By which rules files are judged. Raised whenever any file could come out otherwise than before: listed or held, with another note, or
 * with other facts. Files that were inspected under older rules are looked at again, a few at each run (`second-look.ts`). A test keeps a
 * digest of all code that judges, so that it cannot change in silence.
 */
export const RULES = 1;

/** What each version of the rules brought, in words that follow "they": told to those whose files are looked at again. */
const RULE_CHANGES: Readonly<Record<number, string>> = {
  1: 'hold wheels that pip or uv refuse to install or read in two ways, names and tags that no client takes, and twins; ask of a wheel only what the machines of its repository could miss',
};

/** Of a record that tells of no rules, from before there were any. */
const BEFORE_RULES = 0;

export function rulesOf({ rules = BEFORE_RULES }: Pick<FileRecord, 'rules'>): number {
  return rules;
}

/** Whether it was inspected under other rules than these. */
export function isOutdated(record: Pick<FileRecord, 'rules'>): boolean {
  return rulesOf(record) !== RULES;
}

/** What is new in the rules since these, oldest first. */
export function changesSince(rules: number): string[] {
  return Object.entries(RULE_CHANGES).flatMap(([version, change]) => (Number(version) > rules ? [change] : []));
}

/** Whether some of its members are still to be unpacked. Of what is held nobody gets any. */
export function isUnverified({ facts, problem, whole, tooLongToUnpack }: FileRecord): boolean {
  return facts !== undefined && problem === undefined && whole !== true && tooLongToUnpack !== true;
}
