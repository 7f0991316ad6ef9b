import { mkdtempSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { claimPart, isForgottenPart } from './part-name.ts';

const KEY = 'a'.repeat(32);
const DEAD = 2 ** 22 + 1; // above any process id of Linux
const part = (pid: number, key = KEY) => `.kho-fetch-${key}.${pid}.part`;
const OWN = part(process.pid);
function folderWith(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'kho-part-'));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

test.each<[what: string, files: Record<string, string>, after: string[]]>([
  ['nothing', {}, []],
  ['what a dead run left', { [part(DEAD)]: 'abc' }, [OWN]],
  ['the longest that dead runs left', { [part(DEAD)]: 'a', [part(DEAD + 1)]: 'abc' }, [OWN, part(DEAD)].sort()],
  ['nothing that a living process writes', { [part(process.ppid)]: 'abc' }, [part(process.ppid)]],
  ['nothing of another file', { [part(DEAD, 'b'.repeat(32))]: 'abc' }, [part(DEAD, 'b'.repeat(32))]],
])('claimPart() takes %s', (_what, files, after) => {
  const folder = folderWith(files);
  expect(basename(claimPart(folder, KEY))).toBe(OWN);
  expect(readdirSync(folder).sort()).toEqual(after);
});

test.each([
  ['left a week ago', part(DEAD), 8, true],
  ['left yesterday', part(DEAD), 1, false],
  ['old, and still written', part(process.ppid), 8, false],
  ['no part', '.kho-fetch-note', 8, false],
])('isForgottenPart() of one that is %s', (_what, name, days, expected) => {
  const path = join(folderWith({ [name]: '' }), name);
  const then = Date.now() / 1000 - days * 24 * 60 * 60;
  utimesSync(path, then, then);
  expect(isForgottenPart(name, path)).toBe(expected);
});
