/** A real centre, signed; a disk (exFAT, where this machine can mount one); and a farm without a line, whose pip installs what the disk brought. */
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Client } from '../support/client.ts';
import { copySite } from '../support/crash-site.ts';
import { ExfatDisk, hasExfatDisks } from '../support/exfat-disk.ts';
import { ProgramKiller } from '../support/kill-program.ts';
import { killsFor } from '../support/kill-writes.ts';
import { sha256 } from '../support/made-centre.ts';
import { runOrThrow, runProgram } from '../support/run-program.ts';
import { TestSite } from '../support/site.ts';
import { newSshKey, type TestKey } from '../support/ssh-keys.ts';
import { KHO, venvProgram } from '../support/tools.ts';

/** Spread over all calls; a run is a second or two. */
const KILLS = 2;

const kho = (...words: string[]) => runProgram(process.execPath, [KHO, ...words], { cwd: '/' });

function newSite(): TestSite {
  const site = new TestSite();
  onTestFinished(() => site.close());
  return site;
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kho-carried-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function newDisk(): string {
  if (!hasExfatDisks()) return newFolder();
  const disk = new ExfatDisk();
  onTestFinished(() => disk.close());
  return disk.folder;
}

/** A line of a lock for each of these packages of the centre. */
function lockOf(centre: TestSite, ...paths: string[]): string {
  return paths
    .map((path) => {
      const [name, version] = path.slice(path.lastIndexOf('/') + 1).split('-');
      return `${name}==${version} --hash=sha256:${sha256(readFileSync(join(centre.root, path)))}\n`;
    })
    .join('');
}

const allowing = ({ line }: TestKey) => `an@example.vn namespaces="kho" ${line}\n`;
const platforms = 'platforms = ["glibc-x86_64"]';
const packWords = (centre: TestSite) => [
  ...['pack', '--site', centre.root, '--for', 'farm-3', '--python', '3.11'],
  ...['-r', join(centre.root, 'field.txt')],
];
const pack = (centre: TestSite, ...disks: string[]) => kho(...packWords(centre), ...disks);

/** @param follow more of [follow] */
function newFarm(lock: string, follow = ''): TestSite {
  const farm = newSite();
  farm.put('common/packages/.keep', '');
  farm.put(
    'kho.toml',
    `[repositories.common]\n${platforms}\n[follow]\nneeds = ["locks/*.txt"]\npythons = ["3.11"]\n${follow}\n`,
  );
  farm.put('locks/field.txt', lock);
  return farm;
}

test('what a signed centre has comes by disk, pip installs it with hashes and no network, and the next disk carries only what lacks', async () => {
  const [an, binh] = [newSshKey(), newSshKey()];
  const centre = newSite();
  centre.put('kho.toml', `[repositories.common]\n${platforms}\nsync = true\nsign = true\n`);
  const app = centre.wheel('common', { name: 'app', version: '1.0', metadata: 'Requires-Dist: core' });
  const core = centre.wheel('common', { name: 'core', version: '1.0+farm.1' });
  centre.wheel('common', { name: 'other', version: '1.0' });
  await runOrThrow(process.execPath, [KHO, 'build', '--quiet', centre.root]);
  await runOrThrow(process.execPath, [KHO, 'sign', centre.root, '--key', an.path]);
  centre.put('field.txt', lockOf(centre, app, core));
  const disk = newDisk();
  const packed = await pack(centre, disk);
  expect([packed.exitCode, packed.stdout]).toEqual([0, expect.stringContaining('lacks 2 files')]);

  const lock = lockOf(centre, app, core);
  const stranger = newFarm(lock, 'allowed_signers = "allowed"');
  stranger.put('allowed', allowing(binh));
  const refused = await kho('unpack', '--site', stranger.root, disk);
  expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringContaining('the signature of its head')]);
  expect(readdirSync(join(stranger.root, 'common/packages'))).toEqual(['.keep']);

  const farm = newFarm(lock, 'allowed_signers = "allowed"');
  farm.put('allowed', allowing(an));
  const unpacked = await kho('unpack', '--site', farm.root, disk);
  expect([unpacked.exitCode, unpacked.stdout, unpacked.stderr]).toEqual([
    0,
    expect.stringContaining('the disk may be taken out'),
    '',
  ]);

  const client = new Client();
  const target = join(client.home, 'target');
  copyFileSync(join(farm.root, 'locks/field.txt'), join(client.home, 'field.txt'));
  const words = ['-m', 'pip', 'install', '--no-input', '--isolated', '--require-hashes', '-r', 'field.txt'];
  const index = ['--index-url', `file://${farm.root}/common/simple/`, '--target', target, '--only-binary=:all:'];
  const pip = await client.tryToRun(venvProgram('pip-latest', 'python'), [...words, ...index]);
  expect([pip.exitCode, pip.stderr]).toEqual([0, expect.anything()]);
  expect(['app-1.0', 'core-1.0+farm.1'].filter((name) => !existsSync(join(target, `${name}.dist-info`)))).toEqual([]);

  const newer = centre.wheel('common', { name: 'app', version: '2.0', metadata: 'Requires-Dist: core' });
  await runOrThrow(process.execPath, [KHO, 'build', '--quiet', centre.root]);
  await runOrThrow(process.execPath, [KHO, 'sign', centre.root, '--key', an.path]);
  centre.put('field.txt', lockOf(centre, newer, core));
  expect((await pack(centre, disk)).stdout).toContain('lacks 1 file,');
  farm.put('locks/field.txt', lockOf(centre, newer, core));
  expect((await kho('unpack', '--site', farm.root, disk)).exitCode).toBe(0);
  expect(farm.listed('common', 'app')).toContain('app-2.0-py3-none-any.whl');
  const head = join(disk, 'kho-carrier/edges/farm-3/head.json');
  writeFileSync(head, readFileSync(head, 'utf8').replace('"counter":', '"counter":1'));
  const tampered = await kho('unpack', '--site', farm.root, disk);
  expect([tampered.exitCode, tampered.stderr]).toEqual([2, expect.stringContaining('the signature of its head')]);
}, 60_000);

test('kho pack and kho unpack, killed at any moment, are ended by the next run', async () => {
  const centre = newSite();
  centre.put('kho.toml', `[repositories.common]\n${platforms}\nsync = true\n`);
  const files = ['app', 'core'].map((name) =>
    centre.wheel('common', { name, version: '1.0', members: { 'a.txt': name.repeat(9000) } }),
  );
  await runOrThrow(process.execPath, [KHO, 'build', '--quiet', centre.root]);
  centre.put('field.txt', lockOf(centre, ...files));
  const [whole, half] = [newFolder(), newFolder()];
  const words = packWords(centre);
  const [first, packing] = [new ProgramKiller([whole]), new ProgramKiller([half])];
  const farm = newFarm(lockOf(centre, ...files));
  const site = newSite();
  const [second, unpacking] = [new ProgramKiller([farm.root]), new ProgramKiller([site.root])];
  onTestFinished(() => [first, packing, second, unpacking].forEach((each) => void each.close()));
  const original = newSite();
  copySite(farm, original);

  const packKills = killsFor(await first.callsOf([...words, whole]));
  for (const kill of spread(packKills)) {
    rmSync(join(half, 'kho-carrier'), { recursive: true, force: true });
    await packing.kill([...words, half], kill);
    const isTold = existsSync(join(half, 'kho-carrier/edges/farm-3/head.json'));
    if (isTold) expect([kill, objectsOn(half)]).toEqual([kill, objectsOn(whole)]);
    expect([kill, (await pack(centre, half)).exitCode]).toEqual([kill, 0]);
    expect([kill, objectsOn(half)]).toEqual([kill, objectsOn(whole)]);
  }

  const kills = killsFor(await second.callsOf(['unpack', '--site', farm.root, whole]));
  expect(farm.listed('common', 'app')).toEqual(['app-1.0-py3-none-any.whl']);
  for (const kill of spread(kills)) {
    copySite(original, site);
    await unpacking.kill(['unpack', '--site', site.root, half], kill);
    expect([kill, (await kho('unpack', '--site', site.root, half)).exitCode]).toEqual([kill, 0]);
    expect([kill, site.listed('common', 'app'), site.listed('common', 'core')]).toEqual([
      kill,
      ['app-1.0-py3-none-any.whl'],
      ['core-1.0-py3-none-any.whl'],
    ]);
    expect([kill, (await kho('check', site.root)).exitCode]).toEqual([kill, 0]);
  }
}, 90_000);

function spread<T>(kills: readonly T[]): T[] {
  return Array.from({ length: KILLS }, (_, at) => kills[Math.floor(((at + 0.5) * kills.length) / KILLS)] as T);
}

/** Names and hashes. */
function objectsOn(disk: string): string[] {
  const folder = join(disk, 'kho-carrier/objects');
  return readdirSync(folder)
    .flatMap((name) =>
      readdirSync(join(folder, name)).map((each) => `${each} ${sha256(readFileSync(join(folder, name, each)))}`),
    )
    .sort();
}
