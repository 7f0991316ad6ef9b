/** `kho pull` that dies at each call that changes something on disk, and whose power is cut there: all of the old state is served, or all of the new. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { closeFolders } from '../../src/io/reach.ts';
import type { ChangingCall } from '../support/changing-calls.ts';
import { copySite } from '../support/crash-site.ts';
import { Farm } from '../support/farm.ts';
import { callsOf, type Kill, killsFor, runKilled } from '../support/kill-writes.ts';
import { sha256 } from '../support/made-centre.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { TestSite } from '../support/site.ts';
import { UnflushedWrites } from '../support/unflushed-writes.ts';

/** Of power cuts one in so many is tried: others where names are lost too than where they are kept. */
const ONE_IN = 3;

let farm: Farm;
/** As it was before the pull. */
const before = new TestSite();
let calls: ChangingCall[];
/** What each state of the centre comes to. */
let [old, fresh]: [Set<string>, Set<string>] = [new Set(), new Set()];
let done: Record<string, string>;

beforeAll(async () => {
  farm = await Farm.start();
  const { centre, edge } = farm;
  const noise = seededRandom(42);
  const same = Uint8Array.from({ length: 300_000 }, () => Math.floor(256 * noise()));
  const app = (version: string) =>
    centre.wheel({
      name: 'app',
      version,
      metadata: ['Requires-Dist: core'],
      members: { 'app/same.bin': same, 'app/new.txt': version },
    });
  const yanked = { ...centre.wheel({ name: 'core', version: '1.0' }) };
  const first = [app('1.0'), yanked, centre.wheel({ name: 'goes', version: '1.0' })];
  farm.settings('keep = 1\nparallel = 1'); // what dies in this process leaves no second download alive
  farm.publish();
  farm.lock(...first);
  await farm.pull();
  const second = [app('2.0'), yanked, centre.wheel({ name: 'comes', version: '1.0' })];
  centre.files.set(yanked.path, { ...yanked, yanked: 'broken' });
  farm.publish();
  farm.lock(...second);
  [old, fresh] = [first, second].map((files) => new Set(files.map(({ path }) => path))) as [Set<string>, Set<string>];
  copySite(edge, before);
  calls = await callsOf([edge.root], () => farm.pull());
  done = edge.snapshot();
  expect(faults()).toEqual([]);
  expect([listed(), calls.length > 100]).toEqual([fresh, true]);
});

afterAll(() => {
  farm.close();
  before.close();
});

test.each([0, 1, 2])(
  'killed at any call, and in the middle of any write, it is ended by the next run (%i of three)',
  async (third) => {
    const all: string[] = [];
    for (const kill of killsFor(calls).filter((_, at) => at % 3 === third)) {
      asBefore();
      await runKilled([farm.edge.root], kill, () => farm.pull());
      all.push(...(await whatIsWrong(kill)));
    }
    expect(all).toEqual([]);
  },
);

test.each(['kept', 'lost'] as const)(
  'its power cut at any call, with names that were not flushed %s',
  async (names) => {
    const all: string[] = [];
    const first = names === 'kept' ? 0 : 1;
    const cuts = killsFor(calls).filter(({ inMiddle, before: at }) => !inMiddle && at % ONE_IN === first);
    for (const kill of cuts) {
      asBefore();
      const unflushed = new UnflushedWrites([farm.edge.root]);
      await runKilled([farm.edge.root], kill, () => farm.pull(), {
        watcher: unflushed,
        atOnce: () => unflushed.cut(names),
      });
      unflushed.close();
      all.push(...(await whatIsWrong(kill)));
    }
    expect(all).toEqual([]);
  },
);

function asBefore(): void {
  closeFolders(); // of the run before
  copySite(before, farm.edge);
}

/** At once, and once the next run has ended it. */
async function whatIsWrong(kill: Kill): Promise<string[]> {
  const call = calls[kill.before];
  const what = `${kill.inMiddle ? 'in' : 'before'} ${call?.name ?? 'the end'} ${call?.paths.join(' ') ?? ''}`;
  const wrong = faults().map((fault) => `${what}: ${fault}`);
  const { locks } = await farm.pull();
  wrong.push(...locks.flatMap(({ lacking }) => lacking).map((lack) => `the run after ${what} lacks ${lack}`));
  const left = farm.edge.snapshot();
  const paths = [...new Set([...Object.keys(left), ...Object.keys(done)])];
  wrong.push(...paths.filter((path) => left[path] !== done[path]).map((path) => `the run after ${what}: ${path}`));
  if (existsSync(join(farm.edge.root, '.kho/pull/whole'))) wrong.push(`the run after ${what}: something waits`);
  return wrong;
}

/** What machines would find wrong now. */
function faults(): string[] {
  const there = listed();
  const isWhole = [old, fresh].some((files) => [...files].every((file) => there.has(file)));
  return isWhole ? [] : [`${[...there].join(', ')} is neither the old state nor the new one`];
}

/** Files that pages name, and that have the bytes of which the pages tell. */
function listed(): Set<string> {
  const found = new Set<string>();
  for (const project of ['app', 'core', 'goes', 'comes']) {
    const page = join(farm.edge.root, 'armhf/simple', project, 'index.json');
    if (!existsSync(page)) continue;
    const { files } = JSON.parse(readFileSync(page, 'utf8')) as {
      files: { filename: string; hashes: { sha256: string } }[];
    };
    for (const { filename, hashes } of files) {
      const path = join(farm.edge.root, 'armhf/packages', filename);
      if (existsSync(path) && sha256(readFileSync(path)) === hashes.sha256) found.add(filename);
    }
  }
  return found;
}
