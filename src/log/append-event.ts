/** The record of what was done to a site, and by whom: `kho log` reads it. Lines are added and never changed. */
import { join } from 'node:path';
import { addLine } from '../io/add-line.ts';
import { makeKeptFolder } from '../io/kept-folder.ts';
import { withSum } from '../io/kept-lines.ts';
import { look, namesIn } from '../io/open-file.ts';
import { withoutTokens } from '../standards/access-token.ts';
import { LOG_FILE, type LogEvent, logFiles } from './log-files.ts';

export type { LogEvent };

/** A file that has grown so long is followed by another. In bytes. */
export const LONGEST_LOG_FILE = 16 * 1024 * 1024;

/** Of each text, in characters: a header that somebody made up must not fill the record. */
const LONGEST_TEXT = 500;

/**
 * Add an event to the record. Once this returns, it survives a power cut, and what it tells of may be done; where there is no room for the
 * line, that must not be. No lock is needed: a line is written in one call, to the end, wherever that is by then.
 *
 * @throws {KhoError} SITE, WRITE
 */
export function appendEvent(root: string, event: Omit<LogEvent, 'time'>, now: number = Date.now()): void {
  appendEvents(root, [event], now);
}

/** As `appendEvent`, several for the price of one flush. @param later gets what the caller has to flush, before it does what they tell of */
export function appendEvents(
  root: string,
  events: readonly Omit<LogEvent, 'time'>[],
  now: number = Date.now(),
  later?: string[],
): void {
  if (events.length === 0) return;
  const folder = makeKeptFolder(root);
  const files = logFiles(namesIn(folder));
  const last = files.at(-1);
  const isFull = last !== undefined && (look(join(folder, last))?.size ?? 0) >= LONGEST_LOG_FILE;
  const name = last === undefined || isFull ? nextFile(last) : last;
  addLine(join(folder, name), events.map((event) => withSum(lineOf(event, now))).join(''), later);
}

function lineOf(event: Omit<LogEvent, 'time'>, now: number): string {
  return JSON.stringify({ time: new Date(now).toISOString(), ...event }, (key, value) =>
    typeof value === 'string' ? withoutTokens(value, key === 'file').slice(0, LONGEST_TEXT) : value,
  );
}

/** Several that find a file full go on in the same one. */
function nextFile(last: string | undefined): string {
  const number = Number(LOG_FILE.exec(last ?? '')?.[1] ?? 0) + 1;
  return `log-${String(number).padStart(6, '0')}`;
}
