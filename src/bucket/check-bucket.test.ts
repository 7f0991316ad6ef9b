import { Readable } from 'node:stream';
import { beforeEach, expect, test } from 'vitest';
import { Draw } from '../../test/support/bucket-simulation/draw.ts';
import { SimulatedSite } from '../../test/support/bucket-simulation/site.ts';
import { MemoryStore } from '../../test/support/memory-store.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { KhoError } from '../errors.ts';
import type { BucketObject } from './bucket-source.ts';
import { checkBucket } from './check-bucket.ts';
import { mendBucket } from './mend-bucket.ts';
import { pushToBucket } from './push-to-bucket.ts';

const HOUR_MS = 3_600_000;
const LOST_TYPE = { contentType: 'binary/octet-stream', cacheControl: '' };

let clock: VirtualClock;
let store: MemoryStore;
let site: SimulatedSite;
let wanted: BucketObject[];
let kept: { text: string | undefined };

beforeEach(async () => {
  clock = new VirtualClock();
  store = new MemoryStore({ now: clock.now, etagsOf: 'content' });
  site = new SimulatedSite(['.']);
  kept = { text: undefined };
  const draw = new Draw(3);
  for (let changes = 12; changes > 0; changes--) site.change(draw);
  wanted = await site.wanted();
  await pushToBucket(options());
});

function options(name = 'our-site') {
  const write = (text: string) => {
    kept.text = text;
  };
  return {
    ...{ store, clock, site: name, settings: '', graceMs: 24 * HOUR_MS, parallel: 4, source: site.source() },
    kept: { read: () => kept.text, write },
  };
}

const bytesOf = (key: string) => store.objects.get(key)!.bytes;
const keyOf = (step: string, ending = '') =>
  wanted.find((object) => object.step === step && object.key.endsWith(ending))!.key;

async function found(isDeep = false): Promise<string[]> {
  const { findings } = await checkBucket({ ...options(), isDeep });
  return findings.sorted().map(({ file, what }) => `${file} ${what}`);
}

/** Nothing is found any more, at once and after the grace. */
async function expectMended(isDeep = false): Promise<void> {
  await mendBucket({ ...options(), isDeep });
  await clock.sleep(25 * HOUR_MS);
  await pushToBucket(options());
  await clock.sleep(25 * HOUR_MS);
  await pushToBucket(options());
  expect(await found(isDeep)).toEqual([]);
}

test('checkBucket() finds nothing after a push, lists once, and reads pages', async () => {
  const before = { ...store.counts };
  expect(await found()).toEqual([]);
  expect(store.counts.list - before.list).toBe(1);
  expect(store.counts.put).toBe(before.put);
  expect(await found(true)).toEqual([]);
});

test('checkBucket() finds what somebody tidied away, and the page that names it', async () => {
  const key = keyOf('package');
  store.drop(key);
  const all = await found();
  expect(all).toContain(`${key} is missing`);
  expect(
    all.filter((line) => line.includes(`names "${key.split('/').at(-1)}", which is not in the bucket`)),
  ).toHaveLength(2);
  await expectMended();
});

test('checkBucket() finds types and marks that went with aws s3 sync', async () => {
  const key = keyOf('page', '.json');
  store.place(key, bytesOf(key), LOST_TYPE);
  expect(await found()).toEqual([
    `${key} has no Cache-Control`,
    `${key} has no mark of kho: something else put it there`,
    `${key} has the type "binary/octet-stream", and ought to have "application/vnd.pypi.simple.v1+json"`,
  ]);
  await expectMended();
});

test('checkBucket() finds other bytes by their size', async () => {
  const key = keyOf('package');
  store.place(key, Buffer.concat([bytesOf(key), bytesOf(key)]), store.objects.get(key)!.headers);
  expect(await found()).toEqual([expect.stringMatching(/ has \d+ bytes, and the site's has \d+$/)]);
  await expectMended();
});

test('checkBucket() reads what was written since the push, and believes no mark of it', async () => {
  const key = keyOf('package');
  store.place(key, Buffer.from(bytesOf(key)).reverse(), store.objects.get(key)!.headers);
  expect(await found()).toEqual([`${key} has other bytes than the site`]);
  await expectMended();
});

test('checkBucket() reads every byte when asked to', async () => {
  const key = keyOf('package');
  const object = store.objects.get(key)!;
  store.objects.set(key, { ...object, bytes: Buffer.from(object.bytes).reverse() }); // a rotten disk
  expect(await found()).toEqual([]);
  expect(await found(true)).toEqual([`${key} has other bytes than the site`]);
  await expectMended(true);
});

test('checkBucket() reads again what came only in part', async () => {
  const get = store.get.bind(store);
  const broken = new Set<string>();
  store.get = async (key, ...rest) => {
    const stored = await get(key, ...rest);
    if (stored === undefined || stored === 'unchanged' || broken.has(key)) return stored;
    broken.add(key);
    return { ...stored, body: Readable.from([Buffer.from('<')]) };
  };
  expect(await found(true)).toEqual([]);
  expect(broken.size).toBeGreaterThan(5);
});

test('checkBucket() tells what is nobody’s, and --fix takes up only what kho may have put there', async () => {
  const own = 'packages/alpha-99-py3-none-any.whl';
  const others = ['notes.txt', 'packages/read-me.txt', 'team/.kho/site', 'team/packages/alpha-1-py3-none-any.whl'];
  for (const key of [own, 'simple/gone/index.html', ...others.slice(0, 2)])
    store.place(key, Buffer.from('x'), LOST_TYPE);
  for (const key of others.slice(2)) store.place(key, Buffer.from('x'), LOST_TYPE);
  const all = await found();
  expect(all).toEqual([
    'notes.txt is nothing of this site',
    `${own} is nothing that the site publishes, nor waits to go`,
    'packages/read-me.txt is nothing of this site',
    'simple/gone/index.html is nothing that the site publishes, nor waits to go',
  ]);
  await mendBucket(options());
  expect(store.objects.has(own)).toBe(true);
  await clock.sleep(25 * HOUR_MS);
  await pushToBucket(options());
  expect(store.objects.has(own)).toBe(false);
  expect(store.objects.has('simple/gone/index.html')).toBe(false);
  for (const key of others) expect(store.objects.has(key)).toBe(true);
});

test('checkBucket() says that the site is newer, and does not call that a fault of the bucket', async () => {
  const draw = new Draw(8);
  for (let changes = 4; changes > 0; changes--) site.change(draw);
  const { findings } = await checkBucket(options());
  expect(findings.sorted().length).toBeGreaterThan(0);
  expect(findings.sorted().filter(({ hint }) => !hint.startsWith('the site is newer'))).toEqual([]);
});

test('checkBucket() finds half an upload, and --fix abandons it', async () => {
  const key = keyOf('package');
  store.leaveUnfinished(key);
  store.leaveUnfinished('films/somebody-elses.mp4');
  expect(await found()).toEqual([`${key} has an upload that was begun, and not ended: it is paid for`]);
  await mendBucket(options());
  expect((await store.unfinished('')).map((upload) => upload.key)).toEqual(['films/somebody-elses.mp4']);
});

test('checkBucket() finds a record that is gone or damaged, and --fix writes it anew', async () => {
  const [shard] = [...store.objects.keys()].filter((key) => key.startsWith('.kho/shards/'));
  store.place(shard!, Buffer.from('x'), LOST_TYPE);
  expect(await found()).toEqual([`${shard} is damaged, or gone: what it tells of is looked at anew`]);
  await expectMended();
  for (const key of [...store.objects.keys()]) if (key.startsWith('.kho/')) store.drop(key);
  expect(await found()).toEqual(['.kho/site is not there: nobody has published here, or it was removed']);
  await expectMended();
});

test('checkBucket() finds a part of the record that is gone and told of nothing, and --fix writes it anew', async () => {
  site = new SimulatedSite(['.']);
  await pushToBucket(options());
  await clock.sleep(25 * HOUR_MS);
  await pushToBucket(options());
  const [shard] = [...store.objects.keys()].filter((key) => key.startsWith('.kho/shards/'));
  store.drop(shard!);
  expect(await found()).toEqual([`${shard} is damaged, or gone: what it tells of is looked at anew`]);
  await expectMended();
});

test('checkBucket() and mendBucket() stop at another site’s record, and change nothing', async () => {
  const before = new Map(store.objects);
  await expect(checkBucket(options('another'))).rejects.toThrow(KhoError);
  await expect(mendBucket(options('another'))).rejects.toThrow('another site publishes there');
  expect(store.objects).toEqual(before);
});

test('checkBucket() says once that no object has Cache-Control, and --fix puts it right', async () => {
  for (const { key } of wanted) {
    const { bytes, headers } = store.objects.get(key)!;
    store.place(key, bytes, { ...headers, cacheControl: '' });
  }
  expect(await found()).toEqual(['all objects have no Cache-Control']);
  await expectMended();
});

test('mendBucket() puts nothing anew in a store that keeps no Cache-Control', async () => {
  const put = store.put.bind(store);
  store.put = (key, body, headers, condition) => put(key, body, { ...headers, cacheControl: '' }, condition);
  for (const { key } of wanted) store.drop(key);
  await mendBucket(options());
  expect(await found()).toEqual(['all objects have no Cache-Control']);
  const before = { ...store.counts };
  const { push } = await mendBucket(options());
  expect(push).toMatchObject({ written: 0 });
  expect(store.counts.put - before.put).toBe(1);
  expect(await found()).toEqual(['all objects have no Cache-Control']);
  expect([...store.objects.keys()].filter((key) => key.includes('probe'))).toEqual([]);
});
