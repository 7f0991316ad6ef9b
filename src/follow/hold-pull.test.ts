import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runProgram } from '../../test/support/run-program.ts';
import { TestSite } from '../../test/support/site.ts';
import { loadSite } from '../config/load-config.ts';
import { KhoError } from '../errors.ts';
import { holdPull } from './hold-pull.ts';

/** A lock as another process wrote it. */
const lockOf = (pid: number, born: string, host: string) =>
  JSON.stringify({ pid, host, born, since: '2026-11-30T01:00:00.000Z', token: 'other' });

async function openSite() {
  const site = new TestSite();
  onTestFinished(() => site.close());
  site.wheel('glibc', { name: 'foo', version: '1.0' });
  await site.build();
  return { site, config: (await loadSite(site.root)).config };
}

test('holdPull() ends at once where another pull into the repository runs, and not for one into another', async () => {
  const { site, config } = await openSite();
  const path = join(site.root, '.kho/pull-lock-glibc');
  writeFileSync(path, lockOf(1, 'x', 'another-machine'));
  const began = performance.now();
  await expect(holdPull(config, 'glibc', async () => 'pulled')).rejects.toThrow(
    'Cannot pull into "glibc": process 1 on another-machine, since 2026-11-30T01:00:00.000Z is bringing files there',
  );
  expect(performance.now() - began).toBeLessThan(5000);
  expect(await holdPull(config, 'musl', async () => 'pulled')).toBe('pulled');
  expect(existsSync(path)).toBe(true);
});

test('holdPull() lets the next one in, whatever became of the one before', async () => {
  const { config } = await openSite();
  const fault = new KhoError('UPSTREAM', 'no');
  await expect(holdPull(config, '.', () => Promise.reject(fault))).rejects.toBe(fault);
  expect(await holdPull(config, '.', async () => 'pulled')).toBe('pulled');
});

test('holdPull() takes the place of one that was killed', async () => {
  const { site, config } = await openSite();
  const { stdout } = await runProgram(process.execPath, ['-p', 'process.pid + " " + os.hostname()']);
  const [pid, host] = stdout.trim().split(' ') as [string, string];
  site.put('.kho/pull-lock-glibc', lockOf(Number(pid), 'x', host));
  expect(await holdPull(config, 'glibc', async () => 'pulled')).toBe('pulled');
});
