import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestSite } from '../../test/support/site.ts';
import { loadSite } from '../config/load-config.ts';
import { type PullWords, readPullOrder } from './pull-order.ts';

let site: TestSite;
beforeEach(() => {
  site = new TestSite();
  site.put('field/packages/.keep', '');
  site.put('lock.txt', '');
});
afterEach(() => site.close());

const URL_LINE = 'url = "https://packages.example.vn/"\n';

test.each<[what: string, url: string, words: PullWords, repository: string]>([
  ['of [follow]', URL_LINE, {}, 'armhf'],
  ['of [follow], whose address is typed', URL_LINE, { from: 'https://packages.example.vn/' }, 'armhf'],
  ['of [follow] without an address: disks come', '', {}, 'armhf'],
  ['of [follow] without an address, whose line is typed', '', { from: 'https://packages.example.vn/' }, 'armhf'],
  ['of another centre', URL_LINE, { from: 'https://other.example.vn/' }, 'field'],
  ['of another centre, as typed', URL_LINE, { from: 'https://other.example.vn/', repository: 'x' }, 'x'],
])('readPullOrder() takes the repository %s', async (_what, url, words, repository) => {
  site.put('kho.toml', `[follow]\n${url}repository = "armhf"\ninto = "field"\nneeds = ["lock.txt"]\n`);
  const { config } = await loadSite(site.root);
  expect(readPullOrder(config, { into: 'field', ...words }).repository).toBe(repository);
});
