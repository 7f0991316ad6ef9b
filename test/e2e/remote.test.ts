/** A site that kho serves is changed from elsewhere, and pip sees it once the command returns; who may only read is told how the site is. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test, vi } from 'vitest';
import { addToken } from '../../src/access/edit-tokens.ts';
import { loadSite } from '../../src/config/load-config.ts';
import { bundleAsUser } from '../support/bundle-as-user.ts';
import { Client } from '../support/client.ts';
import { runProgram } from '../support/run-program.ts';
import { TestSite } from '../support/site.ts';
import { KHO, venvProgram } from '../support/tools.ts';

/** Of nobody, who may read what all may read. */
const NOBODY = 65_534;
const IS_ROOT = process.getuid?.() === 0;
const nobody = bundleAsUser(IS_ROOT ? { uid: NOBODY, gid: NOBODY } : {});

async function serve(bundle: string, root: string): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [bundle, 'serve', root, '--port', '0', '--log', 'json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let url = '';
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    const { event, url: at } = JSON.parse(line);
    if (event === 'serving') url = at;
    if (event === 'watching') break;
  }
  child.stdout?.resume();
  return { child, url };
}

test('kho yank --at: pip passes a version over once it returns; kho status tells how that site is, to nobody too', async () => {
  const outside = mkdtempSync(join(tmpdir(), 'kho-remote-'));
  onTestFinished(() => rmSync(outside, { recursive: true }));
  const site = new TestSite();
  onTestFinished(() => site.close());
  chmodSync(site.root, 0o755);
  site.put('kho.toml', '[upload]\nenabled = true\nkeep_free = "1 MB"\n');
  for (const version of ['1.0', '2.0']) site.wheel('glibc', { name: 'farm', version });
  const { config } = await loadSite(site.root);
  await site.build();
  const wanted = { name: 'ops', rights: ['yank'] as const, repositories: ['glibc'], projects: [] };
  const { secret } = await addToken(config, wanted, { now: Date.now() });
  const { child, url } = await serve(KHO, site.root);

  const client = new Client();
  const kho = (...words: string[]) =>
    runProgram(process.execPath, [KHO, ...words], { env: { ...process.env, KHO_TOKEN: secret }, cwd: '/' });
  const installed = async () => {
    const target = mkdtempSync(join(outside, 'target-'));
    const words = [
      '-m',
      'pip',
      'install',
      '--no-cache-dir',
      '--target',
      target,
      '--index-url',
      `${url}/glibc/simple/`,
      'farm',
    ];
    await client.run(venvProgram('pip-latest', 'python'), words);
    return readdirSync(target).filter((name) => name.endsWith('.dist-info'));
  };
  expect(await installed()).toEqual(['farm-2.0.dist-info']);
  const yanked = await kho('yank', 'farm==2.0', '--reason', 'broken', '--at', url);
  expect(yanked).toMatchObject({ exitCode: 0, stdout: 'glibc/packages/farm-2.0-py3-none-any.whl: yanked\n' });
  expect(await installed()).toEqual(['farm-1.0.dist-info']);
  expect((await kho('remove', 'farm==1.0', '--yes', '--force', '--at', url)).stderr).toContain('may not remove here');

  const page = 'glibc/project/farm/2.0/index.html';
  const changedMs = (path: string) => statSync(join(site.root, path)).ctimeMs;
  await vi.waitFor(() => {
    expect(site.read(page)).toContain('broken'); // pages for people follow a second later
    expect(changedMs('.kho/pages')).toBeGreaterThanOrEqual(changedMs(page)); // and are remembered
    expect(readdirSync(join(site.root, '.kho'))).not.toContain('pages-journal'); // last of all
  }, 30_000);
  const everything = () =>
    readdirSync(site.root, { recursive: true, encoding: 'utf8' })
      .filter((path) => !/^\.kho\/service$/.test(path) && !/(?:^|\/)\.kho-\d/.test(path)) // the service goes on
      .map((path) => `${path} ${statSync(join(site.root, path)).ctimeMs}`)
      .filter((line) => !line.startsWith('.kho '))
      .sort();
  const before = everything();
  const told = nobody.run('status', site.root, '--json');
  expect([told.status, told.stderr]).toEqual([0, '']);
  const status = JSON.parse(told.stdout);
  expect(status).toMatchObject({ state: 'well', service: { command: 'serve', pid: child.pid, isAlive: true, url } });
  if (IS_ROOT) expect([status.tokens, status.stores[0].bytes]).toEqual([null, undefined]);
  expect(everything()).toEqual(before);

  child.kill('SIGKILL');
  await once(child, 'exit');
  const dead = await kho('status', site.root);
  expect([dead.exitCode, dead.stdout]).toEqual([2, expect.stringContaining('ended without a word')]);
});
