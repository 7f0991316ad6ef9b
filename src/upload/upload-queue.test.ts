import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestSite } from '../../test/support/site.ts';
import { letWrite } from '../../test/support/stop-writes.ts';
import { orderIn } from '../../test/support/upload-order.ts';
import { loadSite } from '../config/load-config.ts';
import type { SiteConfig } from '../config/site-config.ts';
import { writeHook } from '../io/disk.ts';
import type { UploadOrder } from './order.ts';
import { UploadQueue } from './upload-queue.ts';

let site: TestSite;
let config: SiteConfig;
let queue: UploadQueue;
beforeEach(async () => {
  site = new TestSite();
  site.wheel('', { name: 'foo', version: '1.0' });
  await site.build();
  ({ config } = await loadSite(site.root));
  queue = new UploadQueue();
});
afterEach(() => site.close());

/** @returns the names of the files that each was told are listed */
async function takeAll(versions: readonly string[], unanswered: number): Promise<string[][]> {
  const orders = versions.map((version) => orderIn(site, '', { name: 'foo', version }));
  const taken = await Promise.all(orders.map((order) => queue.take({ config, order, unanswered })));
  expect(taken.map(({ outcome }) => outcome.is)).toEqual(versions.map(() => 'taken'));
  return taken.map(({ listed }) => listed.map(({ path = '' }) => path));
}

const wheel = (version: string) => `foo-${version}-py3-none-any.whl`;

test('UploadQueue takes in together half of those that are on their way, and tells once of all of them', async () => {
  expect(await takeAll(['2.0', '3.0'], 4)).toEqual([[wheel('2.0'), wheel('3.0')], []]);
});

test('UploadQueue takes one in at once that comes alone', async () => {
  expect(await takeAll(['2.0'], 1)).toEqual([[wheel('2.0')]]);
});

test('UploadQueue waits for no others that take their time', async () => {
  expect(await takeAll(['2.0'], 100)).toEqual([[wheel('2.0')]]);
});

test('UploadQueue goes on after a file that is refused', async () => {
  const broken = orderIn(site, '', { name: 'foo', version: '2.0' });
  broken.said = { sha256: ['0'.repeat(64)], md5: [] };
  const whole = orderIn(site, '', { name: 'foo', version: '3.0' });
  const taken = await Promise.all([broken, whole].map((order) => queue.take({ config, order, unanswered: 2 })));
  expect(taken.map(({ outcome }) => outcome.is)).toEqual(['refused', 'taken']);
});

test('UploadQueue tells of uploads once they are on the disk, while the next ones are taken in', async () => {
  await takeAll(['1.5'], 1); // the first one makes the file of records that others add to
  const steps: string[] = [];
  const orders = ['2.0', '3.0'].map((version) => orderIn(site, '', { name: 'foo', version }));
  const told: number[] = [];
  const takeOne = async (order: UploadOrder) => {
    const { outcome } = await queue.take({ config, order, unanswered: 1 });
    told.push(steps.length);
    return outcome.is === 'taken' && outcome.isListed;
  };
  const [first, second] = orders as [UploadOrder, UploadOrder];
  let secondTaken: ReturnType<typeof takeOne> | undefined;
  writeHook.before = (kind, to) => {
    const step = `${kind} ${to.slice(site.root.length)}`;
    steps.push(step);
    if (step.startsWith('file /.kho-keep/log-')) secondTaken ??= takeOne(second); // comes while the first is taken in
  };
  expect([await takeOne(first), await secondTaken]).toEqual([true, true]);
  letWrite();
  const records = steps.flatMap((step, at) => (step === 'flush /.kho/manifest-added' ? [at] : []));
  expect([told.length, records.length]).toEqual([2, 2]);
  expect(told[0]).toBeGreaterThan(records[0] as number);
  const noted = steps.findLastIndex((step) => step.startsWith('file /.kho-keep/log-'));
  expect(noted).toBeLessThan(steps.lastIndexOf('flush /.kho/journal'));
  expect(steps.slice(records[0], steps.lastIndexOf('flush /.kho/journal'))).not.toContain('remove /.kho/journal');
});
