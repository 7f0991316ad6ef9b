/** What goes where: files for several repositories, wheels that get another name, files that none takes. */
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type BinaryWheelOptions, MODULES, makeBinaryWheel } from '../../test/support/make-binary-wheel.ts';
import { makeSdist, makeWheel } from '../../test/support/make-package.ts';
import { TestSite } from '../../test/support/site.ts';
import { runStopped } from '../../test/support/stop-writes.ts';
import { loadSite } from '../config/load-config.ts';
import { takeIncoming } from './take-incoming.ts';

let site: TestSite;
const INCLUDE = '[repositories]\nglibc.include = ["common"]\nmusl.include = ["common"]\narmhf.include = ["common"]\n';
beforeEach(() => {
  site = new TestSite();
  for (const name of ['glibc', 'musl', 'armhf', 'common'])
    mkdirSync(join(site.root, name, 'packages'), { recursive: true });
  site.put('kho.toml', INCLUDE);
});
afterEach(() => site.close());

const LINUX = 'foo-1.0-cp311-cp311-linux_x86_64.whl';
const MUSLLINUX = 'foo-1.0-cp311-cp311-musllinux_1_2_x86_64.whl';
const wheel = (options: Partial<BinaryWheelOptions>) =>
  makeBinaryWheel({ name: 'foo', version: '1.0', module: MODULES.glibc, ...options });
const NOTHING = { moved: [], problems: [], events: [] };

async function take() {
  const { config } = await loadSite(site.root);
  return takeIncoming(config, { now: Date.now() });
}
const paths = () => Object.keys(site.snapshot()).filter((path) => path !== 'kho.toml');
const codes = (problems: { code: string; what: string }[]) => problems.map(({ code }) => code);

test('takeIncoming() fills three repositories with one drop of look-alikes', async () => {
  site.put(`incoming/a/${LINUX}`, wheel({ module: MODULES.glibc }));
  site.put(`incoming/b/${LINUX}`, wheel({ module: MODULES.musl }));
  site.put('incoming/foo-1.0-cp311-cp311-linux_armv7l.whl', wheel({ module: MODULES.armhf, platform: 'linux_armv7l' }));
  site.put('incoming/bar-1.0-cp311-cp311-linux_x86_64.whl', wheel({ name: 'bar', module: MODULES.neutral }));
  site.put('incoming/baz-1.0-py3-none-any.whl', makeWheel({ name: 'baz', version: '1.0' }));
  site.put('incoming/baz-1.0.tar.gz', makeSdist({ name: 'baz', version: '1.0' }));
  const taken = await take();
  expect([taken.problems, taken.events]).toEqual([[], []]);
  const expected = [
    'armhf/packages/foo-1.0-cp311-cp311-linux_armv7l.whl',
    'common/packages/baz-1.0-py3-none-any.whl',
    'common/packages/baz-1.0.tar.gz',
    'glibc/packages/bar-1.0-cp311-cp311-linux_x86_64.whl',
    'glibc/packages/foo-1.0-cp311-cp311-linux_armv7l.whl',
    `glibc/packages/${LINUX}`,
    'musl/packages/bar-1.0-cp311-cp311-linux_x86_64.whl',
    `musl/packages/${LINUX}`,
  ];
  expect(paths()).toEqual(expected);
  expect(taken.moved.map(({ to }) => to).sort()).toEqual(expected);
  const inodes = expected.map((path) => statSync(join(site.root, path)).ino);
  expect(new Set(inodes).size).toBe(expected.length); // never two names of one inode
  expect(expected.map((path) => statSync(join(site.root, path)).nlink)).toEqual(expected.map(() => 1));
  expect((await site.build()).problems).toEqual([]);
  expect(site.listed('armhf', 'baz')).toHaveLength(2);
});

test('takeIncoming() refuses what no repository takes, and says why and what to do', async () => {
  site.put('incoming/foo-1.0-cp311-cp311-win_amd64.whl', wheel({ platform: 'win_amd64' }));
  site.put(
    'incoming/foo-1.0-cp311-cp311-manylinux_2_17_x86_64.whl',
    wheel({ module: MODULES.musl, platform: 'manylinux_2_17_x86_64' }),
  );
  site.put('incoming/foo-1.0-cp311-cp311-manylinux_2_17_x86_64.whl.asc', 'signature');
  const { moved, problems, events } = await take();
  expect([moved, problems, codes(events)]).toEqual([[], [], ['refused', 'refused']]);
  expect(events[0]?.what).toContain(
    ': it was built on Alpine (needs libc.musl-x86_64.so.1), named manylinux_2_17_x86_64',
  );
  expect(paths().map((path) => path.replace('incoming/refused/foo-1.0-cp311-cp311-', ''))).toEqual([
    'manylinux_2_17_x86_64.whl',
    'manylinux_2_17_x86_64.whl.asc',
    'manylinux_2_17_x86_64.whl.txt',
    'win_amd64.whl',
    'win_amd64.whl.txt',
  ]);
  const why = site.read('incoming/refused/foo-1.0-cp311-cp311-win_amd64.whl.txt');
  expect(why).toContain('no repository of this site takes it');
  expect(why).toContain('is for windows-amd64, and "musl" is for musl');
  expect(why).toContain('make one for windows-amd64');
  expect(await take()).toEqual(NOTHING);
});

test('takeIncoming() refuses for all when one repository has other bytes; same bytes again are silent', async () => {
  const neutral = wheel({ module: MODULES.neutral });
  site.put(`musl/packages/${LINUX}`, wheel({ module: MODULES.musl }));
  site.put(`incoming/${LINUX}`, neutral);
  expect(codes((await take()).events)).toEqual(['refused']);
  expect(existsSync(join(site.root, 'glibc/packages', LINUX))).toBe(false);
  expect(site.read(`incoming/refused/${LINUX}.txt`)).toContain(`in the way: musl/packages/${LINUX}`);

  site.put(`musl/packages/${LINUX}`, neutral);
  site.put(`incoming/${LINUX}`, neutral);
  expect((await take()).moved).toEqual([{ file: `incoming/${LINUX}`, to: `glibc/packages/${LINUX}` }]);
  site.put(`incoming/${LINUX}`, neutral);
  expect(await take()).toEqual(NOTHING);
  expect(existsSync(join(site.root, 'incoming', LINUX))).toBe(false);
});

test('takeIncoming() takes side-files to each repository, also when they come later', async () => {
  site.put(`incoming/${LINUX}`, wheel({ module: MODULES.neutral }));
  site.put(`incoming/${LINUX}.asc`, 'signature');
  await take();
  site.put(`incoming/${LINUX}.yanked`, 'broken');
  await take();
  for (const repository of ['glibc', 'musl']) {
    expect(readdirSync(join(site.root, repository, 'packages'))).toEqual([LINUX, `${LINUX}.asc`, `${LINUX}.yanked`]);
  }
  site.put(`musl/packages/${LINUX}`, wheel({ module: MODULES.musl }));
  site.put(`incoming/${LINUX}.provenance`, '{}');
  const { problems } = await take();
  const hint = `put it beside the one of glibc/packages/${LINUX}, musl/packages/${LINUX} that it is for`;
  expect(problems).toMatchObject([{ code: 'undecided', what: 'may be for any of several files', hint }]);
});

test('takeIncoming() gives wheels their true names where kho.toml says so, keeps the originals, and is silent the second time', async () => {
  site.put('kho.toml', `${INCLUDE}glibc.retag = true\nmusl.retag = true\n`);
  const musl = wheel({ module: MODULES.musl });
  const drop = () => {
    site.put(`incoming/${LINUX}`, musl);
    site.put(`incoming/${LINUX}.asc`, 'signature');
    site.put(`incoming/${LINUX}.yanked`, 'broken');
  };
  drop();
  const taken = await take();
  expect(taken.problems).toEqual([]);
  expect(taken.events).toMatchObject([{ code: 'retagged', what: expect.stringContaining('musl 1.2 is assumed') }]);
  expect(taken.moved.map(({ to }) => to).sort()).toEqual([
    `musl/packages/${MUSLLINUX}`,
    `musl/packages/${MUSLLINUX}.yanked`,
  ]);
  const expected = [
    `musl/packages/${MUSLLINUX}`,
    `musl/packages/${MUSLLINUX}.yanked`,
    `originals/musl/${LINUX}`,
    `originals/musl/${LINUX}.asc`,
  ];
  expect(paths()).toEqual(expected);
  expect(site.read(`originals/musl/${LINUX}`)).toBe(Buffer.from(musl).toString('utf8'));
  const first = site.snapshot();
  drop();
  expect(await take()).toEqual(NOTHING);
  expect(site.snapshot()).toEqual(first);

  site.remove(`musl/packages/${MUSLLINUX}`); // taken out by hand, and wanted again
  drop();
  await take();
  expect(site.snapshot()).toEqual(first);
  expect((await site.build()).problems).toEqual([]);
  expect(site.listed('musl', 'foo')).toEqual([MUSLLINUX]);
  expect(existsSync(join(site.root, 'originals/simple'))).toBe(false);
});

test('takeIncoming() refuses other bytes for a name that was retagged', async () => {
  site.put('kho.toml', `${INCLUDE}musl.retag = true\n`);
  site.put(`incoming/${LINUX}`, wheel({ module: MODULES.musl }));
  await take();
  site.put(`incoming/${LINUX}`, wheel({ module: MODULES.musl, description: 'other' }));
  const { events, moved } = await take();
  expect([codes(events), moved]).toEqual([['refused'], []]);
  expect(existsSync(join(site.root, 'musl/packages', LINUX))).toBe(false);
  expect(readdirSync(join(site.root, 'musl/packages'))).toEqual([MUSLLINUX]);
});

test('takeIncoming() keeps apart in one repository what had one name, once the true names differ', async () => {
  const all = 'all/packages';
  site.put('kho.toml', '[repositories.all]\nplatforms = ["*"]\nretag = true\n');
  for (const name of ['glibc', 'musl', 'armhf', 'common']) site.remove(name);
  mkdirSync(join(site.root, all), { recursive: true });
  const MANYLINUX = 'foo-1.0-cp311-cp311-manylinux_2_17_x86_64.whl';
  const drop = () => {
    site.put(`incoming/alpine/${LINUX}`, wheel({ module: MODULES.musl }));
    site.put(`incoming/debian/${LINUX}`, wheel({ module: MODULES.glibc }));
  };
  drop();
  const { events } = await take();
  expect(codes(events)).toEqual(['retagged', 'retagged']);
  expect(events.map(({ what }) => what)).toEqual([
    `is now ${all}/${MUSLLINUX}; that it was built for musl 1.2 is assumed`,
    `is now ${all}/${MANYLINUX}`,
  ]);
  const expected = [`${all}/${MANYLINUX}`, `${all}/${MUSLLINUX}`, `originals/all/${LINUX}`, `originals/all/${LINUX}.2`];
  expect(paths()).toEqual(expected);
  drop();
  expect(await take()).toEqual(NOTHING);

  site.remove(`${all}/${MANYLINUX}`); // taken out by hand, and wanted again: the other one does not stand for it
  drop();
  await take();
  expect(paths()).toEqual(expected);
});

test('takeIncoming() retags for one repository and leaves the name for another', async () => {
  site.put('kho.toml', `${INCLUDE}musl.retag = true\n`);
  site.put(`incoming/${LINUX}`, wheel({ module: MODULES.neutral }));
  await take();
  expect(paths()).toEqual([
    `glibc/packages/${LINUX}`,
    'musl/packages/foo-1.0-cp311-cp311-manylinux_2_5_x86_64.musllinux_1_2_x86_64.whl',
    `originals/musl/${LINUX}`,
  ]);
});

test('takeIncoming() keeps again what was lost in originals/, and leaves the wheel that is there', async () => {
  site.put('kho.toml', `${INCLUDE}musl.retag = true\n`);
  const drop = () => site.put(`incoming/${LINUX}`, wheel({ module: MODULES.musl }));
  drop();
  await take();
  site.remove('originals');
  drop();
  expect((await take()).moved).toEqual([]);
  expect(paths()).toEqual([`musl/packages/${MUSLLINUX}`, `originals/musl/${LINUX}`]);
});

test('takeIncoming() takes nothing that is there under its true name, also where no name is changed any more', async () => {
  site.put('kho.toml', `${INCLUDE}musl.retag = true\n`);
  const drop = () => site.put(`incoming/${LINUX}`, wheel({ module: MODULES.musl }));
  drop();
  await take();
  site.put('kho.toml', INCLUDE);
  drop();
  expect(await take()).toEqual(NOTHING);
  expect(paths()).toEqual([`musl/packages/${MUSLLINUX}`, `originals/musl/${LINUX}`]);
});

test('takeIncoming() leaves the name of what was there before names were changed', async () => {
  site.put(`musl/packages/${LINUX}`, wheel({ module: MODULES.musl }));
  site.put('kho.toml', `${INCLUDE}musl.retag = true\n`);
  site.put(`incoming/${LINUX}`, wheel({ module: MODULES.musl }));
  expect((await take()).moved).toEqual([]);
  expect(paths()).toEqual([`musl/packages/${LINUX}`]);
});

test('takeIncoming() waits with a wheel for several repositories while one of its places is written', async () => {
  site.put(`incoming/${LINUX}`, wheel({ module: MODULES.neutral }));
  const { config } = await loadSite(site.root);
  const busy = new Set([`musl/packages/${LINUX}`]);
  expect(await takeIncoming(config, { now: Date.now(), busy })).toEqual(NOTHING);
  expect(paths()).toEqual([`incoming/${LINUX}`]);
});

test('takeIncoming() leaves a wheel its name that has no truer one, and says why', async () => {
  site.put('kho.toml', `${INCLUDE}glibc.retag = true\n`);
  const needed = ['libc.so.6', 'libpq.so.5'];
  site.put(`incoming/${LINUX}`, wheel({ module: { ...MODULES.glibc, needed } }));
  const { events } = await take();
  expect(events).toMatchObject([
    { code: 'retagged', what: expect.stringContaining('it needs libpq.so.5, which no tag but') },
  ]);
  expect(paths()).toEqual([`glibc/packages/${LINUX}`]);
});

test('takeIncoming(), stopped at any write while it fills and retags, loses nothing and goes on', async () => {
  const wheels = [wheel({ module: MODULES.neutral }), wheel({ module: MODULES.musl, version: '2.0' })] as const;
  const settings = `${INCLUDE}musl.retag = true\n`;
  const reset = () => {
    for (const name of ['.kho', 'incoming', 'originals', 'glibc', 'musl']) {
      rmSync(join(site.root, name), { recursive: true, force: true });
    }
    for (const name of ['glibc', 'musl']) mkdirSync(join(site.root, name, 'packages'), { recursive: true });
    site.put('kho.toml', settings);
    site.put(`incoming/${LINUX}`, wheels[0]);
    site.put(`incoming/${LINUX}.yanked`, 'broken');
    site.put('incoming/foo-2.0-cp311-cp311-linux_x86_64.whl', wheels[1]);
  };
  reset();
  const dropped = new Set(Object.values(site.snapshot()));
  await take();
  const after = site.snapshot();
  let isDone = false;
  for (let last = 0; !isDone; last++) {
    reset();
    isDone = await runStopped(last, take);
    const left = new Set(Object.values(site.snapshot()));
    expect(
      [...dropped].filter((sha256) => !left.has(sha256)),
      `lost after write ${last}`,
    ).toEqual([]);
    rmSync(join(site.root, '.kho/lock'), { force: true });
    await take();
    expect(site.snapshot(), `the run after write ${last}`).toEqual(after);
    expect(last).toBeLessThan(80);
    if (isDone) expect(last).toBeGreaterThan(10);
  }
});
