import { chmodSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestSite } from '../../test/support/site.ts';
import { readKeptLines, writeKeptLines } from '../io/kept-lines.ts';
import type { NormalizedName } from '../standards/name.ts';
import { addedGeneration, addRecords, readAdded } from './added-records.ts';
import {
  emptyManifest,
  type Manifest,
  PROJECT_RECORDS,
  type ProjectRecord,
  publishedMs,
  readGeneration,
  readManifest,
  recordFinder,
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

const NEW = PROJECT_RECORDS.serialize({
  ...RECORD,
  notes: [{ code: 'replaced', file: 'x', what: 'is new' }],
} as ProjectRecord);
const name = (text: string) => text as NormalizedName;

/** A manifest to which one project was added, and from which another one is gone. */
async function withAdded(): Promise<void> {
  writeManifest(site.root, manifest());
  await addRecords(site.root, 'first', new Map([['new', NEW], ['foo', undefined]])); // biome-ignore format: a line
}

test('readManifest() has what was added since, and says so', async () => {
  await withAdded();
  const read = readManifest(site.root) as Manifest;
  expect([...read.projects.names()].sort()).toEqual(['bar', 'new']);
  expect(read.added).toEqual(
    new Map([
      ['new', NEW],
      ['foo', undefined],
    ]),
  );
  expect(read.generation).toBe(addedGeneration(site.root, 'first'));
  expect(readGeneration(site.root)).toBe(read.generation);
  expect(read.isDamaged).toBeUndefined();
});

test('readManifest() says where what was added is damaged', async () => {
  await withAdded();
  site.put('.kho/manifest-added', `${site.read('.kho/manifest-added')}00000000 x y\n`);
  expect(readManifest(site.root)?.isDamaged).toBe(true);
});

test('writeManifest() forgets what was added, or keeps what its lists do not tell of', async () => {
  await withAdded();
  writeManifest(site.root, manifest({ generation: 'second', added: new Map([['new', NEW]]) }));
  expect(readAdded(site.root, 'second')?.records).toEqual(new Map([['new', NEW]]));
  writeManifest(site.root, manifest({ generation: 'third', added: new Map() }));
  expect(readManifest(site.root)?.added).toBeUndefined();
  expect(readGeneration(site.root)).toBe('third');
});

test('writeManifest() writes the same whatever the order was', () => {
  const roots: Manifest['roots'] = new Map([
    ['b', ['1', '']],
    ['a', ['2', '']],
    ['c', ['3', '']],
  ]);
  writeManifest(site.root, manifest({ roots }));
  const before = site.read('.kho/manifest');
  writeManifest(site.root, manifest({ roots: new Map([...roots].reverse()) }));
  expect(site.read('.kho/manifest')).toBe(before);
  expect([...(readManifest(site.root) as Manifest).roots.keys()]).toEqual(['a', 'b', 'c']);
});

test('readManifest() believes none of which one list of several leads out of the site', () => {
  const roots: Manifest['roots'] = new Map([
    ['glibc/index.html', ['1', '']],
    ['../index.html', ['2', '']],
  ]);
  writeManifest(site.root, manifest({ roots }));
  expect(readManifest(site.root)).toBeUndefined();
});

test('publishedMs() is the time of the manifest, or of what was added last', async () => {
  expect(publishedMs(site.root)).toBeUndefined();
  await withAdded();
  const added = `${path()}-added`;
  utimesSync(path(), 1000, 1000);
  expect(publishedMs(site.root)).toBe(statSync(added).mtimeMs);
  utimesSync(added, 500, 500);
  expect(publishedMs(site.root)).toBe(1_000_000);
});

test('recordFinder() finds what the manifest says of one project, and what was added', async () => {
  writeManifest(site.root, manifest());
  const { generation, copies, settings, disks, roots } = manifest();
  const line = PROJECT_RECORDS.serialize(RECORD);
  expect(recordFinder(site.root)(name('foo'))).toEqual({ generation, copies, settings, disks, roots, line });
  expect(recordFinder(site.root)(name('none'))).toMatchObject({ generation, line: undefined });
  await withAdded();
  const find = recordFinder(site.root);
  expect(find(name('new'))).toMatchObject({ generation: addedGeneration(site.root, 'first'), line: NEW });
  expect(find(name('foo'))).toHaveProperty('line', undefined);
  expect(find(name('bar'))).toHaveProperty('line', PROJECT_RECORDS.serialize({ ...RECORD, files: [] }));
});

test('recordFinder() reads what was added once', async () => {
  await withAdded();
  const find = recordFinder(site.root);
  expect(find(name('new'))?.line).toBe(NEW);
  site.remove('.kho/manifest-added');
  expect(find(name('new'))?.line).toBe(NEW);
});

test.each<[what: string, spoil: () => void | Promise<void>]>([
  ['there is none', () => site.remove('.kho/manifest')],
  ['it is of another format', () => header((it) => ({ ...it, format: it.format + 1 }))],
  ['it is no JSON', () => writeKeptLines(path(), ['{'])],
  ['others may write', () => chmodSync(join(site.root, '.kho'), 0o777)],
  [
    'what was added is damaged',
    async () => {
      await addRecords(site.root, 'first', new Map([['new', NEW]]));
      site.put('.kho/manifest-added', `${site.read('.kho/manifest-added')}00000000 x y\n`);
    },
  ],
])('recordFinder() believes none where %s', async (_what, spoil) => {
  writeManifest(site.root, manifest());
  await spoil();
  expect(recordFinder(site.root)(name('foo'))).toBeUndefined();
});

test('readGeneration() finds none in what is no manifest', () => {
  site.put('.kho/manifest', 'something else');
  expect(readGeneration(site.root)).toBe('');
});
