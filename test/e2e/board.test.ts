/** The bundle on the Node of a board (armhf, 32 bits, as Debian has it), under QEMU: it follows a centre, publishes, and pip installs from it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Client } from '../support/client.ts';
import { MadeCentre, pipLock } from '../support/made-centre.ts';
import { runProgram } from '../support/run-program.ts';
import { ServedKho } from '../support/served-kho.ts';
import { TestSite } from '../support/site.ts';
import { CACHE_DIR, KHO, venvProgram } from '../support/tools.ts';

const ROOT = join(CACHE_DIR, 'debian', 'armhf-node');
const BOARD = ['qemu-arm-static', '-L', ROOT, join(ROOT, 'usr/bin/node')] as const;

test('a board follows a centre, serves what came, and pip installs that with the centre gone', async () => {
  const [qemu, ...node] = BOARD;
  const board = (...words: string[]) => runProgram(qemu, [...node, KHO, ...words], { cwd: '/', limitMs: 120_000 });
  const { stdout } = await runProgram(qemu, [...node, '-p', 'process.arch']);
  expect(stdout.trim()).toBe('arm');
  const [centre, edge] = [await MadeCentre.start('field'), new TestSite()];
  onTestFinished(() => edge.close());
  let isStopped = false;
  onTestFinished(() => {
    if (!isStopped) centre.stop();
  });
  const members = { 'noise.txt': 'n'.repeat(200_000) };
  const old = centre.wheel({ name: 'sensors', version: '1.0', tag: 'py3-none-linux_armv7l', members });
  const core = centre.wheel({ name: 'core', version: '1.0' });
  centre.publish();
  edge.put('field/packages/.keep', '');
  const follow = `[follow]\nurl = "${centre.url}"\nneeds = ["field.txt"]\npythons = ["3.11"]\n`;
  edge.put('kho.toml', `[repositories.field]\nplatforms = ["armhf"]\n${follow}`);
  edge.put('field.txt', pipLock([old, core]));
  const first = await board('pull', '--site', edge.root);
  expect([first.exitCode, first.stderr, first.stdout]).toEqual([
    0,
    '',
    expect.stringContaining('2 files, 2 files new'),
  ]);
  const newer = centre.wheel({ name: 'sensors', version: '1.1', tag: 'py3-none-linux_armv7l', members });
  centre.publish();
  edge.put('field.txt', pipLock([newer, core]));
  const second = await board('pull', '--site', edge.root);
  expect([second.exitCode, second.stderr]).toEqual([0, '']);
  const check = await board('check', edge.root);
  expect([check.exitCode, check.stdout]).toEqual([0, expect.stringContaining('fine')]);
  centre.stop();
  isStopped = true;
  const served = await ServedKho.start(edge.root, { program: BOARD });
  onTestFinished(() => served.end('SIGTERM'));
  const client = new Client();
  const target = join(client.home, 'target');
  const words = [
    '-m',
    'pip',
    'install',
    '--no-input',
    '--index-url',
    `${served.url}/field/simple/`,
    '--target',
    target,
  ];
  const machine = ['--platform', 'linux_armv7l', '--python-version', '3.11', '--only-binary=:all:'];
  await client.run(venvProgram('pip-latest', 'python'), [...words, ...machine, 'sensors', 'core']);
  for (const name of ['sensors-1.1', 'core-1.0']) expect(existsSync(join(target, `${name}.dist-info`))).toBe(true);
});
