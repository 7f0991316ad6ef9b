/** `kho mirror`, from an index by a real nginx: pip installs what was ordered once that index is gone. */
import { chmodSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Client } from '../support/client.ts';
import { startNginx } from '../support/nginx.ts';
import { runProgram } from '../support/run-program.ts';
import { TestSite } from '../support/site.ts';
import { KHO, venvProgram } from '../support/tools.ts';

const MUSL = 'cp311-cp311-musllinux_1_2_x86_64';
const GLIBC = 'cp311-cp311-manylinux_2_17_x86_64';

let there: TestSite;
let here: TestSite;

beforeAll(() => {
  [there, here] = [new TestSite(), new TestSite()];
  for (const { root } of [there, here]) chmodSync(root, 0o755); // nginx reads them as somebody else
});
afterAll(() => {
  for (const site of [there, here]) site?.close();
});

test('what is ordered is installed after the other index is gone, and is kept in step with it before', async () => {
  for (const tag of [MUSL, GLIBC]) {
    there.wheel('all', { name: 'core', version: '1.4', tag, metadata: 'Requires-Dist: glue[fast]>=1' });
    there.wheel('all', { name: 'core', version: '1.5', tag, metadata: 'Requires-Dist: glue[fast]>=2' });
  }
  for (const version of ['1.0', '2.0'])
    there.wheel('all', {
      ...{ name: 'glue', version },
      metadata: ['Provides-Extra: fast', 'Requires-Dist: speed; extra == "fast"'],
    });
  there.wheel('all', { name: 'speed', version: '1.0' });
  await there.build();
  const nginx = await startNginx(there.root);
  here.put('glibc/packages/.keep', '');
  here.put(
    'kho.toml',
    `[upstreams.public]\nurl = "${nginx.url}/all/simple/"\n[repositories.glibc]\nplatforms = ["glibc-x86_64"]\n[repositories.glibc.mirror]\n` +
      'from = "public"\nprojects = ["core"]\nreleases = 2\npythons = ["3.11"]\nremove_after = "30d"\n',
  );
  await here.build();
  const kho = (...words: string[]) => runProgram(process.execPath, [KHO, 'mirror', '--site', here.root, ...words]);
  const dry = await kho('--dry-run');
  expect([dry.exitCode, dry.stdout]).toEqual([0, expect.stringContaining('glibc: 4 files to bring, ')]);
  expect(here.read('glibc/simple/index.html')).not.toContain('core');
  const run = await kho('--json');
  const { repositories, published } = JSON.parse(run.stdout);
  expect([run.exitCode, published, repositories[0].failed]).toEqual([0, true, []]);
  there.put(`all/packages/core-1.4-${GLIBC}.whl.yanked`, 'loses data\n');
  await there.build();
  expect((await kho()).stdout).toContain(`  yanks   core-1.4-${GLIBC}.whl: loses data`);
  expect(here.json('glibc/simple/core/index.json').files.map(({ yanked }: { yanked?: string }) => yanked)).toEqual([
    'loses data',
    undefined,
  ]);
  await nginx.stop();

  const own = await startNginx(here.root);
  const client = new Client();
  const target = join(client.home, 'target');
  const words = ['--index-url', `${own.url}/glibc/simple/`, '--target', target, '--only-binary=:all:'];
  const machine = ['--platform', 'manylinux_2_17_x86_64', '--python-version', '3.11', '--implementation', 'cp'];
  const pip = [...['-m', 'pip', 'install', '--no-input', '--isolated'], ...words, ...machine, 'core'];
  const installed = await client.tryToRun(venvProgram('pip-latest', 'python'), pip);
  await own.stop();
  expect([installed.exitCode, installed.stderr]).toEqual([0, expect.anything()]);
  for (const name of ['core-1.5', 'glue-2.0', 'speed-1.0'])
    expect(existsSync(join(target, `${name}.dist-info`))).toBe(true);
}, 60_000);
