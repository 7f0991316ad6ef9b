/** What somebody asks for, as it comes over HTTP: JSON, of which nothing is believed. */
import type { Token } from '../access/token.ts';
import { KhoError } from '../errors.ts';
import { readSelection } from '../housekeeping/selection.ts';

export const CHANGE_ACTIONS = ['yank', 'unyank', 'remove', 'restore', 'move'] as const;
export type ChangeAction = (typeof CHANGE_ACTIONS)[number];

/** What an edge has is told at the same kind of address. */
export const REPORT = 'report';
export type AskedAction = ChangeAction | typeof REPORT;

export interface ReportOrder {
  action: typeof REPORT;
  /** As it came. */
  text: string;
  token: Token;
}

export interface WantedChange {
  /** `NAME==VERSION`, or names of files. */
  what: string[];
  /** This repository alone. */
  in?: string;
  /** Of `move`. */
  to?: string;
  reason?: string;
  /** Of `remove`: also what has been published for long. */
  force?: boolean;
  /** Of `remove`: tell what would go, and do nothing. */
  dryRun?: boolean;
}

export interface ChangeOrder extends WantedChange {
  action: ChangeAction;
  token: Token;
  /** Of the client, for the record. */
  address: string;
}

/** Of `what`: a release has some dozens of files, and is named once. */
const MOST_NAMED = 1000;
/** In characters: longer than any name of a file. */
const LONGEST_NAME = 300;

const KINDS: { [Key in keyof Omit<Required<WantedChange>, 'what'>]: 'string' | 'boolean' } = {
  ...{ in: 'string', to: 'string', reason: 'string' },
  ...{ force: 'boolean', dryRun: 'boolean' },
};

/** @throws {KhoError} USAGE */
export function readWantedChange(action: ChangeAction, text: string): WantedChange {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    throw wrong('it is no JSON');
  }
  if (!(given instanceof Object) || Array.isArray(given)) throw wrong('it is no object of JSON');
  const { what, ...more } = given as Record<string, unknown>;
  const isNamed = (name: unknown) => typeof name === 'string' && name.length <= LONGEST_NAME;
  if (!Array.isArray(what) || what.length === 0 || what.length > MOST_NAMED || !what.every(isNamed))
    throw wrong(`"what" has to be a list of 1 to ${MOST_NAMED} names`);
  const wanted: WantedChange = { what };
  for (const [key, value] of Object.entries(more)) {
    if (!Object.hasOwn(KINDS, key) || KINDS[key as keyof typeof KINDS] !== typeof value)
      throw wrong(`${JSON.stringify(key.slice(0, 40))} is nothing that it may hold, or of another kind`);
    Object.assign(wanted, { [key]: value });
  }
  if ((action === 'move') !== (wanted.to !== undefined)) throw wrong('"to" belongs to move, and move needs it');
  for (const each of what) if (each.includes('/')) throw wrong('names of files have no folders in them here');
  what.forEach(readSelection);
  return wanted;
}

function wrong(why: string): KhoError {
  return new KhoError('USAGE', `Cannot read what is asked for: ${why}`, {
    hint: 'send {"what": ["farm==1.4"]} as application/json, or use kho with --at',
  });
}
