/** What stands in packages/ after files were brought, whatever names an index gives them and whatever comes meanwhile. */
import { createHash } from 'node:crypto';
import { chownSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { hiddenFiles } from '../../test/support/hidden-files.ts';
import { makeElf } from '../../test/support/make-elf.ts';
import { makeWheel, wheelFilename, wheelMembers } from '../../test/support/make-package.ts';
import { makeZip } from '../../test/support/make-zip.ts';
import { ScriptedServer } from '../../test/support/scripted-server.ts';
import { TestSite } from '../../test/support/site.ts';
import { letWrite, runStopped } from '../../test/support/stop-writes.ts';
import { loadSite } from '../config/load-config.ts';
import { putTombstone } from '../intake/tombstones.ts';
import { writeHook } from '../io/disk.ts';
import { originKey, readOrigins } from '../names/origins.ts';
import { lockSite } from '../publish/lock.ts';
import { inPlaceTarget } from '../publish/target.ts';
import { normalizeName } from '../standards/name.ts';
import { fetchFiles } from './fetch-files.ts';
import { HttpClient } from './http-client.ts';
import type { ToFetch } from './plan-fetch.ts';

let server: ScriptedServer;
let site: TestSite;
const client = new HttpClient({}, { firstWaitMs: 1 });
beforeAll(async () => {
  server = await ScriptedServer.start();
  server.file('/foo', foo);
  server.page('/broken', 'wrong');
});
afterAll(async () => {
  await client.close();
  server.stop();
});
beforeEach(() => {
  site = new TestSite();
  reset();
});
afterEach(() => {
  letWrite();
  site.close();
});

const DAMAGED = [{ path: 'odd/data.bin', bytes: 'x = 1\n', says: { crc32: 1 } }];
const LYING = 'cp311-cp311-manylinux_2_17_x86_64';
const MUSL = makeElf({ needed: ['libc.musl-x86_64.so.1'] });
const FOO = 'foo-1.0-py3-none-any.whl';
const foo = Buffer.from(makeWheel({ name: 'foo', version: '1.0' }));
const sha256 = createHash('sha256').update(foo).digest('hex');
/** Not what the lock is made of. */
const isInFolders = (path: string) => !path.startsWith('.kho/');
const at = (path: string) => join(site.root, path);

function reset(): void {
  for (const name of ['red', 'blue', '.kho', '.kho-keep', 'project', 'index.html'])
    rmSync(at(name), { recursive: true, force: true });
  for (const name of ['red', 'blue']) mkdirSync(at(`${name}/packages`), { recursive: true });
}

function toFetch(more: { filename?: string; path?: string; into?: string[]; hash?: null } = {}): ToFetch {
  const { filename = FOO, path = '/foo', into = ['red'], hash = sha256 } = more;
  const file = {
    origin: 'upstream' as const,
    filename,
    version: '1.0',
    isYanked: false,
    url: server.url(path),
    ...(hash && { sha256: hash }),
    uploaded: '2026-01-02T03:04:05.678901Z',
  };
  return { project: normalizeName('foo'), file, into, isHeld: false };
}

async function fetch(...files: ToFetch[]) {
  const { config } = await loadSite(site.root);
  return fetchFiles(files, config, client, { from: 'https://index.example/simple/', onProgress: () => {} });
}
const paths = () => Object.keys(site.snapshot()).filter((path) => path.includes('packages/'));

test('fetchFiles() brings a file to each repository, to be read by all, an inode each', async () => {
  const { done, failed } = await fetch(toFetch({ into: ['blue', 'red'] }));
  expect([done.map(({ file }) => file.size), failed]).toEqual([[foo.length], []]);
  expect(paths()).toEqual([`blue/packages/${FOO}`, `red/packages/${FOO}`]);
  const stats = paths().map((path) => statSync(at(path)));
  expect(stats.map(({ mode, nlink }) => [mode & 0o777, nlink])).toEqual(stats.map(() => [0o644, 1]));
  expect(readdirSync(at('.kho/parts'))).toEqual([]);
  expect(statSync(at('.kho/parts')).mode & 0o777).toBe(0o700);
});

const OTHER = 'a'.repeat(64);

/** As `kho remove` leaves it. */
async function remove(repository: string, removed: string) {
  inPlaceTarget((await loadSite(site.root)).config);
  putTombstone(site.root, { filename: FOO, sha256: removed, repository, removed: '2026-11-29T08:00:00.000Z' });
}

test.each([
  ['that the index names', {}],
  ['that only the file tells', { hash: null }],
] as const)('fetchFiles() brings no other bytes under a name that was removed, with a hash %s', async (_what, hash) => {
  await remove('red', OTHER);
  const none = await fetch(toFetch({ ...hash }));
  const why = `Cannot bring "${FOO}": "red" does not take it, since it has other bytes than the file that was removed`;
  expect(none).toMatchObject({ done: [], failed: [{ why: expect.stringContaining(why) }] });
  expect(paths()).toEqual([]);
  const some = await fetch(toFetch({ into: ['blue', 'red'], ...hash }));
  expect(some.failed[0]?.why).toContain('not put into "red", which does not take it');
  expect(paths()).toEqual([`blue/packages/${FOO}`]);
});

test('fetchFiles() asks for nothing that its index names with other bytes than were removed', async () => {
  await remove('red', OTHER);
  server.page('/foo-gone', 'never asked for');
  const { failed } = await fetch(toFetch({ path: '/foo-gone' }));
  expect(failed[0]?.why).toContain('does not take it');
});

test('fetchFiles() brings the very bytes that were removed, and other ones where kho.toml lets them replace', async () => {
  await remove('red', sha256);
  expect((await fetch(toFetch())).done).toHaveLength(1);
  reset();
  await remove('red', OTHER);
  site.put('kho.toml', '[repositories.red]\noverwrite = true\n');
  expect((await fetch(toFetch())).done).toHaveLength(1);
  site.remove('kho.toml');
});

test('fetchFiles() puts nothing there that was removed while it waited for the lock', async () => {
  mkdirSync(at('.kho'));
  const unlock = await lockSite(site.root);
  const fetching = fetch(toFetch());
  const isHere = () =>
    readdirSync(at('.kho'), { recursive: true, encoding: 'utf8' }).some(
      (path) => statSync(at(`.kho/${path}`)).size === foo.length,
    );
  while (!isHere()) await sleep(5);
  await sleep(50); // it was looked at, and waits
  await remove('red', OTHER);
  unlock();
  expect((await fetching).failed[0]?.why).toMatch('other bytes');
  expect(paths()).toEqual([]);
});

const foosOrigin = () => readOrigins(site.root).origins.get(originKey({ filename: FOO, sha256 }));

test('fetchFiles() remembers where a file came from, once for all repositories', async () => {
  const before = new Date().toISOString();
  await fetch(toFetch({ into: ['blue', 'red'] }));
  expect(foosOrigin()).toEqual({
    ...{ filename: FOO, sha256, project: 'foo', index: 'https://index.example/simple/' },
    ...{ fetched: expect.stringMatching(/Z$/), uploaded: '2026-01-02T03:04:05.678901Z' },
  });
  expect((foosOrigin()?.fetched ?? '') >= before).toBe(true);
  expect(readOrigins(site.root).origins.size).toBe(1);
});

test('fetchFiles() tells of damage to what it remembers, and goes on', async () => {
  await fetch(toFetch());
  site.put('.kho-keep/origins', `${site.read('.kho-keep/origins')}12345678 damaged\n`);
  site.remove(`red/packages/${FOO}`);
  const { notes, done } = await fetch(toFetch());
  expect([notes.length, done.length]).toEqual([1, 1]);
  expect(notes[0]).toMatch(/1 damaged line is left out; what was there is kept in ".*origins.damaged-1"$/);
  expect(foosOrigin()).toBeDefined();
});

test('fetchFiles() brings nothing where it could not remember it', async () => {
  site.put('.kho-keep', 'no folder');
  await expect(fetch(toFetch())).rejects.toThrow('it is no folder');
  expect([paths(), readdirSync(site.root).includes('.kho')]).toEqual([[], false]);
});

test('two runs at once remember all that they bring', async () => {
  const bring = (number: number) => {
    const options = { name: 'foo', version: `${number}.0` };
    server.file(`/foo-${number}`, Buffer.from(makeWheel(options)));
    return fetch(toFetch({ filename: wheelFilename(options), path: `/foo-${number}`, hash: null }));
  };
  await Promise.all([1, 2, 3, 4, 5, 6].map(bring));
  const { origins, damaged } = readOrigins(site.root);
  expect([origins.size, damaged]).toEqual([6, 0]);
});

test('fetchFiles(), stopped at any write, leaves whole files only, and goes on', async () => {
  const files = () => toFetch({ into: ['blue', 'red'] });
  site.put('kho.toml', 'pages = false\n');
  await fetch(files());
  const after = site.snapshot();
  let isDone = false;
  for (let last = 0; !isDone; last++) {
    reset();
    isDone = await runStopped(last, () => fetch(files()));
    for (const path of paths()) expect(site.read(path), `half a file after write ${last}`).toBe(foo.toString('utf8'));
    if (paths().length > 0) expect(foosOrigin(), `nothing remembered after write ${last}`).toBeDefined();
    expect(readOrigins(site.root).damaged).toBe(0);
    rmSync(at('.kho/lock'), { force: true });
    expect((await fetch(files())).failed).toEqual([]);
    expect(site.snapshot(), `the run after write ${last}`).toEqual(after);
    await site.build();
    expect(hiddenFiles(site.root).filter(isInFolders), `left after write ${last}`).toEqual([]);
    expect(last).toBeLessThan(80);
    if (isDone) expect(last).toBeGreaterThan(10);
  }
});

test.each([
  [`${'a'.repeat(300)}-1.0.tar.gz`, 'has 311 bytes'],
  ['../foo-1.0.tar.gz', 'no name of a package'],
  ['sub/foo-1.0.tar.gz', 'no name of a package'],
  ['foo-1.0\n.tar.gz', 'no name of a package'],
  ['.foo-1.0.tar.gz', 'no name of a package'],
  ['..', 'no name of a package'],
  [`${FOO}.yanked`, 'no name of a package'],
])('fetchFiles() brings no file called %j, and the others', async (filename, why) => {
  const { done, failed } = await fetch(toFetch({ filename }), toFetch());
  expect(failed.map((each) => each.why)).toEqual([expect.stringContaining(why)]);
  expect(done).toHaveLength(1);
  expect(paths()).toEqual([`red/packages/${FOO}`]);
});

test('fetchFiles() is never over what came meanwhile, also at the last moment', async () => {
  writeHook.before = (kind, path) => {
    if (kind === 'link' && path.endsWith(FOO)) site.put(`red/packages/${FOO}`, 'mine');
  };
  const { failed } = await fetch(toFetch());
  expect(failed).toMatchObject([{ filename: FOO, why: expect.stringContaining('came meanwhile') }]);
  expect(site.read(`red/packages/${FOO}`)).toBe('mine');
  letWrite();
  expect(readdirSync(at('.kho/parts'))).toEqual([]);
});

test('fetchFiles() downloads while another run has the lock, and places when it is free', async () => {
  mkdirSync(at('.kho'));
  const unlock = await lockSite(site.root);
  const fetching = fetch(toFetch());
  await expect.poll(() => readdirSync(at('.kho/parts')).length).toBe(1);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(paths()).toEqual([]);
  unlock();
  expect((await fetching).failed).toEqual([]);
  expect(paths()).toEqual([`red/packages/${FOO}`]);
});

test.skipIf(process.getuid?.() !== 0)('fetchFiles() goes on with nothing that another user may have made', async () => {
  mkdirSync(at('.kho/parts'), { recursive: true });
  chownSync(at('.kho/parts'), 64001, 64001);
  site.put('.kho/parts/theirs', 'theirs');
  expect((await fetch(toFetch())).failed).toEqual([]);
  expect(readdirSync(at('.kho/parts'))).toEqual(['theirs']);
  expect(hiddenFiles(site.root)).toEqual([]);
});

test('fetchFiles() keeps nothing of what is wrong', async () => {
  expect((await fetch(toFetch({ path: '/broken' }))).failed).toHaveLength(1);
  expect([paths(), readdirSync(at('.kho/parts'))]).toEqual([[], []]);
});

test.each<[string, { members?: typeof DAMAGED; tag?: string; binary?: boolean }, string]>([
  ['a member that fails its checksum', { members: DAMAGED }, 'fails its checksum'],
  ['binaries for other machines than its name says', { tag: LYING, binary: true }, 'would hold it'],
])('fetchFiles() puts no file with %s into packages/', async (_what, { members, tag, binary }, why) => {
  const options = { name: 'odd', version: '1.0', ...(tag && { tag }) };
  const more = binary ? [{ path: 'odd/_c.so', bytes: MUSL }] : (members ?? []);
  server.file('/odd', Buffer.from(makeZip([...wheelMembers(options), ...more])));
  const { done, failed } = await fetch(
    toFetch({ filename: wheelFilename(options), path: '/odd', hash: null }),
    toFetch(),
  );
  expect(failed).toMatchObject([{ filename: wheelFilename(options), why: expect.stringContaining(why) }]);
  expect(done).toHaveLength(1);
  expect([paths(), readdirSync(at('.kho/parts'))]).toEqual([[`red/packages/${FOO}`], []]);
});

test('fetchFiles() brings nothing that each of its repositories would hold by its name', async () => {
  site.put('kho.toml', '[repositories.red]\nplatforms = []\n');
  const filename = 'foo-1.0-cp311-cp311-musllinux_1_2_x86_64.whl';
  const { failed } = await fetch(toFetch({ filename, path: '/nothing-asks-for-this' }));
  expect(failed).toMatchObject([{ filename, why: expect.stringContaining('"red" would hold it') }]);
});

test('fetchFiles() puts a file only where it would be listed, and says where not', async () => {
  site.put('red/packages/Foo-1.0.0-py3-none-any.whl', makeWheel({ name: 'Foo', version: '1.0.0' }));
  const { done, failed } = await fetch(toFetch({ into: ['blue', 'red'] }));
  expect(done).toHaveLength(1);
  expect(failed).toMatchObject([{ why: expect.stringContaining('not put into "red"') }]);
  expect(paths()).toEqual([`blue/packages/${FOO}`, 'red/packages/Foo-1.0.0-py3-none-any.whl']);
});

test.each<[what: string, there: string | Buffer, isHeld: boolean, isDone: boolean]>([
  ['the right bytes', foo, false, true],
  ['the right bytes, and is held', foo, true, false],
  ['other bytes', 'other', false, false],
])('fetchFiles() of a file whose name has %s', async (_what, there, isHeld, isDone) => {
  site.put(`red/packages/${FOO}`, there);
  const { done, failed } = await fetch({ ...toFetch(), isHeld });
  expect([done.length, failed.length]).toEqual(isDone ? [1, 0] : [0, 1]);
  expect(site.read(`red/packages/${FOO}`)).toBe(there.toString());
});
