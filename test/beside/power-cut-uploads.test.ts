/** The power is cut while uploads are taken in, in a model of disks: what was answered stands, and no file is published that the record does not tell of. */
import { hash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { loadSite } from '../../src/config/load-config.ts';
import type { LookedAt } from '../../src/upload/look-at-upload.ts';
import { lookOrRefuse, takeInTurn } from '../../src/upload/take-uploads.ts';
import { TakingTurn } from '../../src/upload/taking-turn.ts';
import { copySite } from '../support/crash-site.ts';
import { callsOf, runKilled } from '../support/kill-writes.ts';
import { TestSite } from '../support/site.ts';
import { holdClock } from '../support/still-clock.ts';
import { UnflushedWrites } from '../support/unflushed-writes.ts';
import { orderIn } from '../support/upload-order.ts';

holdClock();

/** Two that are taken in together, of a project that is there and of a new one, and then one more of each. */
const WAVES = [
  [
    { name: 'foo', version: '2.0' },
    { name: 'new', version: '1.0' },
  ],
  [
    { name: 'foo', version: '3.0' },
    { name: 'new', version: '2.0' },
  ],
];

/** One call in so many, beside each flush: the first and the last of those that run at the same time. */
const ONE_IN = 48;

/** By name, the hashes of what was answered with 200. */
type Answered = Map<string, string>;

/** As the queue of uploads does: a wave begins while what was written down of the one before is brought to the disk. */
async function upload(site: TestSite, answered: Answered): Promise<void> {
  const turn = new TakingTurn();
  const answers: Promise<void>[] = [];
  for (const wave of WAVES) {
    const { config } = await loadSite(site.root);
    const orders = wave.map((options) => orderIn(site, '', options));
    const looked = await Promise.all(orders.map((order) => lookOrRefuse(config, order)));
    const { done } = await takeInTurn(config, looked as LookedAt[], turn);
    const answer = done.then(({ outcomes, listed }) => {
      if (listed.length !== orders.length) throw new Error(JSON.stringify(outcomes));
      for (const { filename, sha256 } of orders) answered.set(filename, sha256);
    });
    answer.catch(() => {}); // told of below
    answers.push(answer);
  }
  await Promise.all(answers);
  await turn.end();
}

/** What is wrong for readers, and for whoever reads the record. */
function faultsOf(site: TestSite, answered: Answered): string[] {
  const faults: string[] = [];
  const packages = join(site.root, 'packages');
  const log = readdirSync(join(site.root, '.kho-keep')).filter((name) => name.startsWith('log-'));
  const told = log.map((name) => readFileSync(join(site.root, '.kho-keep', name), 'utf8')).join('');
  const listed = new Map<string, string>();
  for (const project of readdirSync(join(site.root, 'simple'), { withFileTypes: true })) {
    if (!project.isDirectory()) continue;
    const page = site.read(`simple/${project.name}/index.html`);
    for (const [, path = '', sha256 = ''] of page.matchAll(/href="([^"#]+)#sha256=(\w+)"/g))
      listed.set(basename(path), sha256);
    if (!page.includes('</html>')) faults.push(`the page of ${project.name} is not whole`);
  }
  for (const name of readdirSync(packages).filter((each) => each.endsWith('.whl'))) {
    const isOld = name.startsWith('foo-1.0');
    if (!isOld && !told.includes(`"${name}"`)) faults.push(`${name} is there, and no record tells of it`);
  }
  for (const [name, sha256] of [...listed, ...answered]) {
    const bytes = readdirSync(packages).includes(name) ? readFileSync(join(packages, name)) : Buffer.alloc(0);
    if (hash('sha256', bytes) !== sha256) faults.push(`${name} is not what was listed or answered`);
  }
  for (const name of answered.keys()) if (!listed.has(name)) faults.push(`${name} was answered, and is not listed`);
  return faults;
}

test.each(['lost', 'kept'] as const)(
  'uploads, the power cut in their midst: names that were not flushed are %s',
  async (names) => {
    const [original, site] = [new TestSite(), new TestSite()];
    const roots = [site.root];
    original.put('kho.toml', 'pages = false\n');
    original.wheel('', { name: 'foo', version: '1.0' });
    await original.build();
    copySite(original, site);
    const calls = await callsOf(roots, () => upload(site, new Map()));
    const isFlush = (call: number) => /^f(?:data)?sync/.test(calls[call]?.name ?? '');
    const isWithin = (call: number) => [call - 1, call, call + 1].every(isFlush);
    const chosen = [...calls.keys()].filter((call) => (isFlush(call) && !isWithin(call)) || call % ONE_IN === 0);
    expect(chosen.length).toBeGreaterThan(15);
    const faults: string[] = [];
    let most = 0;
    for (const call of [...chosen, Number.POSITIVE_INFINITY]) {
      copySite(original, site);
      const answered: Answered = new Map();
      const unflushed = new UnflushedWrites(roots);
      const cut = { watcher: unflushed, atOnce: () => unflushed.cut(names) };
      await runKilled(roots, { before: call }, () => upload(site, answered), cut);
      unflushed.close();
      most = Math.max(most, answered.size);
      const what = `before ${calls[call]?.name ?? 'the end'} ${calls[call]?.paths.join(' ')} (call ${call})`;
      faults.push(...faultsOf(site, answered).map((fault) => `the power cut ${what}: ${fault}`));
      await site.build();
      faults.push(...faultsOf(site, answered).map((fault) => `the build after the power was cut ${what}: ${fault}`));
    }
    expect(faults).toEqual([]);
    expect(most).toBe(4);
    for (const each of [original, site]) each.close();
  },
  120_000,
);
