/** SIGTERM and SIGINT end kho within ten seconds, whatever a thread waits for. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { TestSite } from '../support/site.ts';
import { KHO, PROJECT_DIR } from '../support/tools.ts';

const END_MS = 10_000;

const sites: TestSite[] = [];
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const site of sites.splice(0)) site.close();
});

function makeSite(): TestSite {
  const site = new TestSite();
  sites.push(site);
  site.wheel('glibc', { name: 'foo', version: '1.0' });
  return site;
}

async function start(words: string[], until: string): Promise<{ child: ChildProcess; said: () => string }> {
  const child = spawn(process.execPath, words, { cwd: PROJECT_DIR, stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  let output = '';
  child.stdout?.on('data', (text) => {
    output += text;
  });
  for (const limit = Date.now() + 20_000; !output.includes(until); await sleep(20)) {
    if (Date.now() > limit) throw new Error(`${words.join(' ')} said:\n${output}`);
  }
  return { child, said: () => output };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<{ ms: number; by: NodeJS.Signals | number }> {
  const began = performance.now();
  const ended = once(child, 'exit');
  child.kill(signal);
  const [code, by] = await ended;
  return { ms: performance.now() - began, by: by ?? code };
}

test.each(['SIGTERM', 'SIGINT'] as const)(
  'a thread that waits in a system call does not outlive %s',
  async (signal) => {
    const site = makeSite();
    const pipe = join(site.root, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const service = join('test', 'support', 'stuck-service.ts');
    const { child, said } = await start(['--import', 'tsx', service, pipe], 'stalled');
    const { ms, by } = await end(child, signal);
    expect(by).toBe('SIGKILL');
    expect(ms).toBeLessThan(END_MS);
    expect(said()).toContain('Cannot end in time');
  },
);

test.each([['watch'], ['serve', '--port', '0']])('kho %s ends at once when nothing is under way', async (...words) => {
  const site = makeSite();
  const { child } = await start([KHO, ...words, site.root, '--log', 'json'], '"watching"');
  const { ms, by } = await end(child, 'SIGTERM');
  expect(by).toBe(0);
  expect(ms).toBeLessThan(2000);
});

test.each([['watch'], ['serve', '--port', '0']])('kho %s ends in time though a build never does', async (...words) => {
  const site = makeSite();
  site.put('kho.toml', '');
  const { child } = await start([KHO, ...words, site.root, '--log', 'json'], '"watching"');
  site.remove('kho.toml');
  execFileSync('mkfifo', [join(site.root, 'kho.toml')]);
  await sleep(1500);
  expect((await end(child, 'SIGTERM')).ms).toBeLessThan(END_MS);
});
