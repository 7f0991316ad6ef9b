/**
 * Wheels whose names look alike, and real machines of three kinds that install them: glibc, musl, and 32-bit ARM (in QEMU).
 * The commands of README.md, and what it says of the old recipe.
 */
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type CompileOptions, compileWheel } from '../support/compile-wheel.ts';
import { Machine, type MachineName } from '../support/machine.ts';
import { type Nginx, startNginx } from '../support/nginx.ts';
import { buildOldRecipe } from '../support/old-recipe.ts';
import { TestSite } from '../support/site.ts';

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
async function installOn(name: MachineName, repository: string) {
  const machine = await Machine.start(name);
  const installed = await machine.install(`${nginx.url}/${join(repository, 'simple')}/`, 'farm-sensors');
  const read = await machine.readSensor();
  return { pip: installed.stdout + installed.stderr, installed: installed.exitCode, says: read.stdout + read.stderr };
}

const WORKS = { installed: 0, says: '21 C\n' };

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
