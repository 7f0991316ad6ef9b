/** The power is cut after each call of a build that changes something: a real ext4 disk is copied at that moment, and the copy mounted. */
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { watchCalls } from '../support/changing-calls.ts';
import { changeSmallSite, fillSmallSite } from '../support/crash-site.ts';
import { leaveAsDead } from '../support/kill-writes.ts';
import { hasLoopDisks, LoopDisk } from '../support/loop-disk.ts';
import { faultsOfCuts, readersFaults } from '../support/power-cut.ts';
import { TestSite } from '../support/site.ts';
import { differences, treeOf } from '../support/site-tree.ts';
import { holdClock } from '../support/still-clock.ts';

holdClock();

const HAS_LOOP_DISKS = hasLoopDisks();
const WHERE = HAS_LOOP_DISKS
  ? 'on an ext4 disk'
  : 'in the model of a disk, since this machine has no loop devices for tests';

/** In the model, which costs more than a disk: before one call in two, and at the end. */
const often = (calls: readonly unknown[]) => [...[...calls.keys()].filter((call) => call % 2 === 0), calls.length];

const CASES = [
  { what: 'beside the packages' },
  { what: 'to another folder', elsewhere: true as const },
  { what: 'for the first time', isFirst: true as const },
];

test.each(CASES)(`a build $what, the power cut after each call, ${WHERE}`, async ({ what: _, ...cut }) => {
  if (HAS_LOOP_DISKS) expect(await faultsOnDisk(cut)).toEqual([]);
  else {
    expect(await faultsOfCuts({ ...cut, names: 'kept' }, often)).toEqual([]);
    expect(await faultsOfCuts({ ...cut, names: 'lost' }, often)).toEqual([]);
  }
});

test('a build with files in incoming/, the power cut at one call in eight, in the model: none of them is lost', async () => {
  const some = (calls: readonly unknown[]) => [...[...calls.keys()].filter((call) => call % 8 === 0), calls.length];
  expect(await faultsOfCuts({ hasIncoming: true, names: 'lost' }, some)).toEqual([]);
});

/** Two disks at once are had in the model only. */
test.each(['lost', 'kept'] as const)(
  'a build of a repository on a disk of its own, the power cut at one call in two, in the model: such names %s',
  async (names) => {
    expect(await faultsOfCuts({ hasSecondDisk: true, names }, often)).toEqual([]);
  },
);

interface Sites {
  site: TestSite;
  published: TestSite;
  build(): Promise<unknown>;
}

function sitesOn(disk: LoopDisk, elsewhere = false): Sites {
  const site = new TestSite(join(disk.folder, 'site'));
  const out = new TestSite(join(disk.folder, 'out'));
  return { site, published: elsewhere ? out : site, build: () => site.build(elsewhere ? { out: out.root } : {}) };
}

async function faultsOnDisk({ elsewhere, isFirst }: { elsewhere?: true; isFirst?: true }): Promise<string[]> {
  const disk = new LoopDisk();
  onTestFinished(() => disk.close());
  const { site, published, build } = sitesOn(disk, elsewhere);
  fillSmallSite(site);
  if (!isFirst) await build();
  const before = isFirst ? {} : published.snapshot();
  if (!isFirst) changeSmallSite(site);
  disk.flush();

  const images: { image: Buffer; after: string }[] = [{ image: disk.image(), after: 'nothing' }];
  let calls = 0;
  const stop = watchCalls([disk.folder], {
    after({ name, paths }) {
      calls++;
      const image = disk.image();
      if (!images.at(-1)?.image.equals(image)) images.push({ image, after: `${name}(${paths.join(', ')})` });
    },
  });
  await build();
  stop();
  const after = published.snapshot();
  const clean = [treeOf(site.root), treeOf(published.root)];
  expect(calls).toBeGreaterThan(100);
  expect(images.length, 'moments at which the disk differs').toBeGreaterThan(10);

  const faults: string[] = [];
  for (const { image, after: what } of images) {
    const copy = new LoopDisk(image);
    try {
      const left = sitesOn(copy, elsewhere);
      leaveAsDead(copy.folder);
      for (const fault of readersFaults(before, after, left.published))
        faults.push(`the power cut after ${what}: ${fault}`);
      await left.build();
      for (const [place, { root }] of [left.site, left.published].entries()) {
        for (const difference of differences(treeOf(root), clean[place] ?? {})) {
          faults.push(`the build after the power was cut after ${what}: ${difference}`);
        }
      }
    } finally {
      copy.close();
    }
  }
  return faults;
}
