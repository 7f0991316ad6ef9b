/**
 * Disks that know no links, no modes, no flushing, or none of these: as if, by refusing such calls of the built program (strace), and on
 * a real one (exFAT through FUSE) where this machine has such. What is published there is what is published elsewhere.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { ExfatDisk, hasExfatDisks } from '../support/exfat-disk.ts';
import { makeWheel } from '../support/make-package.ts';
import { type Run, runProgram } from '../support/run-program.ts';
import { TestSite } from '../support/site.ts';
import { KHO } from '../support/tools.ts';

const LINKS = 'link,linkat';
const MODES = 'chmod,fchmod,fchmodat,fchmodat2';
const FLUSHES = 'fsync,fdatasync';

type Refused = readonly (readonly [calls: string, code: string])[];

const DISKS: [what: string, refused: Refused][] = [
  ['no links (EPERM)', [[LINKS, 'EPERM']]],
  ['no links (EOPNOTSUPP)', [[LINKS, 'EOPNOTSUPP']]],
  ['no modes', [[MODES, 'EPERM']]],
  ['no flushing', [[FLUSHES, 'EINVAL']]],
  [
    'none of these',
    [
      [LINKS, 'ENOSYS'],
      [MODES, 'EOPNOTSUPP'],
      [FLUSHES, 'EPERM'],
    ],
  ],
];

function wordsFor(refused: Refused, words: readonly string[]): string[] {
  const known = refused.map(([calls, code]) => [calls.replaceAll(/(\w+)/g, '?$1'), code]); // an older strace, or machine, may lack one
  const traced = `trace=${known.map(([calls]) => calls).join(',')}`;
  const injected = known.flatMap(([calls, code]) => ['-e', `inject=${calls}:error=${code}`]);
  return ['-f', '-qq', '-o', '/dev/null', '-e', traced, ...injected, process.execPath, KHO, ...words];
}

const runRefused = (refused: Refused, ...words: string[]): Promise<Run> =>
  runProgram('strace', wordsFor(refused, words), { env: { PATH: process.env['PATH'] } });

function makeSite(projects = 3): TestSite {
  const site = new TestSite();
  onTestFinished(() => site.close());
  fill(site, projects);
  return site;
}

/** To be had of any disk: exFAT counts two seconds at a time. */
const UPLOADED = new Date('2026-01-02T03:04:06Z');

function fill(site: TestSite, projects: number): void {
  const put = (folder: string, name: string) =>
    site.put(`${folder}/${name}-1.0-py3-none-any.whl`, makeWheel({ name, version: '1.0' }), UPLOADED);
  for (let at = 0; at < projects; at++) put('glibc/packages', `p${at}`);
  put('incoming', 'new');
}

const emptyFolder = () => {
  const site = new TestSite();
  onTestFinished(() => site.close());
  return site;
};

test.each(DISKS)('on a disk with %s kho publishes what it publishes elsewhere', async (_what, refused) => {
  const [elsewhere, elsewhereOut] = [makeSite(), emptyFolder()];
  for (const words of [[], ['--out', elsewhereOut.root]])
    await runProgram(process.execPath, [KHO, 'build', elsewhere.root, ...words]);

  const [site, out] = [makeSite(), emptyFolder()];
  expect(await runRefused(refused, 'build', site.root, '--quiet')).toEqual({ exitCode: 0, stdout: '', stderr: '' });
  expect(site.listed('glibc', 'new')).toEqual(['new-1.0-py3-none-any.whl']);
  expect(existsSync(join(site.root, 'incoming/new-1.0-py3-none-any.whl'))).toBe(false);
  expect(await runRefused(refused, 'build', site.root, '--quiet', '--out', out.root)).toMatchObject({
    exitCode: 0,
    stderr: '',
  });
  expect(site.snapshot()).toEqual(elsewhere.snapshot());
  expect(out.snapshot()).toEqual(elsewhereOut.snapshot());
  for (const folder of ['.', 'glibc', 'glibc/packages', '.kho'])
    expect(
      readdirSync(join(site.root, folder)).filter(
        (name) => name === 'lock' || (name.startsWith('.kho-') && name !== '.kho-keep'),
      ),
    ).toEqual([]);
});

const LINKLESS: Refused = [[LINKS, 'EPERM']];

test('on a disk without links runs at once, some of them killed, publish one after another', async () => {
  const [alone, site] = [makeSite(20), makeSite(20)];
  await runProgram(process.execPath, [KHO, 'build', alone.root]);
  const children = Array.from({ length: 3 }, () =>
    spawn('strace', wordsFor(LINKLESS, ['build', site.root, '--quiet', '--jobs', '1']), {
      detached: true,
      stdio: 'ignore',
    }),
  );
  const ended = Promise.all(children.map((child) => new Promise((resolve) => child.on('exit', resolve))));
  const holder = await seenHolder(site);
  process.kill(holder.pid, 'SIGKILL');
  await ended;
  const last = await runRefused(LINKLESS, 'build', site.root, '--quiet');
  expect(last).toEqual({ exitCode: 0, stdout: '', stderr: '' });
  expect(site.snapshot()).toEqual(alone.snapshot());
  expect(readdirSync(join(site.root, '.kho')).filter((name) => name === 'lock' || name.startsWith('.'))).toEqual([]);
});

/** Of a lock that was just made and may be gone again, or is not filled yet. */
async function seenHolder(site: TestSite): Promise<{ pid: number }> {
  for (const end = Date.now() + 20_000; Date.now() < end; ) {
    try {
      return JSON.parse(site.read('.kho/lock'));
    } catch {
      await sleep(1);
    }
  }
  throw new Error('no run got the lock');
}

test('--link says that the disk knows no links', async () => {
  const run = await runRefused(LINKLESS, 'build', makeSite().root, '--link', '--out', emptyFolder().root);
  expect(run.exitCode).toBe(2);
  expect(run.stderr).toContain('leave out --link');
});

test.runIf(hasExfatDisks()).each(['022', '000'])('on an exFAT disk, mounted with umask=%s', async (umask) => {
  const disk = new ExfatDisk(umask);
  onTestFinished(() => disk.close());
  const elsewhere = makeSite();
  const [site, out] = ['site', 'out'].map((name) => {
    mkdirSync(join(disk.folder, name));
    return new TestSite(join(disk.folder, name));
  }) as [TestSite, TestSite];
  fill(site, 3);
  const build = (...words: string[]) => runProgram(process.execPath, [KHO, 'build', ...words, '--quiet']);
  const runs = [await build(elsewhere.root), await build(elsewhere.root, '--out', out.root), await build(site.root)];
  if (umask === '000') {
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 2, 2]);
    for (const { stderr } of runs.slice(1)) expect(stderr).toContain('umask=022');
    return;
  }
  expect(runs).toEqual(runs.map(() => ({ exitCode: 0, stdout: '', stderr: '' })));
  expect(site.snapshot()).toEqual(elsewhere.snapshot());
  for (const again of [[site.root], [elsewhere.root, '--out', out.root]])
    expect((await runProgram(process.execPath, [KHO, 'build', ...again])).stdout).toMatch(/^0 written/m);
});
