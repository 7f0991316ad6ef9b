/** Builds whose power is cut. */
import { cpSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { loadSite } from '../../src/config/load-config.ts';
import { publishAsked } from '../../src/index/publish-asked.ts';
import { normalizeName } from '../../src/standards/name.ts';
import type { ChangingCall } from './changing-calls.ts';
import {
  changeSmallSite,
  copySite,
  faultsBetween,
  fillSmallSite,
  isOfUnnamed,
  type Snapshot,
  withoutIncoming,
} from './crash-site.ts';
import { dropFiles, fillForIncoming } from './drop-files.ts';
import { callsOf, runKilled } from './kill-writes.ts';
import { TestSite } from './site.ts';
import { differences, treeOf } from './site-tree.ts';
import { UnflushedWrites } from './unflushed-writes.ts';

export interface PowerCut {
  /** With --out. */
  elsewhere?: true;
  /** Nothing was published before. */
  isFirst?: true;
  /** A repository is a link to a disk of its own. */
  hasSecondDisk?: true;
  /** Files wait in incoming/: none may be lost. */
  hasIncoming?: true;
  /** Somebody waits for the projects that changed, and for one after the other: nothing else is published. */
  isAsked?: true;
  /** Whether names that were not flushed are lost too; contents always are. */
  names: 'kept' | 'lost';
}

/**
 * Cut the power before calls of a build, in the model of `UnflushedWrites`. Says what readers would find wrong then, and what the next
 * build does not mend.
 *
 * @param choose before which calls, of all
 */
export async function faultsOfCuts(
  cut: PowerCut,
  choose: (calls: readonly ChangingCall[]) => number[],
): Promise<string[]> {
  const sites = [new TestSite(), new TestSite(), new TestSite(), new TestSite(), new TestSite()] as const;
  try {
    return await cutAt(cut, choose, sites);
  } finally {
    for (const one of sites) one.close();
  }
}

async function cutAt(
  { elsewhere, isFirst, hasSecondDisk, hasIncoming, isAsked, names }: PowerCut,
  choose: (calls: readonly ChangingCall[]) => number[],
  [original, site, out, oldOut, disk]: readonly [TestSite, TestSite, TestSite, TestSite, TestSite],
): Promise<string[]> {
  const published = elsewhere ? out : site;
  const options = elsewhere ? { out: out.root } : {};
  const roots = [site.root, out.root, disk.root];
  if (hasIncoming) fillForIncoming(original);
  else fillSmallSite(original);
  if (!isFirst) await original.build(elsewhere ? { out: oldOut.root } : {});
  const reset = () => {
    copySite(original, site);
    copySite(oldOut, out);
    if (hasIncoming) dropFiles(new TestSite(join(site.root, 'incoming')));
    else if (!isFirst) changeSmallSite(site);
    if (hasSecondDisk) moveToDisk('glibc', site, disk);
  };
  const trees = () => [site, out, disk].map(({ root }) => treeOf(root));
  const build = () => site.build(options);
  const answered: string[] = [];
  const run = isAsked ? () => askFor(site, answered) : build;

  reset();
  const before = withoutIncoming((elsewhere ? oldOut : original).snapshot());
  const dropped = Object.entries(site.snapshot()).filter(([path]) => path.startsWith('incoming/'));
  const calls = await callsOf(roots, run);
  const after = withoutIncoming(published.snapshot());
  const standing = new Set(readersFaults(before, after, published)); // lists of all projects follow later
  if (isAsked) await build();
  const clean = trees();
  const faults: string[] = [];
  for (const call of choose(calls)) {
    const what = `the power cut before ${calls[call]?.name ?? 'the end'} ${calls[call]?.paths.join(' ')} (call ${call})`;
    reset();
    answered.length = 0;
    const unflushed = new UnflushedWrites(roots);
    await runKilled(roots, { before: call }, run, { watcher: unflushed, atOnce: () => unflushed.cut(names) });
    unflushed.close();
    const found = readersFaults(before, after, published).filter((fault) => !standing.has(fault));
    faults.push(...found.map((fault) => `${what}: ${fault}`));
    for (const path of answered.flatMap((name) =>
      Object.keys(after).filter((each) => each.includes(`/simple/${name}/`)),
    ))
      if (site.snapshot()[path] !== after[path]) faults.push(`${what}: ${path} is not what was answered`);
    const left = new Set(Object.values(site.snapshot()));
    for (const [path, hash] of dropped) if (!left.has(hash)) faults.push(`${what}: ${path} is lost`);
    await build();
    for (const [place, tree] of trees().entries()) {
      for (const difference of differences(tree, clean[place] ?? {}))
        faults.push(`the build after ${what}: ${difference}`);
    }
  }
  return faults;
}

/** The projects that `changeSmallSite` touches, one after the other: records of the first make a file, others come to its end. */
async function askFor(site: TestSite, answered: string[]): Promise<void> {
  const asked = [
    { repository: 'common', name: 'changes', path: 'changes-3.0.tar.gz' },
    { repository: 'glibc', name: 'new', path: 'sub/new-1.0-py3-none-any.whl' },
    { repository: 'common', name: 'goes', path: 'goes-1.0-py3-none-any.whl' },
    { repository: 'glibc', name: 'replaced', path: 'replaced-1.0-py3-none-any.whl' },
  ];
  for (const { repository, name, path } of asked) {
    const { config } = await loadSite(site.root);
    const changes = await publishAsked(config, [{ repository, project: normalizeName(name), path }]);
    if (changes === undefined) throw new Error(`only a whole build can publish ${name}`);
    answered.push(name);
  }
}

/** What readers find wrong in a site between two others. */
export function readersFaults(before: Snapshot, after: Snapshot, published: TestSite): string[] {
  const faults = faultsBetween(before, after, withoutIncoming(published.snapshot()), published);
  return faults.filter((fault) => !isOfUnnamed(fault, before, published));
}

function moveToDisk(name: string, site: TestSite, disk: TestSite): void {
  rmSync(join(disk.root, name), { recursive: true, force: true });
  cpSync(join(site.root, name), join(disk.root, name), { recursive: true, preserveTimestamps: true });
  site.remove(name);
  symlinkSync(join(disk.root, name), join(site.root, name));
}
