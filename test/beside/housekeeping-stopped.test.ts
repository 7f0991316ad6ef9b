/** What changes published files, each command stopped at each write: nothing is lost, and the next run comes to the same. */
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { finishHousekeeping } from '../../src/housekeeping/housekeeping.ts';
import { move } from '../../src/housekeeping/move.ts';
import { remove } from '../../src/housekeeping/remove.ts';
import { restore } from '../../src/housekeeping/restore.ts';
import { unyank, yank } from '../../src/housekeeping/yank.ts';
import { copySite } from '../support/crash-site.ts';
import { DOER, fill, isThere, OLD, open, packagePaths, select, stopped } from '../support/housekeeping-site.ts';
import { TestSite } from '../support/site.ts';
import { letWrite } from '../support/stop-writes.ts';

let site: TestSite;
beforeEach(() => {
  site = new TestSite();
  fill(site);
});
afterEach(() => {
  letWrite();
  site.close();
});

/** Packages and what people put beside them, with their hashes. */
const stored = (one: TestSite) =>
  Object.fromEntries(
    Object.entries(one.snapshot()).filter(([path]) => path.includes('/packages/') && !path.endsWith('.metadata')),
  );

/** Hashes of the packages themselves. */
const packages = (snapshot: Record<string, string>) =>
  new Set(
    Object.entries(snapshot)
      .filter(([path]) => /\.(?:whl|gz)$/.test(path))
      .map(([, sha256]) => sha256),
  );

/** Each command, and the run of a build after it was stopped at any write, or the command again. */
const COMMANDS: [string, (one: TestSite) => Promise<unknown>][] = [
  ['yank', async (one) => yank(await open(one), select('foo==1.0'), { ...DOER, reason: 'other' })],
  ['unyank', async (one) => unyank(await open(one), select('foo==1.0'), DOER)],
  ['remove', async (one) => remove(await open(one), select('foo==1.0'), DOER)],
  ['move', async (one) => move(await open(one), select('bar==2.0'), { ...DOER, to: 'release' })],
];

test.each(COMMANDS)(
  'kho %s, stopped at each write: nothing is lost, and the next run and the command again come to the same',
  async (what, run) => {
    const old = stored(site);
    await run(site);
    const wanted = packagePaths(site);
    const changed = stored(site);
    const whole = site.snapshot();
    const hashes = new Set(Object.values(whole));
    let isDone = false;
    for (let last = 0; !isDone; last++) {
      const one = new TestSite();
      try {
        fill(one);
        isDone = await stopped(one, last, () => run(one));
        const isBare = isThere(join(one.root, OLD)) && !isThere(join(one.root, `${OLD}.yanked`));
        if (what !== 'unyank') expect(isBare, `a yanked file without its yank after ${last} writes`).toBe(false);
        const found = one.snapshot();
        const left = new Set(Object.values(found));
        if (isDone)
          expect(
            [...hashes].filter((hash) => !left.has(hash)),
            `after ${last} writes`,
          ).toEqual([]);
        expect(packages(found), `packages after ${last} writes`).toEqual(packages(whole));
        await finishHousekeeping(await open(one));
        expect([old, changed], `neither old nor new after ${last} writes`).toContainEqual(stored(one));
        await run(one).catch((error) => expect(error.message).toMatch(/Cannot find|there already/));
        expect(packagePaths(one), `after ${last} writes`).toEqual(wanted);
      } finally {
        one.close();
      }
      expect(last).toBeLessThan(200);
    }
  },
  60_000,
);

test('kho restore, stopped at each write, comes to its end with the next run', async () => {
  const run = async (one: TestSite) => restore(await open(one), select('foo==1.0'), DOER);
  const wanted = packagePaths(site);
  await remove(await open(site), select('foo==1.0'), DOER);
  expect(packagePaths(site)).not.toEqual(wanted);
  let isDone = false;
  for (let last = 0; !isDone; last++) {
    const one = new TestSite();
    try {
      copySite(site, one);
      isDone = await stopped(one, last, () => run(one));
      await finishHousekeeping(await open(one));
      await run(one).catch((error) => expect(error.message).toContain('Cannot find'));
      expect(packagePaths(one), `after ${last} writes`).toEqual(wanted);
    } finally {
      one.close();
    }
  }
}, 60_000);
