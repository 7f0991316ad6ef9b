/** What a site must not lose: each way in which a disk, a kill, another user or another kho may have spoilt it. */
import {
  chmodSync,
  chownSync,
  cpSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestSite } from '../../test/support/site.ts';
import { letWrite, runStopped } from '../../test/support/stop-writes.ts';
import { writeHook } from './disk.ts';
import { hasKeptFolder } from './kept-folder.ts';
import { appendKept, type KeptFile, keepAside, readKept, replaceKept } from './kept-state.ts';
import { anchor, closeFolders, forgetFolder } from './reach.ts';
import { trustOwnerOf } from './trusted-owners.ts';

const WORDS: KeptFile<string> = {
  ...{ name: 'words', format: 2, whenDamaged: 'leave out' },
  parse: (line) => (line.startsWith('w') ? line : undefined),
  serialize: (word) => word,
};
const CLOSED: KeptFile<string> = { ...WORDS, whenDamaged: 'stop' };

let site: TestSite;
beforeEach(() => {
  site = new TestSite();
  anchor(site.root, 'own');
  trustOwnerOf(site.root);
});
afterEach(() => {
  letWrite();
  forgetFolder(join(site.root, '.kho-keep'));
  closeFolders(site.root);
  site.close();
});

const PATH = '.kho-keep/words';
const text = () => site.read(PATH);
const add = (...words: string[]) => {
  for (const word of words) appendKept(site.root, WORDS, word);
};
const read = (file = WORDS) => readKept(site.root, file);
const spoil = (change: (text: string) => string) => writeFileSync(join(site.root, PATH), change(text()));

test('readKept() reads what appendKept() and replaceKept() wrote, in a folder for nobody else', () => {
  expect(read()).toEqual({ records: [], damaged: 0 });
  add('w1', 'w2');
  expect(read()).toEqual({ records: ['w1', 'w2'], damaged: 0 });
  replaceKept(site.root, WORDS, ['w3']);
  add('wörter');
  expect(read(CLOSED)).toEqual({ records: ['w3', 'wörter'], damaged: 0 });
  expect(lstatSync(join(site.root, '.kho-keep')).mode & 0o7777).toBe(0o700);
  expect(text().split('\n')[0]).toMatch(/^[0-9a-f]{8} words 2$/);
});

test('a folder that is put back from a backup under a process that runs on is the one that counts', () => {
  add('w1');
  cpSync(join(site.root, '.kho-keep'), join(site.root, 'backup'), { recursive: true });
  add('w2');
  site.remove('.kho-keep');
  renameSync(join(site.root, 'backup'), join(site.root, '.kho-keep'));
  chmodSync(join(site.root, '.kho-keep'), 0o700);
  expect(read().records).toEqual(['w1']);
  add('w3');
  expect(text()).toContain('w3');
});

test.each<[what: string, change: (text: string) => string, records: string[], damaged: number]>([
  ['a flipped letter', (all) => all.replace('w2', 'v2'), ['w1', 'w3'], 1],
  ['a line of zeros', (all) => all.replace(/.* w2/, '\0\0\0\0'), ['w1', 'w3'], 1],
  ['a line break too many', (all) => all.replace('w2', 'w\n2'), ['w1', 'w3'], 2],
  ['no first line', (all) => all.slice(all.indexOf('\n') + 1), ['w1', 'w2', 'w3'], 1],
  ['a damaged first line', (all) => `x${all}`, ['w1', 'w2', 'w3'], 1],
  ['nothing at all', () => '', [], 1],
  ['what is none', () => 'no line of kho\nnone either\n', [], 3],
])(
  'readKept() leaves out %s, and says so; where a line less opens a door, it stops',
  (_what, change, records, damaged) => {
    add('w1', 'w2', 'w3');
    spoil(change);
    const found = read();
    expect(found.records).toEqual(records);
    expect(found.damaged).toBeGreaterThan(0);
    expect(Math.abs(found.damaged - damaged)).toBeLessThanOrEqual(1);
    expect(() => read(CLOSED)).toThrow(/Cannot believe .*words": \d of its lines are damaged/);
  },
);

test.each<[what: string, left: (all: string) => string, records: string[]]>([
  ['half of a line', (all) => `${all}12345678 w`, ['w1', 'w2', 'w4']],
  ['half of a checksum', (all) => `${all}1`, ['w1', 'w2', 'w4']],
  ['zeros', (all) => `${all}${'\0'.repeat(70_000)}`, ['w1', 'w2', 'w4']],
  ['a line without its end', (all) => all.slice(0, -1), ['w1', 'w4']],
])('appendKept() goes on after a run that left %s', (_what, left, records) => {
  add('w1', 'w2');
  spoil(left);
  expect(read().damaged).toBe(0);
  add('w4');
  expect(read(CLOSED)).toEqual({ records, damaged: 0 });
});

test('appendKept(), stopped at any write, leaves the old lines or all of them', async () => {
  let isDone = false;
  for (let last = 0; !isDone; last++) {
    if (last > 0) site.remove('.kho-keep');
    forgetFolder(join(site.root, '.kho-keep'));
    add('w1');
    isDone = await runStopped(last, async () => add('w2'));
    expect([['w1'], ['w1', 'w2']]).toContainEqual(read(CLOSED).records);
    add('w3');
    expect(read(CLOSED).records.at(-1)).toBe('w3');
    expect(last).toBeLessThan(20);
  }
});

test('appendKept() flushes before it returns', () => {
  const kinds: string[] = [];
  add('w1');
  writeHook.before = (kind) => void kinds.push(kind);
  replaceKept(site.root, WORDS, ['w2']);
  expect(kinds.indexOf('flush')).toBeLessThan(kinds.indexOf('rename'));
});

test('keepAside() copies a damaged file once, and gives up where too many are there', () => {
  add('w1');
  spoil((all) => `${all}damaged 1\n`);
  const damaged = text();
  const aside = keepAside(site.root, WORDS);
  expect([aside, readFileSync(aside, 'utf8')]).toEqual([join(site.root, '.kho-keep/words.damaged-1'), damaged]);
  expect(keepAside(site.root, WORDS)).toBe(aside); // by a run that was stopped
  for (let count = 2; count <= 20; count++) {
    spoil((all) => `${all}damaged ${count}\n`);
    keepAside(site.root, WORDS);
  }
  expect(readdirSync(join(site.root, '.kho-keep'))).toHaveLength(21);
  spoil((all) => `${all}once more\n`);
  expect(() => keepAside(site.root, WORDS)).toThrow('20 are there already');
});

test('a file of a newer kho is neither read nor written over', () => {
  replaceKept(site.root, { ...WORDS, format: 3 }, ['w1']);
  expect(() => read()).toThrow('a newer kho wrote it');
});

test.each<[what: string, make: (path: string) => void, why: string]>([
  ['a link', (path) => symlinkSync('/tmp', path), 'it is a link'],
  ['a file', (path) => writeFileSync(path, ''), 'it is no folder'],
  ['a folder that others may write in', (path) => openFolder(path), 'others than the site'],
])('neither is anything believed, nor put, where .kho-keep is %s', (_what, make, why) => {
  make(join(site.root, '.kho-keep'));
  expect(() => read()).toThrow(why);
  expect(() => add('w1')).toThrow(why);
});

function openFolder(path: string): void {
  mkdirSync(path);
  chmodSync(path, 0o777);
}

test('a file in it that is a link, a pipe or too long is not read', () => {
  mkdirSync(join(site.root, '.kho-keep'));
  symlinkSync('/etc/passwd', join(site.root, PATH));
  expect(() => read()).toThrow('Cannot read');
  expect(() => add('w1')).toThrow('Cannot write');
});

test('one that came back from a backup is closed to others', () => {
  mkdirSync(join(site.root, '.kho-keep'), { mode: 0o755 });
  add('w1');
  expect(lstatSync(join(site.root, '.kho-keep')).mode & 0o777).toBe(0o700);
});

test.skipIf(process.getuid?.() !== 0)('one of another user is not believed', () => {
  add('w1');
  chownSync(join(site.root, '.kho-keep'), 64001, 64001);
  expect(() => hasKeptFolder(site.root)).toThrow('owner 64001');
});
