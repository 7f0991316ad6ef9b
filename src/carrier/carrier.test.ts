/** `kho pack` and `kho unpack`: what a farm lacks comes by a disk, or several, or half a disk and the line. */
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EDGE, Farm } from '../../test/support/farm.ts';
import { refusal } from '../../test/support/poor-disk.ts';
import { letWrite } from '../../test/support/stop-writes.ts';
import { writeHook } from '../io/disk.ts';
import { CARRIER_FOLDER, edgeNameFault } from './layout.ts';

const ARMHF = 'cp311-cp311-linux_armv7l';

let farm: Farm;
beforeEach(async () => {
  farm = await Farm.start();
});
afterEach(() => farm.close());

const wheel = (name: string, version: string, noise = '') =>
  farm.centre.wheel({ name, version, tag: ARMHF, members: { 'noise.txt': noise.repeat(3000) } });
const at = (disk: string, ...parts: string[]) => join(disk, CARRIER_FOLDER, ...parts);
const objectPath = (disk: string, sha256: string) => at(disk, 'objects', sha256.slice(0, 2), sha256);
const filesOn = (disk: string) =>
  readdirSync(at(disk), { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(at(disk, path)).isFile())
    .sort();
const lacking = ({ locks }: { locks: { lacking: string[] }[] }) => locks.flatMap((lock) => lock.lacking);

function firstState() {
  const app = wheel('app', '1.0', 'a');
  const core = wheel('core', '1.0', 'b');
  wheel('other', '1.0', 'c');
  farm.lock(app, core);
  farm.publish();
  return { app, core };
}

test('kho pack writes what the lock files come to, and nothing else; kho unpack publishes it', async () => {
  const { app, core } = firstState();
  const packed = await farm.pack();
  expect(packed).toMatchObject({ counter: 1, wanted: { files: 2 }, lacking: [] });
  expect(packed.disks).toMatchObject([{ written: 2, there: 0 }]);
  const disk = farm.disk();
  expect(filesOn(disk).filter((path) => path.startsWith('objects'))).toHaveLength(3); // and the catalogue
  const unpacked = await farm.unpack();
  expect(lacking(unpacked)).toEqual([]);
  expect([...farm.listed('app'), ...farm.listed('core')]).toEqual([app.path, core.path]);
  expect(farm.centre.log).toEqual([]);
  expect(unpacked.came).toBeLessThan(app.size + core.size + 3000);
});

test('a disk that comes back tells what is there: only the rest is carried, and what nobody needs goes', async () => {
  const { core, app } = firstState();
  await farm.pack();
  await farm.unpack();
  expect(await farm.pack()).toMatchObject({ wanted: { files: 0 } });
  expect(existsSync(objectPath(farm.disk(), app.sha256))).toBe(false);
  const next = wheel('app', '2.0', 'd');
  farm.lock(next, core);
  farm.publish();
  expect(await farm.pack()).toMatchObject({ counter: 2, wanted: { files: 1 }, disks: [{ written: 1 }] });
  expect(lacking(await farm.unpack())).toEqual([]);
  expect(farm.listed('app')).toContain(next.path);
  expect(await farm.unpack()).toMatchObject({ came: expect.any(Number), locks: [{ lacking: [] }] }); // again, for nothing
});

test('what has been written is not written again, but what the disk has spoilt is', async () => {
  const { app } = firstState();
  await farm.pack();
  expect((await farm.pack()).disks).toMatchObject([{ written: 0, there: 2 }]);
  flip(objectPath(farm.disk(), app.sha256));
  expect((await farm.pack()).disks).toMatchObject([{ written: 1, there: 1 }]);
  expect(lacking(await farm.unpack())).toEqual([]);
});

function flip(path: string): void {
  const bytes = readFileSync(path);
  bytes[100] = (bytes[100] as number) ^ 1;
  writeFileSync(path, bytes);
}

test('a flipped bit costs that object only, and the line brings it', async () => {
  const { app, core } = firstState();
  await farm.pack();
  flip(objectPath(farm.disk(), app.sha256));
  const unpacked = await farm.unpack();
  expect(lacking(unpacked).join()).toContain(app.path);
  expect(lacking(unpacked).join()).not.toContain(core.path);
  expect(farm.edge.snapshot()).not.toHaveProperty(`armhf/packages/${core.path}`); // nothing of a lock that is not whole
  expect(lacking(await farm.pull())).toEqual([]);
  expect(farm.centre.log.filter((path) => path.includes('packages/'))).toEqual([`/armhf/packages/${app.path}`]);
});

test('half a disk adds up with the line, and the disk is told what is there', async () => {
  const { app, core } = firstState();
  await farm.pack();
  rmSync(objectPath(farm.disk(), core.sha256));
  expect(lacking(await farm.unpack())).toEqual([`${core.path}: it is not on the disk`]);
  const state = JSON.parse(readFileSync(at(farm.disk(), 'edges', EDGE, 'state.json'), 'utf8'));
  expect(state).toMatchObject({ edge: EDGE, counter: 1, has: [app.sha256] });
  expect(await farm.pack()).toMatchObject({ wanted: { files: 1 } });
  expect(lacking(await farm.pull())).toEqual([]);
  expect(farm.listed('core')).toEqual([core.path]);
});

test('a file of which half was copied is gone on with by the line', async () => {
  const { app } = firstState();
  await farm.pack();
  const path = objectPath(farm.disk(), app.sha256);
  writeFileSync(path, readFileSync(path).subarray(0, Math.floor(app.size / 2)));
  expect(lacking(await farm.unpack())).toHaveLength(1);
  await farm.pull();
  const asked = farm.centre.server.requests.filter((request) => request.path.includes(app.path));
  expect(asked.map(({ headers }) => headers.range)).toEqual([`bytes=${Math.floor(app.size / 2)}-`]);
  expect(farm.listed('app')).toEqual([app.path]);
});

test.each([
  ['in their order', [0, 1]],
  ['the second first', [1, 0]],
])('two disks make one, %s', async (_what, order) => {
  const { app, core } = firstState();
  const disks = [farm.disk('one'), farm.disk('two')];
  await farm.pack(disks);
  cpSync(at(disks[0]!), at(disks[1]!), { recursive: true });
  rmSync(objectPath(disks[0]!, app.sha256));
  rmSync(objectPath(disks[1]!, core.sha256));
  expect(await farm.pack(disks)).toMatchObject({
    disks: [
      { written: 0, there: 1 },
      { written: 0, there: 1 },
    ],
  });
  expect(lacking(await farm.unpack(disks[order[0]!]))).toHaveLength(1);
  expect(lacking(await farm.unpack(disks[order[1]!]))).toEqual([]);
  expect([...farm.listed('app'), ...farm.listed('core')]).toEqual([app.path, core.path]);
});

test('what one disk has no room for goes onto the next, and what none has room for is told', async () => {
  const { app, core } = firstState();
  const disks = [farm.disk('small'), farm.disk('big')];
  expect(await farm.pack(disks, { room: [0] })).toMatchObject({ disks: [{ written: 0 }, { written: 2 }], lacking: [] });
  expect((await farm.unpack(disks[0])).locks).toMatchObject([{ lacking: [{}, {}].map(() => expect.any(String)) }]);
  expect(lacking(await farm.unpack(disks[1]))).toEqual([]);
  const full = await farm.pack([farm.disk('full')], { room: [0] });
  expect(full.lacking.sort()).toEqual([app, core].map(({ path }) => `${path}: no disk has room for it`));
  expect(lacking(await farm.unpack(farm.disk('full')))).toEqual([]); // nothing has to come any more
});

test('a disk that is full all the same keeps what is on it', async () => {
  const { app } = firstState();
  writeHook.before = (kind, path) => {
    if (kind === 'file' && path.endsWith(app.sha256)) throw refusal('ENOSPC');
  };
  expect((await farm.pack()).lacking).toEqual([`${app.path}: no disk has room for it`]);
  letWrite();
  expect((await farm.pack()).disks).toMatchObject([{ written: 1, there: 1 }]);
});

test('a disk goes round several farms: what one of them needs stays', async () => {
  const { app, core } = firstState();
  await farm.pack();
  const [disk, others] = [farm.disk(), at(farm.disk(), 'edges', 'farm-4')];
  cpSync(at(disk, 'edges', EDGE), others, { recursive: true });
  farm.lock(core);
  expect(await farm.pack()).toMatchObject({ wanted: { files: 1 } });
  expect(existsSync(objectPath(disk, app.sha256))).toBe(true);
  await expect(farm.unpack()).rejects.toThrow('it carries for several');
  expect(lacking(await farm.unpack(disk, { edge: EDGE }))).toEqual([]);
});

test('what is longer than a piece is carried in pieces', async () => {
  const { app } = firstState();
  const pieceBytes = 1000;
  await farm.pack([farm.disk()], { pieceBytes });
  const names = filesOn(farm.disk()).filter((path) => path.includes(app.sha256));
  expect(names.map((path) => path.slice(-4))).toEqual(names.map((_, index) => `.00${index}`));
  expect(names.length).toBe(Math.ceil(app.size / pieceBytes));
  expect((await farm.pack([farm.disk()], { pieceBytes })).disks).toMatchObject([{ written: 0, there: 2 }]);
  rmSync(at(farm.disk(), names[1]!));
  expect(lacking(await farm.unpack(farm.disk(), { pieceBytes })).join()).toContain(app.path);
  await farm.pack([farm.disk()], { pieceBytes });
  expect(lacking(await farm.unpack(farm.disk(), { pieceBytes }))).toEqual([]);
});

test('of a file in pieces the line goes on behind what stands before the first that is short', async () => {
  const { app } = firstState();
  await farm.pack([farm.disk()], { pieceBytes: 400 });
  const [, second = ''] = filesOn(farm.disk()).filter((path) => path.includes(app.sha256));
  writeFileSync(at(farm.disk(), second), readFileSync(at(farm.disk(), second)).subarray(0, 50));
  expect(lacking(await farm.unpack(farm.disk(), { pieceBytes: 400 }))).toHaveLength(1);
  await farm.pull();
  const asked = farm.centre.server.requests.filter((request) => request.path.includes(app.path));
  expect(asked.map(({ headers }) => headers.range)).toEqual(['bytes=450-']);
  expect(farm.listed('app')).toEqual([app.path]);
});

test('a disk that was taken out before its head was written is of use where the centre is known, and else refused', async () => {
  const { core, app } = firstState();
  await farm.pack();
  rmSync(at(farm.disk(), 'edges', EDGE, 'head.json'));
  await expect(farm.unpack()).rejects.toThrow('nothing on it says what it carries for "farm-3"');
  const spoilt = farm.centre.server.answers.get(`/armhf/packages/${app.path}`)!;
  farm.centre.server.answers.set(`/armhf/packages/${app.path}`, (_request, response) => response.writeHead(404).end());
  await farm.pull();
  farm.centre.server.answers.set(`/armhf/packages/${app.path}`, spoilt);
  const unpacked = await farm.unpack();
  expect(lacking(unpacked)).toEqual([]);
  expect(unpacked.notes.join()).toContain('taken out before all of it was written');
  expect([...farm.listed('app'), ...farm.listed('core')]).toEqual([app.path, core.path]);
});

test('a disk that is older than the line takes nothing back, and its files count', async () => {
  const { app, core } = firstState();
  await farm.pack();
  const next = wheel('app', '2.0', 'd');
  farm.lock(next, core);
  farm.publish();
  farm.centre.server.answers.set(`/armhf/packages/${core.path}`, (_request, response) => response.writeHead(404).end());
  await farm.pull();
  const unpacked = await farm.unpack();
  expect(unpacked.notes.join()).toContain('the disk has the state 1 of the centre, and 2 is known here');
  expect(lacking(unpacked)).toEqual([]);
  expect(unpacked.head.counter).toBe(2);
  expect(farm.edge.snapshot()).not.toHaveProperty(`armhf/packages/${app.path}`);
  expect(farm.listed('app')).toEqual([next.path]);
});

test('kho pack tells what the catalogue names and the site does not have, and carries the rest', async () => {
  const { app, core } = firstState();
  farm.centreSite.put(`armhf/packages/${app.path}`, 'other bytes, and fewer');
  const packed = await farm.pack();
  expect(packed.lacking).toEqual([`${app.path}: is shorter than the catalogue says`]);
  expect(existsSync(objectPath(farm.disk(), app.sha256))).toBe(false);
  expect(existsSync(objectPath(farm.disk(), core.sha256))).toBe(true);
  farm.centreSite.put(`armhf/packages/${app.path}`, Buffer.alloc(app.size));
  expect((await farm.pack()).lacking).toEqual([
    `${app.path}: its bytes are not those that the catalogue names: run kho check`,
  ]);
});

test('all names on a disk are such as FAT takes', async () => {
  firstState();
  await farm.pack([farm.disk()], { pieceBytes: 1000 });
  await farm.unpack(farm.disk(), { pieceBytes: 1000 });
  const parts = filesOn(farm.disk()).flatMap((path) => path.split('/'));
  expect(parts.length).toBeGreaterThan(20);
  for (const part of parts.filter((name) => name !== 'README.txt')) {
    expect(part).toMatch(/^[a-z0-9][a-z0-9.-]{0,79}$/);
    expect(part).not.toMatch(/\.$|^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/);
  }
  for (const path of filesOn(farm.disk())) expect(path.length).toBeLessThan(120); // with a letter of a drive, below 260
  expect(new Set(filesOn(farm.disk()).map((path) => path.toLowerCase())).size).toBe(filesOn(farm.disk()).length);
});

test.each(['nul', 'com1', 'Farm', 'a+b', '', '-a', 'a-', 'a.b', '../x', 'x'.repeat(33), 'trại'])(
  'edgeNameFault() refuses %j',
  (name) => expect(edgeNameFault(name)).toBeDefined(),
);

test.each(['farm-3', 'a', '3', 'com', 'nullarbor'])('edgeNameFault() takes %j', (name) =>
  expect(edgeNameFault(name)).toBeUndefined(),
);

test('a disk that is taken out while it is packed is named, and what is on it is not written again', async () => {
  firstState();
  const disk = farm.disk();
  const fault = farm.pack([disk], { onProgress: once(() => takeOut(disk)) });
  await expect(fault).rejects.toMatchObject({
    message: `Cannot pack "${disk}" to the end: the disk was taken out, or it fails`,
    hint: expect.stringContaining('put it in again'),
  });
  putIn(disk);
  await expect(farm.unpack()).rejects.toMatchObject({ hint: expect.stringContaining('taken out before') });
  expect((await farm.pack()).disks).toMatchObject([{ there: 1, written: 1 }]);
});

test('a disk that is taken out while it is unpacked is said so once, and what came of it stays', async () => {
  const { app } = firstState();
  await farm.pack();
  const disk = farm.disk();
  const unpacked = await farm.unpack(disk, { onProgress: once(() => takeOut(disk)) });
  expect([unpacked.isGone, lacking(unpacked)]).toEqual([true, ['the disk was taken out before all of it had come']]);
  expect(unpacked.notes.join()).toContain('put it in again');
  putIn(disk);
  const again = await farm.unpack();
  expect([again.isGone, lacking(again), farm.listed('app')]).toEqual([false, [], [app.path]]);
});

function takeOut(disk: string): void {
  cpSync(at(disk), join(disk, 'away'), { recursive: true });
  rmSync(at(disk), { recursive: true });
  writeFileSync(at(disk), 'what lies where the disk was');
}

function putIn(disk: string): void {
  rmSync(at(disk), { recursive: true, force: true });
  cpSync(join(disk, 'away'), at(disk), { recursive: true });
}

function once(act: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) act();
    isDone = true;
  };
}
