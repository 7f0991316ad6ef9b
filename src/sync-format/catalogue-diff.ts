/**
 * `REPO/sync/OLD-NEW.diff.br`: how one catalogue comes out of an older one, packed with brotli; OLD and NEW are the first twelve digits of
 * their sha256. Its first line names both; then `=N` takes N lines over, `-N` leaves N out, and a line after `+` is new. All lines of the
 * old one are spoken of. Whether what comes out is right the sha256 of it says, so a diff can cost time and nothing else.
 */
import { hash } from 'node:crypto';
import { FormatError } from '../problems.ts';
import { TEXT_LIMITS } from '../standards/text-limits.ts';
import { SYNC_FOLDER } from './sync-names.ts';

const NAME = 'kho-catalogue-diff 1';
const OPENING = /^kho-catalogue-diff 1 ([0-9a-f]{64}) ([0-9a-f]{64})$/;
const DIGITS = 12;

/** @param from @param to sha256 of the catalogues */
export function diffPath(from: string, to: string): string {
  return `${SYNC_FOLDER}/${from.slice(0, DIGITS)}-${to.slice(0, DIGITS)}.diff.br`;
}

/** Both are sorted, so each line is looked at once. @param from @param to texts of catalogues */
export function writeDiff(from: string, to: string): string {
  const [older, newer] = [linesOf(from), linesOf(to)];
  const left = new Set(older);
  const out = [`${NAME} ${sha256Of(from)} ${sha256Of(to)}`];
  const count = { '=': 0, '-': 0 };
  const say = (sign: '=' | '-') => {
    if (count[sign] > 0) out.push(`${sign}${count[sign]}`);
    count[sign] = 0;
  };
  const kept = new Set(newer.filter((line) => left.has(line)));
  let at = 0;
  for (const line of newer) {
    while (at < older.length && !kept.has(older[at]!)) {
      say('=');
      count['-']++;
      at++;
    }
    if (older[at] === line) {
      say('-');
      count['=']++;
      at++;
    } else {
      say('=');
      say('-');
      out.push(`+${line}`);
    }
  }
  say('=');
  count['-'] += older.length - at;
  say('-');
  return `${out.join('\n')}\n`;
}

/** @param diff unpacked @returns the newer catalogue, whose sha256 is right. @throws {FormatError} `bad-catalogue` */
export function applyDiff(from: string, diff: string, wanted: { sha256: string; size: number }): string {
  if (diff.length > TEXT_LIMITS.catalogueBytes)
    throw notOne(`it has more than ${TEXT_LIMITS.catalogueBytes} characters`);
  const [first = '', ...steps] = linesOf(diff);
  const [, old, made] = OPENING.exec(first) ?? [];
  if (old === undefined || made === undefined) throw notOne('it is none');
  if (made !== wanted.sha256) throw notOne('it leads to another catalogue');
  if (old !== sha256Of(from)) throw notOne('it starts from another catalogue');
  const older = linesOf(from);
  const out: string[] = [];
  let at = 0;
  let length = 0;
  for (const step of steps) {
    const count = step[0] === '+' ? 0 : countOf(step);
    if (count > older.length - at) throw notOne('it speaks of more lines than there are');
    const lines = step[0] === '+' ? [step.slice(1)] : step[0] === '=' ? older.slice(at, at + count) : [];
    for (const line of lines) length += Buffer.byteLength(line) + 1;
    if (length > wanted.size) throw notOne('it makes more than its catalogue has');
    for (const line of lines) out.push(`${line}\n`);
    at += count;
  }
  if (at !== older.length) throw notOne('it does not speak of all lines');
  const text = out.join('');
  if (sha256Of(text) !== wanted.sha256) throw notOne('what comes out is not the catalogue that was meant');
  return text;
}

function countOf(step: string): number {
  if (!/^[=-][1-9]\d{0,8}$/.test(step)) throw notOne('it has a step that is none');
  return Number(step.slice(1));
}

function linesOf(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

function sha256Of(text: string): string {
  return hash('sha256', text, 'hex');
}

function notOne(why: string): FormatError {
  return new FormatError('bad-catalogue', `Cannot use the difference of two catalogues: ${why}`);
}
