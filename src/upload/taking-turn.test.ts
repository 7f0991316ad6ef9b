import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { TestSite } from '../../test/support/site.ts';
import { loadSite } from '../config/load-config.ts';
import type { SiteConfig } from '../config/site-config.ts';
import { lockSite } from '../publish/lock.ts';
import { inPlaceTarget } from '../publish/target.ts';
import { TakingTurn } from './taking-turn.ts';

let site: TestSite;
let config: SiteConfig;
beforeEach(async () => {
  site = new TestSite();
  site.wheel('', { name: 'foo', version: '1.0' });
  ({ config } = await loadSite(site.root));
  inPlaceTarget(config);
});
afterEach(() => {
  vi.restoreAllMocks();
  site.close();
});

test('TakingTurn holds the lock from one group to the next', async () => {
  const turn = new TakingTurn();
  await turn.hold(config);
  await turn.hold(config);
  await expect(lockSite(site.root, { waitMs: 0 })).rejects.toThrow('is publishing it');
  await turn.end();
  const unlock = await lockSite(site.root, { waitMs: 0 });
  unlock();
});

test('TakingTurn lets somebody else in after a while, once what was published has come to its end', async () => {
  let now = 1000;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  const turn = new TakingTurn();
  const row = await turn.hold(config);
  const order: string[] = [];
  let end = () => {};
  row.endsWith(
    new Promise((resolve) => {
      end = () => {
        order.push('ended');
        resolve();
      };
    }),
  );
  const other = lockSite(site.root).then((unlock) => {
    order.push('another');
    unlock();
  });
  now += 60_000;
  const again = turn.hold(config).then(() => order.push('again'));
  end();
  await Promise.all([other, again]);
  expect(order).toEqual(['ended', 'another', 'again']);
  await turn.end();
});

test('TakingTurn goes on after what was published could not be brought to the disk', async () => {
  const turn = new TakingTurn();
  (await turn.hold(config)).endsWith(Promise.reject(new Error('no')));
  await expect(turn.ended()).rejects.toThrow('no');
  await turn.end();
  await turn.hold(config);
  expect(await turn.ended()).toBeUndefined();
  await turn.end();
});
