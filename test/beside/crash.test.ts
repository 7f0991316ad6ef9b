import { mkdirSync, mkdtempSync, realpathSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { surveySite } from '../../src/build-site.ts';
import { checkSite } from '../../src/check/check-site.ts';
import { loadSite } from '../../src/config/load-config.ts';
import {
  changeSmallSite,
  copySite,
  faultsBetween,
  fillSmallSite,
  isOfUnnamed,
  type Snapshot,
  withoutIncoming,
} from '../support/crash-site.ts';
import { dropFiles, fillForIncoming } from '../support/drop-files.ts';
import { callsOf, type Kill, killsFor, runKilled } from '../support/kill-writes.ts';
import { TestSite } from '../support/site.ts';
import { differences, treeOf } from '../support/site-tree.ts';
import { holdClock } from '../support/still-clock.ts';

holdClock();

interface Scenario {
  what: string;
  /** With --out. */
  elsewhere?: true;
  /** Nothing was published before. */
  isFirst?: true;
  settings?: string;
  /** Killed at one in so many calls only: there are many, and most move one more file of a kind. */
  every?: number;
  /** Where incoming/ is, with files in it. */
  incoming?: 'in the site' | 'on another disk';
}

const SCENARIOS: Scenario[] = [
  { what: 'beside the packages' },
  { what: 'to another folder', elsewhere: true },
  { what: 'for the first time', isFirst: true },
  { what: 'to another folder for the first time', isFirst: true, elsewhere: true },
  { what: 'of packed pages', settings: 'precompress = true\n', every: 4 },
  { what: 'with files in incoming/', incoming: 'in the site' },
  { what: 'with files in an incoming/ on another disk', incoming: 'on another disk' },
];

/** Once in so many kills the next build is checked by `kho check` too: the tree says more, and costs less. */
const CHECK_EVERY = 8;

test.each(SCENARIOS)(
  'a build $what, killed before and after every call that changes something on disk',
  async (scenario) => {
    const { elsewhere, isFirst, incoming } = scenario;
    const newSite = (root?: string) => {
      const one = new TestSite(root);
      onTestFinished(() => one.close());
      return one;
    };
    const [original, site, out, oldOut, drop] = [
      newSite(),
      newSite(),
      newSite(),
      newSite(),
      newSite(incoming === 'on another disk' ? folderElsewhere() : undefined),
    ];
    const options: { out?: string } = elsewhere ? { out: out.root } : {};
    const published = elsewhere ? out : site;
    const roots = [site.root, out.root, drop.root];

    if (incoming) fillForIncoming(original);
    else fillSmallSite(original);
    if (scenario.settings) original.put('kho.toml', scenario.settings + original.read('kho.toml'));
    if (!isFirst) await original.build(elsewhere ? { out: oldOut.root } : {});
    const empty = newSite();
    const reset = () => {
      copySite(original, site);
      copySite(oldOut, out);
      copySite(empty, drop);
      if (incoming === 'on another disk') symlinkSync(drop.root, join(site.root, 'incoming'));
      if (incoming === 'in the site') mkdirSync(join(site.root, 'incoming'));
      if (incoming) dropFiles(incoming === 'in the site' ? new TestSite(join(site.root, 'incoming')) : drop);
      else if (!isFirst) changeSmallSite(site);
    };
    const trees = () => [site, out, drop].map(({ root }) => treeOf(root));
    const drifts = async () => {
      const { config } = await loadSite(site.root);
      return (await checkSite(config, await surveySite(config, options.out), options)).map(
        ({ file, what }) => `${file} ${what}`,
      );
    };
    const all = () => ({ ...site.snapshot(), ...prefixed('incoming', drop.snapshot()) });

    reset();
    const dropped =
      incoming === undefined ? [] : Object.entries(all()).filter(([path]) => path.startsWith('incoming/'));
    const before = withoutIncoming((elsewhere ? oldOut : original).snapshot());
    const calls = await callsOf(roots, () => site.build(options));
    const after = withoutIncoming(published.snapshot());
    const clean = trees();
    expect(await drifts()).toEqual([]);
    expect(calls.length).toBeGreaterThan(100);
    const kills = killsFor(calls).filter((_, number) => number % (scenario.every ?? 1) === 0);

    const faults: string[] = [];
    for (const [number, kill] of kills.entries()) {
      const what = inWords(kill, calls);
      reset();
      await runKilled(roots, kill, () => site.build(options));
      const snapshot = withoutIncoming(published.snapshot());
      for (const fault of faultsBetween(before, after, snapshot, published)) {
        if (!isOfUnnamed(fault, before, published)) faults.push(`${what}: ${fault}`);
      }
      const left = new Set(Object.values(all()));
      for (const [path, hash] of dropped) if (!left.has(hash)) faults.push(`${what}: ${path} is lost`);

      await site.build(options);
      for (const [place, tree] of trees().entries()) {
        for (const difference of differences(tree, clean[place] ?? {}))
          faults.push(`the build after it was ${what}: ${difference}`);
      }
      if (number % CHECK_EVERY === 0)
        for (const drift of await drifts()) faults.push(`checked after it was ${what}: ${drift}`);
      if (faults.length > 20) break;
    }
    expect(faults).toEqual([]);
  },
);

function inWords({ before, inMiddle }: Kill, calls: readonly { name: string; paths: string[] }[]): string {
  const call = calls[before];
  return call
    ? `killed ${inMiddle ? 'in' : 'before'} call ${before}, ${call.name}(${call.paths.join(', ')})`
    : 'killed after the last call';
}

function prefixed(folder: string, snapshot: Snapshot): Snapshot {
  return Object.fromEntries(Object.entries(snapshot).map(([path, hash]) => [`${folder}/${path}`, hash]));
}

/** On a disk of its own, where the machine has memory for that: test sites are in memory. */
function folderElsewhere(): string {
  return mkdtempSync(join(realpathSync(tmpdir()), 'kho-incoming-'));
}
