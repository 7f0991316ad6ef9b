import { Readable } from 'node:stream';
import { beforeEach, expect, test } from 'vitest';
import { MemoryStore } from '../../test/support/memory-store.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { bytesBody } from '../object-store/bytes-body.ts';
import { StoreError } from '../object-store/object-store.ts';
import { RetryStore } from '../object-store/retry-store.ts';
import type { BucketObject, BucketSource, ObjectStep } from './bucket-source.ts';
import { previewPush } from './preview-push.ts';
import type { PushOptions } from './push-options.ts';
import { pushToBucket } from './push-to-bucket.ts';

const HOUR_MS = 3_600_000;

/** Projects with their files; pages name them. */
type Folder = Record<string, string[]>;

let store: MemoryStore;
let clock: VirtualClock;
let kept: { text: string | undefined };

beforeEach(() => {
  clock = new VirtualClock();
  store = new MemoryStore({ now: clock.now });
  kept = { text: undefined };
});

function sourceOf(folder: Folder, broken: readonly string[] = []): BucketSource {
  const names = Object.keys(folder).sort();
  const object = (key: string, step: ObjectStep, content: string): BucketObject => ({
    key,
    step,
    headers: { contentType: 'text/plain', cacheControl: 'no-cache' },
    stamp: content,
    open: () => {
      if (broken.includes(key))
        throw Object.assign(new Error(`ENOENT: "${key}" is another file by now`), { code: 'ENOENT' });
      return bytesBody(content);
    },
  });
  return {
    *units() {
      for (const name of names) {
        const files = folder[name] as string[];
        yield {
          name: `project/${name}`,
          print: files.join(),
          objects: () => [
            object(`simple/${name}/index.html`, 'page', files.join()),
            ...files.map((file) => object(`packages/${file}`, 'package', `bytes of ${file}`)),
          ],
        };
      }
      yield { name: 'lists', print: names.join(), objects: () => [object('simple/index.html', 'list', names.join())] };
    },
  };
}

async function push(folder: Folder | BucketSource, more: Partial<PushOptions> = {}) {
  return await pushToBucket({
    ...{ store, clock, site: 'our-site', settings: '', graceMs: 24 * HOUR_MS, parallel: 4 },
    source: 'units' in folder ? (folder as BucketSource) : sourceOf(folder as Folder),
    kept: {
      read: () => kept.text,
      write(text) {
        kept.text = text;
      },
    },
    ...more,
  });
}

const published = () => [...store.objects.keys()].filter((key) => !key.startsWith('.kho/')).sort();
const FIRST: Folder = { one: ['one-1.whl', 'one-2.whl'], two: ['two-1.whl'] };
const ALL_OF_FIRST = [
  'packages/one-1.whl',
  'packages/one-2.whl',
  'packages/two-1.whl',
  'simple/index.html',
  'simple/one/index.html',
  'simple/two/index.html',
];

test('pushToBucket() brings all to its place, and then asks once whether it is there', async () => {
  expect(await push(FIRST)).toMatchObject({ written: 6, unchanged: 0, removed: 0, waiting: 0 });
  expect(published()).toEqual(ALL_OF_FIRST);
  expect(await push(FIRST)).toMatchObject({ written: 0, requests: 1 });
  kept.text = undefined;
  expect(await push(FIRST)).toMatchObject({ written: 0, requests: 1 });
});

test('pushToBucket() puts what is linked to before what links to it', async () => {
  const order: string[] = [];
  const put = store.put.bind(store);
  store.put = (key, ...rest) => {
    order.push(key.split('/').at(key.startsWith('simple/') ? -1 : 0) as string);
    return put(key, ...rest);
  };
  await push(FIRST, { parallel: 1 });
  const kinds = ['.kho', 'packages', 'packages', 'packages', 'index.html', 'index.html', 'index.html'];
  expect(order.slice(0, 7)).toEqual(kinds);
});

test('pushToBucket() adds a file in few requests', async () => {
  await push(FIRST);
  // Two heads, the shard of the project twice, its page, its file.
  expect(await push({ ...FIRST, two: ['two-1.whl', 'two-2.whl'] })).toMatchObject({ written: 2, requests: 7 });
});

test('pushToBucket() leaves a file that is gone for a day, and its page goes at once', async () => {
  await push(FIRST);
  const one = { one: ['one-2.whl'] };
  expect(await push(one)).toMatchObject({ removed: 1, waiting: 2 });
  expect(published()).toEqual(ALL_OF_FIRST.filter((key) => key !== 'simple/two/index.html'));
  await clock.sleep(HOUR_MS);
  // What was touched twice within minutes is looked at once more.
  expect(await push(one)).toMatchObject({ removed: 0, written: 0 });
  await clock.sleep(22 * HOUR_MS);
  expect(await push(one)).toMatchObject({ removed: 0, requests: 1 });
  await clock.sleep(2 * HOUR_MS);
  expect(await push(one)).toMatchObject({ removed: 2, waiting: 0 });
  expect(published()).toEqual(['packages/one-2.whl', 'simple/index.html', 'simple/one/index.html']);
  expect(await push(one)).toMatchObject({ requests: 1 });
});

test('pushToBucket() keeps a file that comes back in time', async () => {
  await push(FIRST);
  await push({ one: ['one-2.whl'] });
  await clock.sleep(12 * HOUR_MS);
  expect(await push(FIRST)).toMatchObject({ waiting: 0, removed: 0 });
  await clock.sleep(48 * HOUR_MS);
  await push({ ...FIRST, three: ['three-1.whl'] });
  expect(published()).toEqual(expect.arrayContaining(ALL_OF_FIRST));
});

test('pushToBucket() keeps a file that another project has by now', async () => {
  await push(FIRST);
  const moved = { one: ['one-1.whl', 'one-2.whl', 'two-1.whl'] };
  await push(moved);
  await clock.sleep(48 * HOUR_MS);
  expect(await push(moved)).toMatchObject({ removed: 0, waiting: 0 });
  expect(published()).toContain('packages/two-1.whl');
});

test('pushToBucket() stops where another site publishes, and takes over when told to', async () => {
  await push(FIRST);
  kept.text = undefined;
  const theirs = { site: 'their-site' };
  await expect(push({ two: ['two-1.whl'] }, theirs)).rejects.toMatchObject({ code: 'BUCKET' });
  expect(published()).toEqual(ALL_OF_FIRST);
  await push({ two: ['two-1.whl'] }, { ...theirs, adopt: true });
  await expect(push(FIRST)).rejects.toThrow('another site publishes there');
  expect(await push({ two: ['two-1.whl'] }, theirs)).toMatchObject({ requests: 1, waiting: 2 });
});

test('pushToBucket() stops where something stands that kho did not put there', async () => {
  const headers = { contentType: 'text/html', cacheControl: 'no-cache' };
  store.place('simple/index.html', Buffer.from('their own'), headers);
  await expect(push(FIRST)).rejects.toThrow('"simple/index.html" is there already');
  expect(Buffer.from(store.objects.get('simple/index.html')?.bytes ?? []).toString()).toBe('their own');
  await push(FIRST, { adopt: true });
  expect(Buffer.from(store.objects.get('simple/index.html')?.bytes ?? []).toString()).toBe('one,two');
});

test('pushToBucket() puts anew what somebody wrote by hand, when it changes', async () => {
  await push(FIRST);
  const byHand = Buffer.from('x'.repeat('two-1.whl,two-2.whl'.length));
  store.place('simple/two/index.html', byHand, { contentType: 'text/plain', cacheControl: 'no-cache' });
  await push({ ...FIRST, two: ['two-1.whl', 'two-2.whl'] });
  expect(Buffer.from(store.objects.get('simple/two/index.html')?.bytes ?? []).toString()).toBe('two-1.whl,two-2.whl');
});

test('pushToBucket() tells of a file that cannot be read; its page and lists wait, and the rest goes on', async () => {
  await push(FIRST);
  const more = { one: ['one-1.whl', 'one-2.whl', 'one-3.whl'], three: ['three-1.whl'], two: ['two-1.whl'] };
  const report = await push(sourceOf(more, ['packages/one-3.whl']));
  expect(report.failed).toEqual([{ key: 'packages/one-3.whl', why: expect.stringContaining('another file by now') }]);
  const text = (key: string) => Buffer.from(store.objects.get(key)?.bytes ?? []).toString();
  expect(text('simple/one/index.html')).toBe('one-1.whl,one-2.whl');
  expect(text('simple/three/index.html')).toBe('three-1.whl');
  expect(text('simple/index.html')).toBe('one,two');
  expect((await push(more)).failed).toEqual([]);
  expect(text('simple/one/index.html')).toBe('one-1.whl,one-2.whl,one-3.whl');
  expect(text('simple/index.html')).toBe('one,three,two');
});

test.each([
  ['another head', '{"format":1}', 'it is damaged, or no kho wrote it'],
  ['one that is no JSON', '{', 'it is damaged, or no kho wrote it'],
  ['a newer one', '{"format":2,"mode":"mirror"}', 'a newer kho wrote it'],
  ['many writers', '{"format":1,"mode":"shared"}', 'without a folder in common'],
])('pushToBucket() stops at a record of %s', async (_what, text, why) => {
  store.place('.kho/site', Buffer.from(text), { contentType: 'application/json', cacheControl: 'no-store' });
  await expect(push(FIRST)).rejects.toThrow(why);
  expect(published()).toEqual([]);
});

test.each([
  ['the record itself', '.kho/site'],
  ['what climbs', '../elsewhere'],
  ['what is absolute', '/etc/passwd'],
])('pushToBucket() removes nothing that a lying record names: %s', async (_what, key) => {
  await push({});
  const head = JSON.parse(Buffer.from(store.objects.get('.kho/site')?.bytes ?? []).toString());
  head.touching = [['project/one', [[key, 0]]]];
  store.place('.kho/site', Buffer.from(JSON.stringify(head)), { contentType: 'application/json', cacheControl: '' });
  await expect(push({})).rejects.toThrow('it is damaged, or no kho wrote it');
});

test('pushToBucket() ends with a hint when credentials do, and goes on from there', async () => {
  let left = 5;
  const put = store.put.bind(store);
  store.put = async (...args) => {
    if (left-- <= 0) throw new StoreError('expired', 'ExpiredToken');
    return await put(...args);
  };
  await expect(push(FIRST)).rejects.toMatchObject({ code: 'BUCKET', hint: expect.stringContaining('new credentials') });
  left = 1000;
  const sent: string[] = [];
  store.put = async (key, ...rest) => {
    sent.push(key);
    return await put(key, ...rest);
  };
  await push(FIRST);
  expect(published()).toEqual(ALL_OF_FIRST);
  expect(sent.filter((key) => key.startsWith('packages/'))).toEqual([]); // they had come before
});

test('pushToBucket() asks again while the store is busy, and believes no answer that was lost', async () => {
  const put = store.put.bind(store);
  let calls = 0;
  store.put = async (...args) => {
    const answer = await put(...args);
    if (calls++ % 2 === 0) throw new StoreError('busy', 'the line broke');
    return answer;
  };
  await push(FIRST);
  await push({ one: ['one-1.whl', 'one-2.whl', 'one-3.whl'] });
  expect(published()).toEqual([
    ...ALL_OF_FIRST.slice(0, 2),
    'packages/one-3.whl',
    ...ALL_OF_FIRST.slice(2).filter((key) => key !== 'simple/two/index.html'),
  ]);
});

test('pushToBucket() asks a store that does not answer for two minutes', async () => {
  store.get = async () => {
    throw new StoreError('busy', 'SlowDown');
  };
  const began = clock.now();
  await expect(push(FIRST)).rejects.toMatchObject({ code: 'BUCKET', hint: expect.stringContaining('goes on') });
  expect((clock.now() - began) / 60_000).toBeGreaterThan(1);
  expect((clock.now() - began) / 60_000).toBeLessThanOrEqual(2);
});

test('pushToBucket() reads a record again whose answer broke off', async () => {
  await push(FIRST);
  kept.text = undefined;
  const get = store.get.bind(store);
  let calls = 0;
  store.get = async (...args) => {
    const found = await get(...args);
    if (found === undefined || found === 'unchanged' || calls++ > 0) return found;
    return { ...found, body: Readable.from([Buffer.from('{"form')]) };
  };
  expect(await push(FIRST)).toMatchObject({ written: 0, requests: 2 });
});

test.each([
  ['before its time', 0],
  ['when it was to go', 2],
])('pushToBucket() lets a file stay that a page names again which somebody put back, seen %s', async (_when, hours) => {
  await push(FIRST);
  const key = 'simple/two/index.html';
  const before = store.objects.get(key)!;
  const more = { ...FIRST, two: ['two-2.whl'] };
  await push(more);
  await clock.sleep(23 * HOUR_MS);
  store.place(key, before.bytes, before.headers);
  await clock.sleep(hours * HOUR_MS);
  await push({ ...more, two: ['two-2.whl', 'two-3.whl'] });
  await clock.sleep(2 * HOUR_MS);
  expect(await push({ ...more, two: ['two-2.whl', 'two-3.whl'] })).toMatchObject({ removed: 0, waiting: 1 });
  expect(published()).toContain('packages/two-1.whl'); // whoever read that page looks for it
  await clock.sleep(23 * HOUR_MS);
  expect(await push({ ...more, two: ['two-2.whl', 'two-3.whl'] })).toMatchObject({ removed: 1, waiting: 0 });
});

test.each([1, 2, 3])('pushToBucket() removes pages of all that is gone, in rounds of %i keys', async (roundKeys) => {
  const many = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`project${at}`, [`project${at}-1.whl`]]));
  await push(many);
  const { project0, project1 } = many as Record<string, string[]>;
  const left = { project0: project0 as string[], project1: [...(project1 as string[]), 'project1-2.whl'] };
  const pages = () => published().filter((key) => key.startsWith('simple/'));
  await push(sourceOf(left, ['packages/project1-2.whl']), { roundKeys });
  expect(pages()).toHaveLength(21); // lists may still name them
  expect(await push(left, { roundKeys })).toMatchObject({ removed: 18, waiting: 18 });
  expect(pages()).toEqual(['simple/index.html', 'simple/project0/index.html', 'simple/project1/index.html']);
  await clock.sleep(25 * HOUR_MS);
  expect(await push(left, { roundKeys })).toMatchObject({ removed: 18, waiting: 0 });
});

test('previewPush() tells what a push would do, also of what only has to go', async () => {
  await push(FIRST);
  const preview = async (folder: Folder) => {
    const source = sourceOf(folder);
    const options = { source, clock, site: 'our-site', settings: '', graceMs: 24 * HOUR_MS };
    const put = store.counts.put + store.counts.remove;
    const told = await previewPush({
      ...options,
      store: RetryStore.of(store, clock),
      kept: { read: () => kept.text, write: () => {} },
    });
    expect(store.counts.put + store.counts.remove).toBe(put);
    return { put: told.put.sort(), removed: told.removed.sort(), left: told.left.sort() };
  };
  const one = { one: ['one-2.whl', 'one-3.whl'] };
  expect(await preview(one)).toEqual({
    put: ['packages/one-3.whl', 'simple/index.html', 'simple/one/index.html'],
    removed: ['simple/two/index.html'],
    left: ['packages/one-1.whl', 'packages/two-1.whl'],
  });
  await push(one);
  expect(await preview(one)).toEqual({ put: [], removed: [], left: [] });
  await clock.sleep(HOUR_MS);
  await push(one); // second looks
  await clock.sleep(24 * HOUR_MS);
  expect(await preview(one)).toEqual({ put: [], removed: ['packages/one-1.whl', 'packages/two-1.whl'], left: [] });
  expect(await push(one)).toMatchObject({ written: 0, removed: 2 });
});

test('pushToBucket() goes in rounds, so that a large site is recorded as it comes', async () => {
  const many = Object.fromEntries(
    Array.from({ length: 300 }, (_, number) => [
      `project${number}`,
      Array.from({ length: 20 }, (_file, version) => `project${number}-${version}.whl`),
    ]),
  );
  let puts = 0;
  const put = store.put.bind(store);
  store.put = async (...args) => {
    if (++puts > 5000) throw new StoreError('denied', 'AccessDenied');
    return await put(...args);
  };
  await expect(push(many)).rejects.toMatchObject({ code: 'BUCKET' });
  store.put = put;
  const { written, unchanged } = await push(many);
  expect(written + unchanged).toBeLessThan(4500);
  expect(published()).toHaveLength(300 * 21 + 1);
});

/** Ends the run at the n-th write whose key begins so, before it takes effect. @returns puts the store right again */
function dieAt(key: string, nth: number): () => void {
  const put = store.put.bind(store);
  let count = 0;
  store.put = (at, ...rest) => {
    if (at.startsWith(key) && ++count === nth) throw new Error('the run dies');
    return put(at, ...rest);
  };
  return () => {
    store.put = put;
  };
}

test.each([1, 2])(
  'pushToBucket() keeps a project that is back after a push that was taking it away died at its head %d',
  async (nth) => {
    await push({ ...FIRST, two: ['two-1.whl', 'two-2.whl'] });
    await clock.sleep(HOUR_MS); // else all is looked at once more
    await push(FIRST); // of what is left of the project something is due a day later
    await clock.sleep(HOUR_MS);
    const restore = dieAt('.kho/site', nth);
    await expect(push({ one: FIRST['one'] as string[] }, { roundKeys: 1 })).rejects.toThrow('the run dies');
    restore();
    await push(FIRST);
    await clock.sleep(25 * HOUR_MS);
    await push(FIRST);
    expect(published()).toEqual(ALL_OF_FIRST);
  },
);

function bound(of: MemoryStore, name: keyof MemoryStore): unknown {
  const value = of[name];
  return typeof value === 'function' ? value.bind(of) : value;
}

/** Begins to push, and waits for ever in the middle of it. */
async function stuckPush(host: string): Promise<{ text: string | undefined }> {
  const own: { text: string | undefined } = { text: undefined };
  let hasBegun = () => {};
  const begun = new Promise<void>((resolve) => {
    hasBegun = resolve;
  });
  const put: MemoryStore['put'] = (key, ...rest) => {
    if (!key.startsWith('packages/')) return store.put(key, ...rest);
    hasBegun();
    return new Promise(() => {});
  };
  const stuck = new Proxy(store, {
    get: (of, name) => (name === 'put' ? put : bound(of, name as keyof MemoryStore)),
  });
  const keep = {
    read: () => own.text,
    write(text: string) {
      own.text = text;
    },
  };
  void push(FIRST, { store: stuck, host, kept: keep });
  await begun;
  return own;
}

test('pushToBucket() waits for a push of another machine, and goes on when that has been quiet for minutes', async () => {
  await stuckPush('another');
  const waited: string[] = [];
  const beganMs = clock.now();
  expect(await push(FIRST, { host: 'this', onWait: (holder) => waited.push(holder) })).toMatchObject({ written: 6 });
  expect(clock.now() - beganMs).toBeGreaterThanOrEqual(3 * 60_000);
  expect(clock.now() - beganMs).toBeLessThan(4 * 60_000);
  expect(waited).toEqual([expect.stringContaining('another push to "s3://memory/site"')]);
  expect(published()).toEqual(ALL_OF_FIRST);
});

test('pushToBucket() goes on at once from a push of its own that died, and not where two machines share a folder', async () => {
  kept = await stuckPush('this');
  const beganMs = clock.now();
  await push({ ...FIRST, two: ['two-2.whl'] }, { host: 'this' });
  expect(clock.now() - beganMs).toBeLessThan(60_000);
  kept = await stuckPush('another');
  await push({ ...FIRST, three: ['three-1.whl'] }, { host: 'this' });
  expect(clock.now() - beganMs).toBeGreaterThanOrEqual(3 * 60_000);
});

test('pushToBucket() says that another machine publishes where its push goes on and on', async () => {
  await stuckPush('another');
  const { bytes, headers } = store.objects.get('.kho/site')!;
  const place = store.place.bind(store, '.kho/site', Buffer.from(bytes), headers);
  for (let minute = 1; minute < 10; minute++) void clock.sleep(minute * 60_000).then(place);
  await expect(push(FIRST, { host: 'this' })).rejects.toMatchObject({
    code: 'BUCKET',
    message: expect.stringContaining('another machine publishes the same site there'),
  });
});

test('pushToBucket() says all the time that it goes on', async () => {
  const heads: number[] = [];
  const put = store.put.bind(store);
  store.put = async (key, ...rest) => {
    if (key === '.kho/site') heads.push(clock.now());
    if (key.startsWith('packages/')) await clock.sleep(35_000);
    return put(key, ...rest);
  };
  const many = Array.from({ length: 12 }, (_, index) => `one-${index}.whl`);
  await push({ one: many }, { parallel: 1 });
  const pauses = heads.slice(1).map((ms, index) => ms - (heads[index] as number));
  expect(Math.max(...pauses)).toBeLessThan(2 * 60_000);
  expect(heads.length).toBeGreaterThan(5);
});
