/** Files of other indexes on disk: what may be served of them, whoever writes there too; what is promised of them, and what goes first. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { KhoError } from '../src/errors.ts';
import { writeHook } from '../src/io/disk.ts';
import { MODULES, makeBinaryWheel } from './support/make-binary-wheel.ts';
import { makeSdist, makeWheel, metadataText } from './support/make-package.ts';
import { letWrite } from './support/stop-writes.ts';
import { FilesSite, sha256 } from './support/upstream-files.ts';

const FILE = 'farm-1.0-py3-none-any.whl';
const WHEEL = { name: 'farm', version: '1.0' };
const BYTES = Buffer.from(makeWheel({ ...WHEEL, members: { 'farm/noise.bin': randomBytes(300_000) } }));
const METADATA = Buffer.from(metadataText(WHEEL));

let on: FilesSite;
beforeEach(async () => {
  on = await FilesSite.start();
});
afterEach(async () => {
  letWrite();
  await on.close();
});

async function get(filename: string) {
  const client = await on.fetch(filename);
  return { status: client.status, ...(await client.all()) };
}

/** Kept, looked into, and known again without a look. */
async function keep(filename = FILE, bytes: Buffer = BYTES) {
  on.lists(filename, bytes);
  await get(filename);
  await vi.waitFor(() => expect(on.changed).not.toEqual([]));
}

test.each<[what: string, spoil: (path: string) => void]>([
  ['other bytes', (path) => writeFileSync(path, Buffer.from(BYTES).fill(1, 0, 9))],
  [
    'a file of somebody else under its name',
    (path) => {
      rmSync(path);
      writeFileSync(path, randomBytes(BYTES.length));
    },
  ],
  [
    'a link to a secret',
    (path) => {
      rmSync(path);
      symlinkSync(join(on.site.root, 'secret'), path);
    },
  ],
  [
    'a pipe',
    (path) => {
      rmSync(path);
      execFileSync('mkfifo', [path]);
    },
  ],
  [
    'a folder',
    (path) => {
      rmSync(path);
      mkdirSync(join(path, 'more'), { recursive: true });
    },
  ],
  ['the right bytes in a file that others may write into', (path) => chmodSync(path, 0o666)],
  ['nothing', (path) => rmSync(path)],
  ['nothing, nor all that was around it', () => rmSync(join(on.site.root, 'upstream'), { recursive: true })],
  [
    'another folder in the place of all',
    () => {
      renameSync(join(on.site.root, 'upstream'), join(on.site.root, 'moved'));
      mkdirSync(join(on.site.root, 'upstream'));
    },
  ],
])('a kept file is served as its page lists it, also with %s there', async (_what, spoil) => {
  await keep();
  on.site.put('secret', randomBytes(BYTES.length));
  spoil(on.kept(FILE));
  const { status, bytes } = await get(FILE);
  expect([status, bytes.equals(BYTES)]).toEqual([200, true]);
  expect(readFileSync(on.kept(FILE)).equals(BYTES)).toBe(true);
  expect(on.asked(FILE).length).toBe(2);
});

test('a folder that is swapped for a link is not gone through: nothing is kept there, and clients are served', async () => {
  await keep();
  const [folder, outside] = [join(on.site.root, 'upstream/public'), join(on.site.root, 'outside')];
  renameSync(folder, outside);
  symlinkSync(outside, folder);
  await on.restart();
  writeFileSync(join(outside, 'packages/farm', FILE), 'not it');
  const { status, bytes } = await get(FILE);
  expect([status, bytes.equals(BYTES)]).toEqual([200, true]);
  expect(readFileSync(join(outside, 'packages/farm', FILE), 'utf8')).toBe('not it');
});

test('a kept file is known again without reading it, and read where its record was lost', async () => {
  await keep();
  await on.restart();
  const reads = vi.spyOn(on.files.facts.records, 'put');
  await get(FILE);
  expect(reads).not.toHaveBeenCalled();
  rmSync(join(on.site.root, '.kho'), { recursive: true });
  await on.restart();
  expect((await get(FILE)).bytes.equals(BYTES)).toBe(true);
  expect(on.asked(FILE)).toHaveLength(1);
});

test('a record that somebody else wrote is not believed', async () => {
  await keep();
  const spoilt = Buffer.from(BYTES).fill(1, 0, 9);
  writeFileSync(on.kept(FILE), spoilt);
  on.site.changeKept('upstream-files', (line) =>
    line.replace(/"stamp":\{[^}]*\}/, () => {
      const { size, mtimeMs, ctimeMs, ino } = statSync(on.kept(FILE));
      return `"stamp":${JSON.stringify({ size, modifiedMs: mtimeMs, changedMs: ctimeMs, inode: ino })}`;
    }),
  );
  chmodSync(join(on.site.root, '.kho'), 0o777);
  await on.restart();
  expect((await get(FILE)).bytes.equals(BYTES)).toBe(true);
});

test('a page promises metadata of a wheel that is here, with the hash of what is in it', async () => {
  await keep();
  const file = on.listing.get(FILE)!;
  expect(on.files.facts.metadataOf(on.at(FILE), file)).toBe(sha256(METADATA));
  on.upstream.requests.length = 0;
  expect((await get(`${FILE}.metadata`)).bytes.equals(METADATA)).toBe(true);
  rmSync(`${on.kept(FILE)}.metadata`);
  expect((await get(`${FILE}.metadata`)).bytes.equals(METADATA)).toBe(true);
  expect(on.upstream.requests).toEqual([]);
});

test('metadata that is promised comes from its index, is checked, and is kept', async () => {
  on.lists(FILE, BYTES, { metadataSha256: sha256(METADATA) });
  on.upstream.page(`/files/${FILE}.metadata`, METADATA);
  const client = await on.fetch(`${FILE}.metadata`);
  expect([client.status, client.response.headers['content-type']]).toEqual([200, 'text/plain; charset=utf-8']);
  expect((await client.all()).bytes.equals(METADATA)).toBe(true);
  await get(`${FILE}.metadata`);
  expect(on.upstream.requests.map(({ path }) => path)).toEqual([`/files/${FILE}.metadata`]);
});

test.each<[what: string, answer: () => void]>([
  ['is not there', () => on.upstream.answers.delete(`/files/${FILE}.metadata`)],
  ['is wrong', () => on.upstream.page(`/files/${FILE}.metadata`, 'wrong')],
  [
    'may not be had',
    () => on.upstream.answers.set(`/files/${FILE}.metadata`, (_q, response) => void response.writeHead(403).end()),
  ],
])('metadata that its index promises, and that %s, is made from the end of the wheel', async (_what, answer) => {
  const file = on.lists(FILE, BYTES, { metadataSha256: sha256(Buffer.from('promised')) });
  answer();
  expect((await get(`${FILE}.metadata`)).bytes.equals(METADATA)).toBe(true);
  expect(on.files.facts.metadataOf(on.at(FILE), file)).toBe(sha256(METADATA));
  expect(on.changed).toEqual(['farm']);
  const read = on.asked(FILE);
  expect(read.length).toBeGreaterThan(0);
  expect(read).not.toContain(undefined);
});

test('metadata that cannot be had at all is not promised any more', async () => {
  const file = on.lists(FILE, Buffer.from('no zip'), { metadataSha256: sha256(METADATA) });
  expect(on.files.facts.metadataOf(on.at(FILE), file)).toBe(sha256(METADATA));
  expect((await get(`${FILE}.metadata`)).status).toBe(404);
  expect(on.files.facts.metadataOf(on.at(FILE), file)).toBeUndefined();
  expect(on.changed).toEqual(['farm']);
});

test('a wheel of another name than it says is held, told of, and served no more', async () => {
  const lie = Buffer.from(makeWheel({ name: 'evil', version: '1.0' }));
  const file = on.lists(FILE, lie);
  await get(FILE);
  await vi.waitFor(() => expect(on.notes).toMatchObject([{ code: 'name-mismatch' }]));
  expect(existsSync(on.kept(FILE))).toBe(false);
  await on.restart();
  const [glibc] = on.config.repositories;
  expect(on.files.facts.heldIn(on.at(FILE), file, glibc!, on.config.repositories)).toMatchObject({
    code: 'name-mismatch',
  });
  expect((await get(FILE)).status).toBe(404);
  on.lists(FILE, BYTES); // its index has mended it
  expect((await get(FILE)).bytes.equals(BYTES)).toBe(true);
});

test('a wheel that is built for another machine than its tag says is held', async () => {
  const name = 'farm-1.0-cp311-cp311-manylinux_2_17_x86_64.whl';
  const file = on.lists(
    name,
    Buffer.from(makeBinaryWheel({ ...WHEEL, module: MODULES.aarch64, platform: 'manylinux_2_17_x86_64' })),
  );
  await get(name);
  await vi.waitFor(() => expect(on.notes).toMatchObject([{ code: 'lying-tag' }]));
  const [glibc] = on.config.repositories;
  expect(on.files.facts.heldIn(on.at(name), file, glibc!, on.config.repositories)).toMatchObject({ code: 'lying-tag' });
  expect((await get(name)).status).toBe(404);
});

test('a file without a hash is brought only where kho.toml allows it, and from where it is listed', async () => {
  const { sha256: _, ...file } = on.lists(FILE, BYTES);
  on.listing.set(FILE, file);
  expect((await get(FILE)).status).toBe(404);
  allowUnhashed();
  expect((await get(FILE)).bytes.equals(BYTES)).toBe(true);
  await vi.waitFor(() => expect(on.changed).toEqual(['farm']));
  expect(on.files.facts.sha256Of(on.at(FILE), file)).toBe(sha256(BYTES));
  expect((await get(FILE)).bytes.equals(BYTES)).toBe(true);
  expect(on.asked(FILE)).toHaveLength(1);
});

test('a file without a hash that is on another host, or leads there, is not brought', async () => {
  const { sha256: _, ...file } = on.lists(FILE, BYTES);
  allowUnhashed();
  const elsewhere = on.upstream.url(`/files/${FILE}`);
  elsewhere.hostname = 'localhost';
  on.listing.set(FILE, { ...file, url: elsewhere.href });
  expect((await get(FILE)).status).toBe(404);
  on.listing.set(FILE, { ...file, url: on.upstream.url('/away').href });
  on.upstream.answers.set('/away', (_q, response) => void response.writeHead(302, { Location: elsewhere.href }).end());
  expect((await get(FILE)).status).toBe(502);
  allowUnhashed([elsewhere.host]);
  await on.restart();
  expect((await get(FILE)).bytes.equals(BYTES)).toBe(true);
});

function allowUnhashed(fileHosts: string[] = []): void {
  const settings = on.config.upstreams.get('public')!;
  on.config = { ...on.config, upstreams: new Map([['public', { ...settings, hashesOptional: true, fileHosts }]]) };
}

test('a file without a hash that is no whole package reaches nobody whole', async () => {
  const { sha256: _, ...file } = on.lists(FILE, BYTES.subarray(0, 200_000));
  on.listing.set(FILE, file);
  allowUnhashed();
  expect((await get(FILE)).isWhole).toBe(false);
  expect(existsSync(on.kept(FILE))).toBe(false);
});

test('where the disk has less than min_free, files pass through, whole and checked, and nothing is kept', async () => {
  on.config = { ...on.config, cache: { minFree: Number.MAX_SAFE_INTEGER } };
  on.lists(FILE, BYTES);
  const both = await Promise.all([get(FILE), get(FILE)]);
  for (const { bytes, isWhole } of both) expect([isWhole, bytes.equals(BYTES)]).toEqual([true, true]);
  expect(existsSync(on.kept(FILE))).toBe(false);
  on.upstream.page(`/files/${FILE}`, Buffer.from(BYTES).fill(0, 5, 9));
  expect((await get(FILE)).isWhole).toBe(false);
});

test('a file that passes through is gone on with where the line breaks', async () => {
  on.config = { ...on.config, cache: { max: 10 } };
  on.lists(FILE, BYTES);
  const whole = on.upstream.answers.get(`/files/${FILE}`)!;
  on.upstream.answers.set(`/files/${FILE}`, (request, response, time) => {
    if (time > 1) return whole(request, response, time);
    response.writeHead(200, { 'Content-Length': BYTES.length });
    response.write(BYTES.subarray(0, 100_000), () => setTimeout(() => response.destroy(), 20));
  });
  const { bytes, isWhole } = await get(FILE);
  expect([isWhole, bytes.equals(BYTES)]).toEqual([true, true]);
  expect(on.asked(FILE)).toEqual([undefined, 'bytes=100000-']);
});

test('a disk that fills up while a file comes costs nobody the file', async () => {
  on.lists(FILE, BYTES);
  let writes = 0;
  writeHook.before = (kind, path) => {
    if (kind === 'file' && path.endsWith('.part') && ++writes > 3)
      throw new KhoError('WRITE', `Cannot write "${path}"`);
  };
  const { bytes, isWhole } = await get(FILE);
  expect([isWhole, bytes.equals(BYTES)]).toEqual([true, true]);
  expect(existsSync(on.kept(FILE))).toBe(false);
  letWrite();
  expect((await get(FILE)).bytes.equals(BYTES)).toBe(true);
  expect(existsSync(on.kept(FILE))).toBe(true);
});

test('what was served least recently goes first, and never what a lock names', async () => {
  const names = ['1', '2', '3', '4'].map((version) => `farm-${version}.0.tar.gz`);
  const bytesOf = names.map((_, index) =>
    Buffer.from(makeSdist({ name: 'farm', version: `${index + 1}.0`, members: { noise: randomBytes(100_000) } })),
  );
  for (const [index, name] of names.entries()) {
    on.lists(name, bytesOf[index]!);
    await get(name);
    await vi.waitFor(() => expect(existsSync(on.kept(name))).toBe(true));
    const day = new Date(`2026-01-0${index + 1}`);
    utimesSync(on.kept(name), day, day);
  }
  rmSync(join(on.site.root, 'upstream/used'));
  on.site.put('a.lock.txt', `farm==1.0 --hash=sha256:${sha256(bytesOf[0]!)}\n`);
  on.config = { ...on.config, locks: ['a.lock.txt'], cache: { max: 350_000 } };
  on.site.put('upstream/used', '2026-02-01 public/packages/farm/farm-2.0.tar.gz\nrubbish\n');
  await on.restart();
  on.lists(FILE, BYTES.subarray(0, 100)); // not what it says, but that is seen later
  const more = Buffer.from(makeSdist({ name: 'farm', version: '5.0', members: { noise: randomBytes(100_000) } }));
  on.lists('farm-5.0.tar.gz', more);
  await get('farm-5.0.tar.gz');
  await vi.waitFor(() => expect(existsSync(on.kept('farm-5.0.tar.gz'))).toBe(true));
  expect(names.map((name) => existsSync(on.kept(name)))).toEqual([true, true, false, false]);
});

test('a file that can never fit lets nothing else go', async () => {
  await keep();
  on.config = { ...on.config, cache: { max: BYTES.length + 50_000 } };
  const big = Buffer.from(makeSdist({ name: 'farm', version: '5.0', members: { noise: randomBytes(600_000) } }));
  on.lists('farm-5.0.tar.gz', big);
  expect((await get('farm-5.0.tar.gz')).bytes.equals(big)).toBe(true);
  expect([existsSync(on.kept(FILE)), existsSync(on.kept('farm-5.0.tar.gz'))]).toEqual([true, false]);
});

test('what killed runs left, and nobody went on with for a week, is swept', async () => {
  const dead = 2 ** 22 + 1;
  const part = (letter: string) => `upstream/public/.parts/.kho-fetch-${letter.repeat(32)}.${dead}.part`;
  const half = `upstream/public/packages/farm/.kho-${dead}-${'a'.repeat(12)}-0-1`;
  on.site.put(part('a'), 'old');
  on.site.put(part('b'), 'young', new Date());
  on.site.put(half, 'half');
  await keep();
  await vi.waitFor(() => expect(existsSync(join(on.site.root, half))).toBe(false));
  expect(['a', 'b'].map((letter) => existsSync(join(on.site.root, part(letter))))).toEqual([false, true]);
});

test('nothing goes where it cannot be told what locks name', async () => {
  await keep();
  on.config = { ...on.config, locks: ['gone.lock'], cache: { max: BYTES.length + 100 } };
  const more = Buffer.from(makeSdist({ name: 'farm', version: '5.0', members: { noise: randomBytes(100_000) } }));
  on.lists('farm-5.0.tar.gz', more);
  expect((await get('farm-5.0.tar.gz')).bytes.equals(more)).toBe(true);
  expect([existsSync(on.kept(FILE)), existsSync(on.kept('farm-5.0.tar.gz'))]).toEqual([true, false]);
});

test('a file of a name that has become own while it was asked for is not asked for, nor kept', async () => {
  on.lists(FILE, BYTES);
  on.mayAsk = () => false;
  expect((await get(FILE)).status).toBe(404);
  expect(on.asked(FILE)).toEqual([]);
});

test('a file of a name that becomes own while it comes is not kept, and who asked before gets it whole', async () => {
  on.lists(FILE, BYTES);
  let times = 0;
  on.mayAsk = () => times++ === 0;
  expect((await get(FILE)).bytes.equals(BYTES)).toBe(true);
  expect(times).toBe(2);
  expect([existsSync(on.kept(FILE)), readdirSync(join(on.site.root, 'upstream/public/.parts'))]).toEqual([false, []]);
});
