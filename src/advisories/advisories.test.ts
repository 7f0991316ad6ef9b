import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { advisoryMembers, advisoryZip, osvRange, osvRecord } from '../../test/support/make-advisories.ts';
import { makeZip } from '../../test/support/make-zip.ts';
import { TestSite } from '../../test/support/site.ts';
import { anchor, closeFolders } from '../io/reach.ts';
import { trustOwnerOf } from '../io/trusted-owners.ts';
import { normalizeName } from '../standards/name.ts';
import { TEXT_LIMITS } from '../standards/text-limits.ts';
import { openAdvisories } from './advisory-book.ts';
import { broughtPath, readAdvisories } from './read-advisories.ts';

let site: TestSite;
beforeEach(() => {
  site = new TestSite();
  anchor(site.root, 'own');
  trustOwnerOf(site.root);
});
afterEach(() => {
  closeFolders(site.root);
  site.close();
});

const FROM = 'osv-pypi.zip';
const HOLE = osvRecord(
  'GHSA-1',
  'Foo',
  osvRange({ introduced: '1.0' }, { fixed: '1.2' }, { introduced: '2' }, { last_affected: '2.3' }),
  {
    aliases: ['CVE-2026-1'],
    database_specific: { severity: 'HIGH' },
  },
);
const MALWARE = osvRecord('MAL-1', 'evil', osvRange({ introduced: '0' }));

const idsOf = async (name: string, from = FROM) =>
  (await readAdvisories(site.root, from))?.of(normalizeName(name))?.map(({ id }) => id);

test('readAdvisories() keeps of an export what is needed, and gives it back as it was', async () => {
  const both = {
    ...osvRecord('PYSEC-2', 'foo', { versions: ['3'] }, { severity: [{ type: 'CVSS_V4', score: 'CVSS:4.0/AV:N' }] }),
    affected: [
      { package: { ecosystem: 'PyPI', name: 'foo' }, versions: ['3'] },
      { package: { ecosystem: 'PyPI', name: 'bar' }, ...osvRange({ introduced: '0' }) },
      { package: { ecosystem: 'npm', name: 'foo' }, versions: ['1'] },
    ],
  };
  site.put(
    FROM,
    advisoryZip(
      MALWARE,
      both,
      HOLE,
      osvRecord('GHSA-9', 'foo', { versions: ['9'] }, { withdrawn: '2026-01-01T00:00:00Z' }),
    ),
  );
  const book = await readAdvisories(site.root, FROM);
  expect(book?.about).toMatchObject({ from: FROM, advisories: 3, projects: 3, unread: 0 });
  expect(book?.of(normalizeName('foo'))).toEqual([
    {
      ...{ id: 'GHSA-1', aliases: ['CVE-2026-1'], level: 'high', summary: 'What GHSA-1 is about', versions: [] },
      ranges: [
        { from: '1.0', before: '1.2' },
        { from: '2', last: '2.3' },
      ],
    },
    {
      id: 'PYSEC-2',
      aliases: [],
      severity: 'CVSS:4.0/AV:N',
      summary: 'What PYSEC-2 is about',
      ranges: [],
      versions: ['3'],
    },
  ]);
  expect(book?.of(normalizeName('bar'))?.[0]?.ranges).toEqual([{ from: '0' }]);
  expect(book?.of(normalizeName('numpy'))).toEqual([]);
});

test('readAdvisories() finds each of thousands of projects', async () => {
  const records = Array.from({ length: 3000 }, (_, number) =>
    osvRecord(`MAL-${number}`, `p-${number}`, { versions: ['1'] }),
  );
  site.put(FROM, advisoryZip(...records));
  const book = await readAdvisories(site.root, FROM);
  for (const number of [0, 1, 7, 42, 999, 1500, 2999])
    expect(book?.of(normalizeName(`p-${number}`))?.[0]?.id).toBe(`MAL-${number}`);
  expect(book?.of(normalizeName('p'))).toEqual([]);
  expect(book?.of(normalizeName('zz'))).toEqual([]);
});

test('readAdvisories() reads a file anew when it has changed, and only then', async () => {
  site.put(FROM, advisoryZip(HOLE));
  const first = await readAdvisories(site.root, FROM);
  const written = site.read('.kho/advisories');
  await readAdvisories(site.root, FROM);
  expect(site.read('.kho/advisories')).toBe(written);
  site.put(FROM, advisoryZip(HOLE, MALWARE), new Date());
  const second = await readAdvisories(site.root, FROM);
  expect(second?.of(normalizeName('evil'))).toHaveLength(1);
  expect(second?.about.generation).not.toBe(first?.about.generation);
  expect(first?.of(normalizeName('foo')), 'who still has the old book knows nothing').toBeUndefined();
});

test('readAdvisories() makes it again when .kho is gone, and believes no damaged line', async () => {
  site.put(FROM, advisoryZip(HOLE, MALWARE));
  const book = await readAdvisories(site.root, FROM);
  site.put('.kho/advisories', site.read('.kho/advisories').replace('MAL-1', 'MAL-2'));
  expect(book?.of(normalizeName('evil'))).toBeUndefined();
  rmSync(join(site.root, '.kho'), { recursive: true });
  expect(book?.of(normalizeName('foo'))).toBeUndefined();
  expect(await idsOf('foo')).toEqual(['GHSA-1']);
});

test('readAdvisories() reads a folder, at any depth, without following links', async () => {
  site.put('osv/a/GHSA-1.json', JSON.stringify(HOLE));
  site.put('osv/MAL-1.json', JSON.stringify(MALWARE));
  site.put('osv/README.md', 'not this');
  site.put('elsewhere.json', JSON.stringify(osvRecord('GHSA-2', 'foo', { versions: ['1'] })));
  symlinkSync('../elsewhere.json', join(site.root, 'osv/GHSA-2.json'));
  expect([await idsOf('foo', 'osv'), await idsOf('evil', 'osv')]).toEqual([['GHSA-1'], ['MAL-1']]);
  site.put('osv/GHSA-3.json', JSON.stringify(osvRecord('GHSA-3', 'foo', { versions: ['1'] })));
  expect(await idsOf('foo', 'osv')).toEqual(['GHSA-1', 'GHSA-3']);
});

test('readAdvisories() passes over records that cannot be read, counts them, and takes the others', async () => {
  site.put(
    FROM,
    makeZip([
      { path: 'a.json', bytes: '{"id": "cut' },
      { path: 'b.json', bytes: 'null' },
      { path: 'c.json', bytes: Buffer.alloc(TEXT_LIMITS.advisoryBytes + 1, 32), deflate: true },
      { path: 'd.json', bytes: '{}', says: { crc32: 7 } },
      { path: 'e.json', bytes: '{}', says: { size: 4_000_000_000 } },
      { path: 'f.json', bytes: Buffer.from([0xff, 0xfe, 0x7b]) },
      { path: 'g.txt', bytes: 'not this' },
      ...advisoryMembers(HOLE),
    ]),
  );
  const book = await readAdvisories(site.root, FROM);
  expect(book?.about).toMatchObject({ advisories: 1, unread: 6 });
  expect(await idsOf('foo')).toEqual(['GHSA-1']);
});

test.each<[what: string, bytes: Uint8Array, why: string]>([
  ['what is no zip', Buffer.from('<html>log in</html>'), 'it is '],
  ['nothing', Buffer.alloc(0), 'it is empty'],
  ['a zip of another ecosystem', advisoryZip({ id: 'GHSA-1' }), 'holds no advisory about a project of PyPI'],
  ['a zip that is cut off', advisoryZip(HOLE, MALWARE).subarray(0, 300), 'it is '],
  [
    'a zip whose members overlap, to unpack one of them again and again',
    makeZip([
      { path: 'a.json', bytes: Buffer.alloc(1e6), deflate: true },
      { path: 'b.json', bytes: Buffer.alloc(1e6), deflate: true, says: { offset: 0, localPath: 'a.json' } },
    ]),
    'overlaps with what follows it',
  ],
  [
    'a zip that would unpack to more than all advisories there are',
    makeZip(
      Array.from({ length: 600 }, (_, number) => ({
        path: `${number}.json`,
        bytes: '',
        says: { size: TEXT_LIMITS.advisoryBytes },
      })),
    ),
    'bytes of advisories',
  ],
])('readAdvisories() takes not %s, and what was read before goes on to count', async (_what, bytes, why) => {
  site.put(FROM, advisoryZip(HOLE));
  expect(await idsOf('foo')).toEqual(['GHSA-1']);
  site.put(FROM, bytes, new Date());
  await expect(readAdvisories(site.root, FROM)).rejects.toThrow(why);
  expect(openAdvisories(site.root, FROM)?.of(normalizeName('foo'))).toHaveLength(1);
});

test('readAdvisories() tells of a file that is not there, and knows nothing of an address that was never asked', async () => {
  await expect(readAdvisories(site.root, FROM)).rejects.toThrow('nothing is at "');
  expect(await readAdvisories(site.root, 'https://advisories.example/all.zip')).toBeUndefined();
});

test('openAdvisories() believes nothing of another place', async () => {
  site.put(FROM, advisoryZip(HOLE));
  await readAdvisories(site.root, FROM);
  expect(openAdvisories(site.root, 'other.zip')).toBeUndefined();
  expect(openAdvisories(site.root, FROM)?.about.projects).toBe(1);
});

test('readAdvisories() reads what was brought from an address', async () => {
  site.put('.kho/advisories.zip', advisoryZip(MALWARE));
  expect(broughtPath(site.root)).toBe(join(site.root, '.kho/advisories.zip'));
  expect(await idsOf('evil', 'https://advisories.example/all.zip')).toEqual(['MAL-1']);
});
