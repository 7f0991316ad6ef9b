import { expect, test } from 'vitest';
import { MemoryStore } from '../../test/support/memory-store.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { withSum } from '../io/kept-lines.ts';
import { bytesBody } from '../object-store/bytes-body.ts';
import { shardKey, shardOf } from './bucket-record.ts';
import { pushToBucket } from './push-to-bucket.ts';

const RECORD = { contentType: 'application/json', cacheControl: 'no-store' };
const NAME = 'project/farm';
const SHARD = shardKey(shardOf(NAME));

const clock = new VirtualClock();

async function push(store: MemoryStore, print: string) {
  return await pushToBucket({
    ...{ store, clock, site: 'ours', settings: '', graceMs: 0, parallel: 2 },
    kept: { read: () => undefined, write: () => {} },
    source: {
      *units() {
        yield {
          ...{ name: NAME, print },
          objects: () => [
            {
              ...{ key: 'simple/farm/index.html', step: 'page', stamp: print },
              headers: { contentType: 'text/html', cacheControl: 'no-cache' },
              open: () => bytesBody(print),
            },
          ],
        };
      },
    },
  });
}

/** Its record names this as published. @param step 2 is that of pages */
function shardWith(key: string, step = 2): string {
  const objects = [[key, step, 1, 'a'.repeat(64), '', '"1"', '']];
  return withSum(JSON.stringify([NAME, 'old', objects, [], 0, []]));
}

async function pushedOnto(text: string) {
  const store = new MemoryStore({ now: clock.now });
  await push(store, 'one');
  for (const key of ['etc/passwd', 'theirs.txt']) store.place(key, Buffer.from('theirs'), RECORD);
  store.place(SHARD, Buffer.from(text), RECORD);
  const report = await push(store, 'two');
  return { report, keys: [...store.objects.keys()].sort(), store };
}

const WHOLE = ['.kho/site', SHARD, 'etc/passwd', 'simple/farm/index.html', 'theirs.txt'].sort();

test('a record that kho wrote is believed', async () => {
  const { report, keys } = await pushedOnto(shardWith('theirs.txt'));
  expect(report).toMatchObject({ removed: 1, lostShards: 0 });
  expect(keys).toEqual(WHOLE.filter((key) => key !== 'theirs.txt'));
});

test.each([
  ['a path that climbs', shardWith('../etc/passwd')],
  ['an absolute path', shardWith('/etc/passwd')],
  ['the record itself', shardWith('.kho/site')],
  ['an empty path', shardWith('')],
  ['a step that there is not', shardWith('theirs.txt', 9)],
  ['a checksum that is not of it', shardWith('theirs.txt').replace('theirs', 'others')],
  ['half a line', shardWith('theirs.txt').slice(0, -20)],
  ['no JSON', withSum('{')],
  ['another unit', withSum(JSON.stringify(['project/other', '', [], [], 0, []]))],
  ['another shape', withSum(JSON.stringify({ name: NAME }))],
  ['nothing but noise', '\0\0\0\n\0'],
])('a part of a record with %s counts as lost, is told of, and removes nothing', async (_what, text) => {
  const { report, keys, store } = await pushedOnto(text);
  expect(report).toMatchObject({ removed: 0, lostShards: 1 });
  expect(keys).toEqual(WHOLE);
  expect(Buffer.from(store.objects.get('simple/farm/index.html')?.bytes ?? []).toString()).toBe('two');
  expect(await push(store, 'two')).toMatchObject({ requests: 1 });
});

test('a part of a record that is gone counts as lost', async () => {
  const store = new MemoryStore({ now: clock.now });
  await push(store, 'one');
  store.drop(SHARD);
  expect(await push(store, 'two')).toMatchObject({ lostShards: 1, failed: [] });
});

test('a head that is endless is not read', async () => {
  const store = new MemoryStore({ now: clock.now });
  await push(store, 'one');
  store.place('.kho/site', Buffer.alloc(65 * 1024 * 1024, ' '), RECORD);
  await expect(push(store, 'two')).rejects.toThrow('bytes of kho');
});
