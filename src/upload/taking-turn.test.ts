import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { TestSite } from '../../test/support/site.ts';
import { loadSite } from '../config/load-config.ts';
import { lockSite } from '../publish/lock.ts';
import { inPlaceTarget } from '../publish/target.ts';
import { TakingTurn } from './taking-turn.ts';

let site: TestSite;
beforeEach(async () => {
  site = new TestSite();
  site.wheel('', { name: 'foo', version: '1.0' });
  inPlaceTarget((await loadSite(site.root)).config);
});
afterEach(() => {
  vi.restoreAllMocks();
  site.close();
});

test('TakingTurn holds the lock from one group to the next', async () => {
  const turn = new TakingTurn();
  await turn.hold(site.root);
  await turn.hold(site.root);
  await expect(lockSite(site.root, { waitMs: 0 })).rejects.toThrow('is publishing it');
  turn.end();
  const unlock = await lockSite(site.root, { waitMs: 0 });
  unlock();
});

test('TakingTurn lets somebody else in after a while, once what was published has come to its end', async () => {
  let now = 1000;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  const turn = new TakingTurn();
  await turn.hold(site.root);
  const order: string[] = [];
  let end = () => {};
  turn.endsWith(
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
  const again = turn.hold(site.root).then(() => order.push('again'));
  end();
  await Promise.all([other, again]);
  expect(order).toEqual(['ended', 'another', 'again']);
  turn.end();
});

test('TakingTurn goes on after what was published could not be brought to the disk', async () => {
  const turn = new TakingTurn();
  await turn.hold(site.root);
  turn.endsWith(Promise.reject(new Error('no')));
  await expect(turn.ended).rejects.toThrow('no');
  turn.end();
  await turn.hold(site.root);
  expect(await turn.ended).toBeUndefined();
  turn.end();
});
