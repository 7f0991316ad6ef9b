/** Disks that somebody made to hurt, or that are of somebody else: refused by name, or of no use; nothing is read or written beside them. */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EDGE, Farm } from '../../test/support/farm.ts';
import { newSshKey } from '../../test/support/ssh-keys.ts';
import { readSigners } from '../follow/check-signature.ts';
import type { CatalogueFile } from '../sync-format/catalogue.ts';
import { writeHead } from '../sync-format/head.ts';
import { CARRIER_FOLDER } from './layout.ts';

let farm: Farm;
let app: CatalogueFile;
beforeEach(async () => {
  farm = await Farm.start();
  app = farm.centre.wheel({ name: 'app', version: '1.0', members: { 'noise.txt': 'a'.repeat(3000) } });
  farm.lock(app);
  farm.publish();
  await farm.pack();
});
afterEach(() => farm.close());

const at = (...parts: string[]) => join(farm.disk(), CARRIER_FOLDER, ...parts);
const headPath = () => at('edges', EDGE, 'head.json');
const objectPath = ({ sha256 }: { sha256: string }) => at('objects', sha256.slice(0, 2), sha256);
const lacking = async () => (await farm.unpack()).locks.flatMap((lock) => lock.lacking);
const edgeFiles = () => Object.keys(farm.edge.snapshot()).filter((path) => path.startsWith('armhf/packages/'));
function asFolder(path: string): void {
  rmSync(path);
  mkdirSync(path);
}

/** What lies beside the disk, with something in it that nobody may take or change. */
function elsewhere(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kho-elsewhere-'));
  writeFileSync(join(folder, 'secret'), 'secret');
  return folder;
}

test.each([
  ['its folder', () => at()],
  ['the folder of objects', () => at('objects')],
  ['a folder in it', () => at('objects', app.sha256.slice(0, 2))],
  ['an object', () => objectPath(app)],
])('kho unpack follows no link in the place of %s', async (_what, pathOf) => {
  const outside = join(elsewhere(), 'moved');
  renameSync(pathOf(), outside);
  symlinkSync(outside, pathOf());
  const outcome = await lacking().catch((error: Error) => [error.message]);
  expect(outcome.join()).toContain(pathOf() === at() ? 'it is a link' : '');
  expect(outcome).not.toEqual([]);
  expect(edgeFiles()).not.toContain(`armhf/packages/${app.path}`);
});

test('kho unpack writes through no link in the place of an edge', async () => {
  const outside = elsewhere();
  const head = readFileSync(headPath());
  rmSync(at('edges', EDGE), { recursive: true });
  writeFileSync(join(outside, 'head.json'), head);
  symlinkSync(outside, at('edges', EDGE));
  await lacking().catch(() => []);
  expect(readdirSync(outside).sort()).toEqual(['head.json', 'secret']);
});

test.each([
  ['its folder', () => at()],
  ['the folder of objects', () => at('objects')],
  ['a folder in it', () => at('objects', app.sha256.slice(0, 2))],
  ['the folder of edges', () => at('edges')],
  ['an edge', () => at('edges', EDGE)],
])('kho pack writes through no link in the place of %s', async (_what, pathOf) => {
  const outside = elsewhere();
  const path = pathOf();
  rmSync(path, { recursive: true });
  symlinkSync(outside, path);
  await farm.pack().catch(() => {});
  expect(readdirSync(outside)).toEqual(['secret']);
  expect(readFileSync(join(outside, 'secret'), 'utf8')).toBe('secret');
});

test('kho pack replaces a link in the place of an object, and leaves alone where it leads', async () => {
  const outside = elsewhere();
  rmSync(objectPath(app));
  symlinkSync(join(outside, 'secret'), objectPath(app));
  await farm.pack();
  expect(readFileSync(join(outside, 'secret'), 'utf8')).toBe('secret');
  expect(await lacking()).toEqual([]);
});

test.each([
  ['an endless head', () => truncateSync(headPath(), 10 * 1024 ** 3), 'may have'],
  ['a head that is none', () => writeFileSync(headPath(), '{}'), 'is damaged'],
  ['a head in another form', () => writeFileSync(headPath(), 'PK\x03\x04'), 'is damaged'],
  ['a folder for a head', () => asFolder(headPath()), 'Cannot read'],
  [
    'the head of another repository',
    () => writeFileSync(headPath(), writeHead({ ...farm.centre.head!, repository: 'glibc' })),
    'its head is that of the repository "glibc"',
  ],
  [
    'another catalogue than its head names',
    () => writeFileSync(objectPath(farm.centre.head!.catalogue), 'x'),
    'Cannot',
  ],
  [
    'a head that names another catalogue',
    () =>
      writeFileSync(headPath(), writeHead({ ...farm.centre.head!, catalogue: { sha256: app.sha256, size: app.size } })),
    'Cannot',
  ],
])('kho unpack refuses %s, and changes nothing', async (_what, spoil, why) => {
  const before = edgeFiles();
  spoil();
  await expect(farm.unpack()).rejects.toThrow(why);
  expect(edgeFiles()).toEqual(before);
});

test('kho unpack refuses a catalogue whose paths climb', async () => {
  const text = farm.centre.text.replace(app.path, `../../../${app.path}`);
  const catalogue = { sha256: createHash('sha256').update(text).digest('hex'), size: Buffer.byteLength(text) };
  mkdirSync(at('objects', catalogue.sha256.slice(0, 2)), { recursive: true });
  writeFileSync(objectPath(catalogue), text);
  writeFileSync(headPath(), writeHead({ ...farm.centre.head!, catalogue }));
  await expect(farm.unpack()).rejects.toThrow('Cannot read the catalogue');
});

test.each([
  ['longer than it may be', (path: string) => truncateSync(path, 5 * 1024 ** 3)],
  ['empty', (path: string) => truncateSync(path, 0)],
  ['other bytes', (path: string) => writeFileSync(path, Buffer.alloc(app.size))],
  ['a folder', asFolder],
])('kho unpack takes nothing of an object that is %s', async (_what, spoil) => {
  spoil(objectPath(app));
  expect((await lacking()).join()).toContain(app.path);
  expect(edgeFiles()).not.toContain(`armhf/packages/${app.path}`);
});

test.each([['endless', () => truncateSync(at('edges', EDGE, 'state.json'), 10 * 1024 ** 3), 'may have']])(
  'kho pack stops at a state that is %s',
  async (_what, spoil, why) => {
    writeFileSync(at('edges', EDGE, 'state.json'), '');
    spoil();
    await expect(farm.pack()).rejects.toThrow(why);
  },
);

test.each([
  ['none', 'nothing'],
  ['of another site', JSON.stringify({ format: 1, site: 'x', repository: 'armhf', counter: 1, has: [] })],
  ['of other types', JSON.stringify({ format: 1, site: 1, repository: [], counter: '1', has: 'all' })],
])('kho pack believes no state that is %s: all of it is carried', async (_what, text) => {
  writeFileSync(at('edges', EDGE, 'state.json'), text.replace('"has":[]', `"has":["${app.sha256}"]`));
  expect(await farm.pack()).toMatchObject({ wanted: { files: 1 } });
});

test('where signers are named, a disk without their signature is refused, and one with it is not', async () => {
  const [an, binh] = [newSshKey(), newSshKey()];
  const signers = readSigners({ text: `an@example.vn namespaces="kho" ${an.line}\n`, shown: 'allowed_signers' });
  await expect(farm.unpack(farm.disk(), { signers })).rejects.toThrow('the signature of its head is not there');
  const text = Buffer.from(writeHead(farm.centre.head!));
  const put = (signature: string) =>
    writeFileSync(at('edges', EDGE, `${createHash('sha256').update(text).digest('hex')}.sig`), signature);
  put(binh.sign(text));
  await expect(farm.unpack(farm.disk(), { signers })).rejects.toThrow('the signature of its head');
  put(an.sign(Buffer.from(`${text} `)));
  await expect(farm.unpack(farm.disk(), { signers })).rejects.toThrow('the signature of its head');
  expect(edgeFiles()).not.toContain(`armhf/packages/${app.path}`);
  farm.centreSite.put(`armhf/sync/${createHash('sha256').update(text).digest('hex')}.sig`, an.sign(text));
  await farm.pack();
  expect((await farm.unpack(farm.disk(), { signers })).locks).toMatchObject([{ lacking: [] }]);
});

test('kho unpack refuses what kho pack never wrote to, and what is no disk', async () => {
  await expect(farm.unpack(farm.disk('empty'))).rejects.toThrow('kho pack has written nothing to it');
  const stranger = farm.unpack(farm.disk(), { edge: 'nobody' });
  await expect(stranger).rejects.toMatchObject({ hint: `it carries for "${EDGE}"` });
  await expect(farm.unpack(join(farm.disk(), 'none'))).rejects.toThrow('Cannot find the disk');
  await expect(farm.unpack(at('README.txt'))).rejects.toThrow('it is no folder');
  expect(existsSync(join(farm.disk('empty'), CARRIER_FOLDER))).toBe(false);
});
