/**
 * Wheels whose names look alike, and real machines of three kinds that install them: glibc, musl, and 32-bit ARM (in QEMU).
 * The commands of README.md, and what it says of the old recipe.
 */
import { chmodSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type CompileOptions, compileWheel } from '../support/compile-wheel.ts';
import { Machine, type MachineName } from '../support/machine.ts';
import { makeWheel, wheelFilename } from '../support/make-package.ts';
import { type Nginx, startNginx } from '../support/nginx.ts';
import { buildOldRecipe } from '../support/old-recipe.ts';
import { runOrThrow } from '../support/run-program.ts';
import { TestSite } from '../support/site.ts';
import { KHO } from '../support/tools.ts';
import { Watched } from '../support/watched.ts';

const LOOK_ALIKE = 'farm_sensors-1.0-cp39-abi3-linux_x86_64.whl';

let site: TestSite;
let nginx: Nginx;
beforeEach(async () => {
  site = new TestSite();
  chmodSync(site.root, 0o755);
  nginx = await startNginx(site.root);
});
afterEach(async () => {
  await nginx.stop();
  site.close();
});

/** Put a wheel into a folder of the site, as `scp` would. @returns its name */
function upload(folder: string, options: CompileOptions): string {
  const { filename, bytes } = compileWheel(options);
  site.put(join(folder, filename), bytes);
  return filename;
}

/** Installs on a new machine from the index of this repository, then uses what it got: what each of both said. */
async function installOn(name: MachineName, repository: string, project = 'farm-sensors') {
  const machine = await Machine.start(name);
  const installed = await machine.install(`${nginx.url}/${join(repository, 'simple')}/`, project);
  const read = await machine.readSensor();
  return {
    pip: installed.stdout + installed.stderr,
    installed: installed.exitCode,
    exitCode: read.exitCode, // null when it crashed
    says: read.stdout + read.stderr,
  };
}

async function kho(...words: string[]): Promise<string> {
  const { stdout, stderr } = await runOrThrow(process.execPath, [KHO, ...words], { cwd: site.root });
  return stdout + stderr;
}

const WORKS = { installed: 0, exitCode: 0, says: '21 C\n' };

describe('the old recipe', () => {
  test('with one folder: the last upload wins, and Debian gets the wheel of Alpine', async () => {
    const first = upload('packages', { target: 'glibc' });
    const second = upload('packages', { target: 'musl' });
    expect([first, second]).toEqual([LOOK_ALIKE, LOOK_ALIKE]);
    await buildOldRecipe(site.root);
    const onDebian = await installOn('glibc', '');
    expect(onDebian.pip).toContain('Successfully installed farm-sensors-1.0');
    expect(onDebian.says).toContain('ImportError: libc.musl-x86_64.so.1: cannot open shared object file');
    expect(await installOn('musl-1.2.3', '')).toMatchObject(WORKS);
  });

  test('with a folder for each: one upload into the wrong one is enough', async () => {
    upload('glibc/packages', { target: 'musl' });
    upload('musl/packages', { target: 'glibc' });
    for (const repository of ['glibc', 'musl']) await buildOldRecipe(join(site.root, repository));
    const onDebian = await installOn('glibc', 'glibc');
    expect(onDebian).toMatchObject({ installed: 0 });
    expect(onDebian.says).toContain('ImportError: libc.musl-x86_64.so.1');
    const onAlpine = await installOn('musl-1.2.3', 'musl');
    expect(onAlpine).toMatchObject({ installed: 0 });
    expect(onAlpine.says).toContain('__snprintf_chk: symbol not found');
  });
});

/** Three kinds of machines, and what fits all of them. */
const THREE = `
[repositories.glibc]
include = ["common"]
platforms = ["glibc-x86_64"]

[repositories.musl]
include = ["common"]
platforms = ["musl-x86_64"]

[repositories.armhf]
include = ["common"]
platforms = ["armhf"]

[repositories.common]
platforms = []
`;

/** Wheels as three build machines send them, each into a folder of its own: two have the same name. */
function dropAll(): void {
  upload('incoming/debian', { target: 'glibc' });
  upload('incoming/alpine', { target: 'musl' });
  upload('incoming/board', { target: 'armhf' });
}

describe('kho', () => {
  test('sorts one drop, and each machine gets its own from its own index', async () => {
    site.put('kho.toml', THREE);
    for (const name of ['glibc', 'musl', 'armhf', 'common']) site.put(`${name}/packages/.keep`, '');
    const watched = await Watched.start(site.root);
    dropAll();
    const tools = { name: 'farm-tools', version: '1.0', metadata: 'Requires-Dist: farm-sensors' };
    site.put(`incoming/${wheelFilename(tools)}`, makeWheel(tools));
    for (const repository of ['glibc', 'musl', 'armhf']) {
      await watched.event((it) => it.event === 'file' && it.file.startsWith(`${repository}/packages/farm_sensors`));
    }
    await watched.event((it) => it.event === 'file' && it.file.startsWith('common/packages/farm_tools'));
    await watched.event(({ event }) => event === 'built');
    expect(await watched.stop()).toBe(0);

    for (const [machine, repository] of [
      ['glibc', 'glibc'],
      ['musl-1.2.3', 'musl'],
      ['armhf-debian-12', 'armhf'],
    ] as const) {
      const { pip, ...result } = await installOn(machine, repository, 'farm-tools');
      expect(result, `${machine}: ${pip}`).toEqual(WORKS);
      expect(pip).toContain('Successfully installed farm-sensors-1.0 farm-tools-1.0');
    }
  });

  test('holds a wheel in the wrong folder, with no setting at all, so that pip takes the release before', async () => {
    upload('glibc/packages', { target: 'glibc' });
    upload('glibc/packages', { target: 'musl', version: '1.1' });
    upload('musl/packages', { target: 'musl' });
    const said = await kho('build');
    expect(said).toContain('glibc/packages/farm_sensors-1.1-cp39-abi3-linux_x86_64.whl');
    expect(said).toContain('was built on Alpine (needs libc.musl-x86_64.so.1)');
    expect(said).toContain('[wrong-platform]');
    expect(said).toContain('hint: move it to musl/packages/');
    expect(await installOn('glibc', 'glibc')).toMatchObject(WORKS);

    await rename(
      join(site.root, 'glibc/packages', LOOK_ALIKE.replace('1.0', '1.1')),
      join(site.root, 'musl/packages', LOOK_ALIKE.replace('1.0', '1.1')),
    );
    expect(await kho('build')).not.toContain('wrong-platform');
    const onAlpine = await installOn('musl-1.2.3', 'musl');
    expect(onAlpine).toMatchObject(WORKS);
    expect(onAlpine.pip).toContain('Successfully installed farm-sensors-1.1');
  });

  test('serves all of them from one index, once the names tell the truth', async () => {
    site.put('kho.toml', '[repositories.all]\nplatforms = ["*"]\nretag = true\n');
    site.put('all/packages/.keep', '');
    dropAll();
    await kho('build', '--strict');
    expect(site.listed('all', 'farm-sensors').toSorted()).toEqual([
      'farm_sensors-1.0-cp39-abi3-manylinux_2_17_armv7l.whl',
      'farm_sensors-1.0-cp39-abi3-manylinux_2_5_x86_64.whl',
      'farm_sensors-1.0-cp39-abi3-musllinux_1_2_x86_64.whl',
    ]);
    for (const machine of ['glibc', 'musl-1.2.3', 'armhf-debian-12'] as const) {
      const { pip, ...result } = await installOn(machine, 'all');
      expect(result, `${machine}: ${pip}`).toEqual(WORKS);
    }
  });
});

describe('the oldest machine', () => {
  /** What two machines of different age make of release 1.1, which needs the newer one: once without kho's limit, and once with it. */
  const install = async (machine: MachineName) => installOn(machine, '');

  test.each([
    {
      what: 'a board with Debian 11',
      limit: 'platforms = ["armhf"]\nglibc = "2.31"',
      needs: { target: 'armhf', threads: true },
      why: 'needs glibc 2.34, and "." serves machines that have 2.31',
      older: 'armhf-debian-11',
      newer: 'armhf-debian-12',
      fails: { exitCode: 1, says: "version `GLIBC_2.34' not found" },
    },
    {
      what: 'an Alpine with musl 1.2.3',
      limit: 'platforms = ["musl-x86_64"]\nmusl = "1.2.3"',
      needs: { target: 'musl', packed: true },
      why: 'needs musl 1.2.4, and "." serves machines that have 1.2.3',
      older: 'musl-1.2.3',
      newer: 'musl-1.2.5',
      fails: { exitCode: null, says: '' },
    },
  ] as const)('$what: it gets the release that it can run', async ({ limit, needs, why, older, newer, fails }) => {
    upload('packages', { target: needs.target });
    upload('packages', { ...needs, version: '1.1' });
    site.put('kho.toml', `[repositories."."]\n${limit.replace(/^(?:glibc|musl) = .*$/m, '')}\n`);
    await kho('build', '--strict');
    expect((await install(newer)).pip).toContain('farm-sensors-1.1');
    const failed = await install(older);
    expect(failed).toMatchObject({ installed: 0, exitCode: fails.exitCode });
    expect(failed.pip).toContain('farm-sensors-1.1');
    expect(failed.says).toContain(fails.says);

    site.put('kho.toml', `[repositories."."]\n${limit}\n`);
    const said = await kho('build');
    expect(said).toContain(why);
    expect(said).toContain('[needs-newer-libc]');
    const works = await install(older);
    expect(works).toMatchObject(WORKS);
    expect(works.pip).toContain('farm-sensors-1.0');
  });
});
