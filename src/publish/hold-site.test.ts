import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestSite } from '../../test/support/site.ts';
import { loadSite } from '../config/load-config.ts';
import { holdSite } from './hold-site.ts';
import { lockHolder } from './lock.ts';

let site: TestSite;
beforeEach(() => {
  site = new TestSite();
  site.put('glibc/packages/README', '');
});
afterEach(() => site.close());

test('holdSite() holds the lock while somebody acts, also on a site that was never published', async () => {
  const { config } = await loadSite(site.root);
  const seen = await holdSite(config, {}, async () => lockHolder(site.root)?.pid);
  expect([seen, lockHolder(site.root)]).toEqual([process.pid, undefined]);
});

test('holdSite() lets the next one in where acting fails', async () => {
  const { config } = await loadSite(site.root);
  const fail = () => {
    throw new TypeError('a bug');
  };
  await expect(holdSite(config, {}, fail)).rejects.toThrow(TypeError);
  expect(existsSync(join(site.root, '.kho/lock'))).toBe(false);
  await holdSite(config, { waitMs: 0 }, () => undefined);
});
