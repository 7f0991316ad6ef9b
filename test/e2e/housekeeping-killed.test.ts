/**
 * Commands that change what is published, killed by SIGKILL at some of their calls, the publishing included: the next build leaves all old or
 * all new. test/beside/housekeeping-stopped.test.ts stops them at each write.
 */
import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { copySite } from '../support/crash-site.ts';
import { ProgramKiller } from '../support/kill-program.ts';
import { killsFor } from '../support/kill-writes.ts';
import { runOrThrow, runProgram } from '../support/run-program.ts';
import { TestSite } from '../support/site.ts';
import { KHO } from '../support/tools.ts';

/** Spread over all calls; a run is some seconds. */
const KILLS = 2;

const kho = (...words: string[]) => runOrThrow(process.execPath, [KHO, ...words], { cwd: '/' });

function newSite(): TestSite {
  const site = new TestSite();
  onTestFinished(() => site.close());
  return site;
}

/** Packages and what people put beside them, in the trash too. */
const stored = (site: TestSite) =>
  Object.fromEntries(
    Object.entries(site.snapshot()).filter(([path]) => path.includes('/packages/') && !path.endsWith('.metadata')),
  );

const RULES = '[repositories.staging.prune]\nkeep_versions = 1\n';

test.each<[string, string[], string[]?]>([
  ['yank', ['bar==1.0', '--reason', 'broken']],
  ['remove', ['bar==1.0', '--yes', '--force']],
  ['restore', ['bar==1.0'], ['remove', 'bar==1.0', '--yes', '--force']],
  ['move', ['bar==1.0', '--to', 'release']],
  ['prune', ['--apply', '--yes-really']],
])('kho %s', async (command, words, before) => {
  const original = newSite();
  original.put('kho.toml', RULES);
  original.put('release/packages/README', '');
  for (const version of ['1.0', '2.0']) {
    const old = new Date('2025-01-02T03:04:05Z');
    for (const path of [
      original.wheel('staging', { name: 'bar', version }),
      original.sdist('staging', { name: 'bar', version }),
    ])
      utimesSync(join(original.root, path), old, old);
  }
  await kho('build', '--quiet', original.root);
  if (before) await kho(...before, '--site', original.root);
  const old = stored(original);
  const all = [command, ...words];
  const done = newSite();
  copySite(original, done);
  const killer = new ProgramKiller([done.root]);
  onTestFinished(() => killer.close());
  const calls = await killer.callsOf([...all, '--site', done.root]);
  const changed = stored(done);
  expect(changed).not.toEqual(old);
  const kills = killsFor(calls);
  const site = newSite();
  const own = new ProgramKiller([site.root]);
  onTestFinished(() => own.close());
  for (let at = 0; at < KILLS; at++) {
    const kill = kills[Math.floor(((at + 0.5) * kills.length) / KILLS)] as (typeof kills)[number];
    const what = `killed before ${calls[kill.before]?.name}(${calls[kill.before]?.paths.join(', ')})`;
    copySite(original, site);
    await own.kill([...all, '--site', site.root], kill);
    const bytes = new Set(Object.values(stored(site)));
    expect([what, Object.values(old).filter((sha256) => !bytes.has(sha256))]).toEqual([what, []]);
    await kho('build', '--quiet', site.root);
    const now = stored(site);
    if (JSON.stringify(now) !== JSON.stringify(old)) expect([what, now]).toEqual([what, changed]);
    const check = await runProgram(process.execPath, [KHO, 'check', site.root]);
    expect([what, check.exitCode, check.stdout]).toEqual([what, 0, expect.anything()]);
    const again = await runProgram(process.execPath, [KHO, ...all, '--site', site.root], { cwd: '/' });
    if (again.exitCode !== 0)
      expect([what, again.stderr]).toEqual([what, expect.stringMatching(/Cannot find|there already/)]);
    expect([what, stored(site)]).toEqual([what, changed]);
  }
});
