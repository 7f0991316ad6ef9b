/** The units and the crontab of `kho config`: judged by systemd, and their commands run. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { runOrThrow, runProgram } from '../support/run-program.ts';
import { TestSite } from '../support/site.ts';
import { KHO } from '../support/tools.ts';

let site: TestSite;
let folder: string;
beforeEach(async () => {
  site = new TestSite();
  site.wheel('glibc', { name: 'foo', version: '1.0' });
  folder = await mkdtemp(join(tmpdir(), 'kho-units-'));
});
afterEach(async () => {
  site.close();
  await rm(folder, { recursive: true });
});

async function config(...words: string[]): Promise<string> {
  const [program = '', ...rest] = words;
  // Whoever runs the tests: nobody else need be able to enter the folder that this clone is in.
  const user = ['--user', userInfo().username];
  return (await runOrThrow(process.execPath, [KHO, 'config', program, site.root, ...user, ...rest])).stdout;
}

/** Save each part under the name that its comment says. @returns their paths */
async function saveUnits(text: string): Promise<string[]> {
  const parts = text.split(/^# ---- \S+\/(\S+)\n/m).slice(1);
  const paths: string[] = [];
  for (let place = 0; place < parts.length; place += 2) {
    const path = join(folder, parts[place] as string);
    await writeFile(path, parts[place + 1] as string);
    paths.push(path);
  }
  return paths;
}

test.each([
  ['behind', 1],
  ['watch', 1],
  ['serve', 1],
  ['socket', 2],
] as const)('systemd finds no fault in the units of --mode %s, and little that they expose', async (mode, count) => {
  const units = await saveUnits(await config('systemd', '--mode', mode));
  expect(units).toHaveLength(count);
  const verified = await runProgram('systemd-analyze', ['verify', ...units]);
  expect(verified).toEqual({ exitCode: 0, stdout: '', stderr: '' });
  const service = units.at(-1) as string;
  // From 0 (nothing) to 100; a unit that says nothing of it has 96.
  const { exitCode } = await runProgram('systemd-analyze', ['security', '--offline=true', '--threshold=20', service]);
  expect(exitCode).toBe(0);
});

/** With as little power as the unit leaves it; only root can be somebody else. */
function asInUnit(user: number): string[] {
  const powers = ['--no-new-privs', '--bounding-set=-all', '--inh-caps=-all'];
  return process.getuid?.() === 0
    ? ['setpriv', '--reuid', String(user), '--regid', String(user), '--clear-groups', ...powers]
    : ['setpriv', '--no-new-privs'];
}

/** The command of a unit, which here needs none of systemd's quotes. Kho itself is copied: its folder may be closed to others. */
function commandOf(unit: string): string[] {
  const line = /^ExecStart=(.*)$/m.exec(unit)?.[1] ?? '';
  return line.split(' ').map((word) => (word === KHO ? join(folder, 'kho.cjs') : word));
}

async function untilServed(url: string): Promise<string> {
  for (let tries = 0; ; tries++) {
    const page = await fetch(url).catch(() => undefined);
    if (page?.status === 200) return page.text();
    if (tries > 200) throw new Error(`${url} is not served`);
    await sleep(50);
  }
}

test.each(['serve', 'socket'] as const)(
  'the command of --mode %s publishes and serves, as a user without powers',
  async (mode) => {
    const user = 54_330;
    const port = await freePort();
    copyFileSync(KHO, join(folder, 'kho.cjs'));
    await runOrThrow('chmod', ['-R', 'a+rX', folder]);
    if (process.getuid?.() === 0) await runOrThrow('chown', ['-R', String(user), site.root]);
    const listen = `127.0.0.1:${port}`;
    const words = commandOf(await config('systemd', '--mode', mode, '--listen', listen));
    const activate = mode === 'socket' ? ['systemd-socket-activate', '--listen', listen] : [];
    const [program = '', ...rest] = [...asInUnit(user), ...activate, ...words];
    const child = spawn(program, rest, { cwd: '/', env: { PATH: process.env['PATH'] }, stdio: 'ignore' });
    try {
      expect(await untilServed(`http://${listen}/glibc/simple/`)).toContain('foo');
      expect((await fetch(`http://${listen}/glibc/packages/foo-1.0-py3-none-any.whl.metadata`)).status).toBe(200);
    } finally {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    }
    expect(child.exitCode).toBe(0);
  },
);

test('the command of --mode behind answers on its socket, and takes over what a killed one left', async () => {
  const socketPath = join(folder, 'kho.sock');
  const [program = '', ...words] = commandOf(await config('systemd', '--socket', socketPath));
  copyFileSync(KHO, join(folder, 'kho.cjs'));
  for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
    const child = spawn(program, words, { cwd: '/', env: { PATH: process.env['PATH'] }, stdio: 'ignore' });
    let status: number | undefined;
    for (let tries = 0; status !== 200 && tries < 400; tries++) {
      status = await new Promise((resolve) => {
        const asked = request({ socketPath, path: '/glibc/simple/foo/', agent: false }).end();
        asked.on('response', (answer) => resolve(answer.resume().statusCode)).on('error', () => resolve(undefined));
      });
      if (status !== 200) await sleep(50);
    }
    expect(status).toBe(200);
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
    expect(existsSync(socketPath)).toBe(signal === 'SIGKILL');
  }
});

test('the command of the crontab publishes the site', async () => {
  const line = (await config('cron')).split('\n').find((text) => text.startsWith('*/'));
  const command = line?.split(/ {2}/).at(-1)?.replaceAll('\\%', '%') ?? '';
  expect(await runProgram('sh', ['-c', command])).toEqual({ exitCode: 0, stdout: '', stderr: '' });
  expect(site.listed('glibc', 'foo')).toEqual(['foo-1.0-py3-none-any.whl']);
});
