/** The power is cut while `kho pull` is at work: a real ext4 disk is copied at moments of it, and each copy mounted, as after a restart. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { watchCalls } from '../support/changing-calls.ts';
import { copySite } from '../support/crash-site.ts';
import { leaveAsDead } from '../support/kill-writes.ts';
import { hasLoopDisks, LoopDisk } from '../support/loop-disk.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { TestSite } from '../support/site.ts';
import { UpdatedFarm } from '../support/updated-farm.ts';

/** Of the moments at which the disk differs, about so many are tried. */
const MOMENTS = 50;

/** A pull leaves 32 MiB free. */
const DISK_KB = 48 * 1024;

/** Where there are no such disks, test/beside/pull-killed.test.ts cuts the power in the model of one. */
test.runIf(hasLoopDisks())('a pull, the power cut at moments of it, on an ext4 disk', async () => {
  const updated = await UpdatedFarm.start();
  onTestFinished(() => updated.close());
  const { farm } = updated;
  const disk = new LoopDisk(undefined, DISK_KB);
  onTestFinished(() => disk.close());
  const edge = siteOn(disk);
  copySite(updated.before, edge);
  disk.flush();

  const random = seededRandom(7);
  /** Packed: most of a disk is empty. */
  const cuts: { image: Buffer; after: string }[] = [];
  let calls = 0;
  const stop = watchCalls([disk.folder], {
    after({ name, paths }) {
      calls++;
      if (random() > MOMENTS / 320) return;
      cuts.push({ image: gzipSync(disk.image(), { level: 1 }), after: `${calls}. ${name}(${paths.join(', ')})` });
    },
  });
  await farm.pull(edge);
  stop();
  expect(updated.isUpdated(edge)).toBe(true);
  const done = edge.snapshot();
  expect([calls > 200, cuts.length > MOMENTS / 2]).toEqual([true, true]);

  const faults: string[] = [];
  let updatedAlready = 0;
  for (const { image, after } of cuts) {
    const copy = new LoopDisk(gunzipSync(image));
    try {
      const left = siteOn(copy);
      leaveAsDead(copy.folder);
      faults.push(...updated.faults(left).map((fault) => `the power cut after ${after}: ${fault}`));
      if (updated.isUpdated(left)) updatedAlready++;
      const { locks } = await farm.pull(left);
      faults.push(...locks.flatMap(({ lacking }) => lacking).map((lack) => `the run after ${after} lacks ${lack}`));
      const now = left.snapshot();
      const paths = [...new Set([...Object.keys(now), ...Object.keys(done)])];
      faults.push(...paths.filter((path) => now[path] !== done[path]).map((path) => `the run after ${after}: ${path}`));
    } finally {
      copy.close();
    }
  }
  expect(faults).toEqual([]);
  expect(updatedAlready).toBeGreaterThan(0);
  expect(updatedAlready).toBeLessThan(cuts.length);
});

function siteOn(disk: LoopDisk): TestSite {
  const folder = join(disk.folder, 'site');
  mkdirSync(folder, { recursive: true });
  return new TestSite(folder);
}
