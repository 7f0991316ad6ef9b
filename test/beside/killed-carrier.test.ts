/** Both commands, stopped at each write: a disk never says that it has what is not on it, and the next run ends what was begun. */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CARRIER_FOLDER } from '../../src/carrier/layout.ts';
import { writeHook } from '../../src/io/disk.ts';
import { closeFolders } from '../../src/io/reach.ts';
import { readHead } from '../../src/sync-format/head.ts';
import { EDGE, Farm } from '../support/farm.ts';
import { letWrite, runStopped } from '../support/stop-writes.ts';

let farm: Farm;
beforeEach(async () => {
  farm = await Farm.start();
});
afterEach(() => farm.close());

const wheel = (name: string, version: string) =>
  farm.centre.wheel({ name, version, members: { 'noise.txt': `${name}${version}`.repeat(500) } });
const at = (disk: string, ...parts: string[]) => join(disk, CARRIER_FOLDER, ...parts);
const hashOf = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');
const objectPath = (disk: string, sha256: string) => at(disk, 'objects', sha256.slice(0, 2), sha256);
const objectsOn = (disk: string) =>
  readdirSync(at(disk, 'objects'), { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(at(disk, 'objects', path)).isFile())
    .sort();

/** Of the state that its head tells: nothing lacks. */
function expectToldIsThere(disk: string, objectsOf: ReadonlyMap<number, readonly string[]>): void {
  const path = at(disk, 'edges', EDGE, 'head.json');
  if (!existsSync(path)) return;
  const head = readHead(readFileSync(path, 'utf8'));
  for (const sha256 of [...(objectsOf.get(head.counter) ?? []), head.catalogue.sha256])
    expect([sha256, hashOf(objectPath(disk, sha256))]).toEqual([sha256, sha256]);
}

test('kho pack, stopped at each write, tells of nothing that is not there', async () => {
  const first = [wheel('app', '1.0'), wheel('core', '1.0')];
  farm.lock(...first);
  farm.publish();
  await farm.pack();
  const old = farm.disk('old');
  cpSync(at(farm.disk()), at(old), { recursive: true });
  const second = [wheel('app', '2.0'), first[1]!];
  farm.lock(...second);
  farm.publish();
  const objectsOf = new Map([
    [1, first.map(({ sha256 }) => sha256)],
    [2, second.map(({ sha256 }) => sha256)],
  ]);
  await farm.pack();
  const whole = objectsOn(farm.disk());
  for (const [before, step] of [
    ['new', 3],
    ['old', 1],
  ] as const) {
    const disk = farm.disk(`killed-${before}`);
    for (let last = 0, isDone = false; !isDone; last += step) {
      rmSync(at(disk), { recursive: true, force: true });
      if (before === 'old') cpSync(at(old), at(disk), { recursive: true });
      isDone = await runStopped(last, () => farm.pack([disk]));
      expectToldIsThere(disk, objectsOf);
      if (!isDone) await farm.pack([disk]);
      expect([last, objectsOn(disk)]).toEqual([last, whole]);
      expectToldIsThere(disk, objectsOf);
      expect(readdirSync(at(disk, 'edges', EDGE)).sort()).toEqual(['carried.json', 'head.json']);
    }
  }
});

test('kho unpack, stopped at a write, is ended by the next', async () => {
  const files = [wheel('app', '1.0'), wheel('core', '1.0')];
  farm.lock(...files);
  farm.publish();
  await farm.pack();
  const paths: string[] = [];
  writeHook.before = (_kind, path) => void paths.push(path);
  await farm.unpack();
  letWrite();
  // Those to the disk, which are its own; of the others, which are those of kho pull (follow/pull.test.ts), some.
  const some = paths.flatMap((path, last) => {
    const isOwn = path.startsWith(farm.disk());
    return isOwn || last % Math.ceil(paths.length / 4) === 2 ? [last] : [];
  });
  expect(some.length).toBeGreaterThan(6);
  for (const last of some) {
    closeFolders();
    rmSync(farm.edge.root, { recursive: true });
    farm.settings();
    farm.edge.put('armhf/packages/.keep', '');
    farm.lock(...files);
    await runStopped(last, () => farm.unpack());
    rmSync(join(farm.edge.root, '.kho/lock'), { force: true }); // a dead process holds none
    const isThere = files.map(({ path }) => existsSync(join(farm.edge.root, 'armhf/packages', path)));
    const isListed = ['app', 'core'].map((name) => existsSync(join(farm.edge.root, `armhf/simple/${name}/index.json`)));
    for (const [index, isOne] of isListed.entries()) if (isOne) expect(isThere[index]).toBe(true);
    const { locks } = await farm.unpack();
    expect([last, locks.flatMap(({ lacking }) => lacking)]).toEqual([last, []]);
    expect([...farm.listed('app'), ...farm.listed('core')]).toEqual(files.map(({ path }) => path));
    const state = JSON.parse(readFileSync(at(farm.disk(), 'edges', EDGE, 'state.json'), 'utf8'));
    expect(state.has).toEqual(files.map(({ sha256 }) => sha256).sort());
  }
});
