import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestSite } from '../../test/support/site.ts';
import { readKeptLines, writeKeptLines } from '../io/kept-lines.ts';
import {
  emptyManifest,
  type Manifest,
  type ProjectRecord,
  readGeneration,
  readManifest,
  writeManifest,
} from './manifest.ts';

let site: TestSite;
beforeEach(() => {
  site = new TestSite();
  site.put('.kho/state', '');
});
afterEach(() => site.close());

const RECORD: ProjectRecord = {
  files: [{ repository: 'glibc', path: 'foo-1.0.tar.gz', state: 'seen' }],
  problems: [],
  notes: [],
  shown: { glibc: { displayName: 'Foo', files: [0] } },
  published: new Map([['glibc/simple/foo/index.html', ['1:2:3', 'inputs']]]),
};

function manifest(more: Partial<Manifest> = {}): Manifest {
  const made = {
    ...emptyManifest(),
    generation: 'first',
    settings: '[]',
    disks: { glibc: { device: 7, files: 1 } },
    strays: { 'glibc/packages/x.tar.gz': 'foo' as Manifest['strays'][string] },
    roots: new Map([['glibc/simple/index.html', ['4:5:6', 'inputs'] as [string, string]]]),
    ...more,
  };
  made.projects.set('foo', RECORD);
  made.projects.set('bar', { ...RECORD, files: [] });
  return made;
}

const path = () => join(site.root, '.kho/manifest');
const lines = () => readKeptLines(path()).lines;

test('readManifest() has what was written, in the order of names', () => {
  const written = manifest();
  writeManifest(site.root, written);
  const read = readManifest(site.root) as Manifest;
  expect(read).toEqual({ ...written, projects: read.projects });
  expect([...read.projects.names()]).toEqual(['bar', 'foo']);
  expect(read.projects.get('foo')).toEqual(RECORD);
  expect(readGeneration(site.root)).toBe('first');
});

test('readManifest() finds none where there is none, and no generation', () => {
  expect(readManifest(site.root)).toBeUndefined();
  expect(readGeneration(site.root)).toBe('');
});

const header = (change: (header: { format: number }) => object) => {
  const [first = '', ...others] = lines();
  writeKeptLines(path(), [JSON.stringify(change(JSON.parse(first))), ...others]);
};

test.each<[what: string, spoil: () => void]>([
  ['of an older format', () => header((it) => ({ ...it, format: it.format - 1 }))],
  ['of a newer format', () => header((it) => ({ ...it, format: it.format + 1 }))],
  ['with a list that leads out of the site', () => header((it) => ({ ...it, roots: [['../index.html', ['1', '2']]] }))],
  ['that is no JSON', () => writeKeptLines(path(), ['{'])],
  ['in a folder that others may write in', () => chmodSync(join(site.root, '.kho'), 0o777)],
])('readManifest() believes none %s', (_what, spoil) => {
  writeManifest(site.root, manifest());
  spoil();
  expect(readManifest(site.root)).toBeUndefined();
});

test.each<[what: string, spoil: () => void]>([
  ['a record is lost', () => writeKeptLines(path(), lines().slice(0, -1))],
  ['a record is damaged', () => site.put('.kho/manifest', site.read('.kho/manifest').replace('"Foo"', '"Fou"'))],
])('readManifest() says where %s', (_what, spoil) => {
  writeManifest(site.root, manifest());
  expect(readManifest(site.root)?.isDamaged).toBeUndefined();
  spoil();
  expect(readManifest(site.root)?.isDamaged).toBe(true);
});

test('a record that leads out of the site counts as lost', () => {
  writeManifest(site.root, manifest());
  site.changeKept('manifest', (line) => line.replace('"glibc/simple/foo/index.html"', '"../../etc/passwd"'));
  const read = readManifest(site.root) as Manifest;
  expect(read.projects.has('foo')).toBe(true);
  expect(read.projects.get('foo')).toBeUndefined();
});
