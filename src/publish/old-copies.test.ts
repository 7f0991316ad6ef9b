import { chmodSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestSite } from '../../test/support/site.ts';
import { writeKeptLines } from '../io/kept-lines.ts';
import { emptyManifest, type ProjectRecord } from './manifest.ts';
import { announceCopies, announcedCopies, checkCopiesFolder, findOldCopies, forgetAnnouncement } from './old-copies.ts';
import { folderTarget } from './target.ts';

let out: TestSite;
beforeEach(() => {
  out = new TestSite();
  out.put('.kho/state', '');
});
afterEach(() => out.close());

const target = () => folderTarget(out.root, false);
const FOO = 'glibc/packages/foo-1.0.tar.gz';
const BAR = 'glibc/packages/bar-1.0.tar.gz';

test('announceCopies() adds to what was announced, until it is forgotten', () => {
  announceCopies(target(), [FOO]);
  announceCopies(target(), [BAR]);
  expect(announcedCopies(target()).sort()).toEqual([BAR, FOO]);
  forgetAnnouncement(target());
  expect(announcedCopies(target())).toEqual([]);
});

test('announcedCopies() believes nothing that leads out of the site', () => {
  writeKeptLines(`${out.root}/.kho/copies`, [FOO, '../foo-1.0.tar.gz', '/etc/foo-1.0.tar.gz']);
  expect(announcedCopies(target())).toEqual([FOO]);
});

function fill() {
  out.put(FOO, '');
  out.put(`${FOO}.asc`, '');
  out.put(BAR, '');
  out.put('glibc/packages/notes.txt', '');
  out.put('glibc/SHA256SUMS', `${'0'.repeat(64)}  packages/foo-1.0.tar.gz\n`);
}

test('checkCopiesFolder() refuses packages that are in no SHA256SUMS and were not announced', () => {
  fill();
  expect(() => checkCopiesFolder(target(), ['glibc'])).toThrow(`kho did not put "${out.root}/${BAR}" there`);
  announceCopies(target(), [BAR]);
  checkCopiesFolder(target(), ['glibc']);
});

test('findOldCopies() finds copies, with what belongs to them, that are published no longer; nothing of others', () => {
  fill();
  const manifest = emptyManifest();
  expect(findOldCopies(target(), ['glibc'], manifest).sort()).toEqual([FOO, `${FOO}.asc`]);
  manifest.projects.set('foo', { published: new Map([[FOO, ['1', '2']]]) } as Partial<ProjectRecord> as ProjectRecord);
  expect(findOldCopies(target(), ['glibc'], manifest)).toEqual([`${FOO}.asc`]);
});

test('checkCopiesFolder() says what to do', () => {
  fill();
  expect(() => checkCopiesFolder(target(), ['glibc'])).toThrow(
    expect.objectContaining({ code: 'SITE', hint: 'give --out an empty folder, or one that an earlier --out filled' }),
  );
});

test('beside its packages a site has no copies, whatever was announced', () => {
  announceCopies(target(), [FOO]);
  const { copies: _, ...beside } = target();
  expect(announcedCopies(beside)).toEqual([]);
  forgetAnnouncement(beside);
  expect(announcedCopies(target())).toEqual([FOO]);
});

test('announcedCopies() believes none where others may write', () => {
  announceCopies(target(), [FOO]);
  chmodSync(`${out.root}/.kho`, 0o777);
  expect(announcedCopies(target())).toEqual([]);
});
