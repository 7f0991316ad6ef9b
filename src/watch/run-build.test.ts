import { afterEach, beforeEach, expect, test } from 'vitest';
import { follow } from '../../test/support/followed-site.ts';
import { TestSite } from '../../test/support/site.ts';
import { runBuild } from './run-build.ts';

let site: TestSite;
beforeEach(() => {
  site = new TestSite();
  site.put('kho.toml', 'pages = false\n[repositories.glibc]\nsync = true\n');
  site.wheel('glibc', { name: 'foo', version: '1.0' });
});
afterEach(() => site.close());

test('runBuild() tells when a catalogue is due that came too soon after the one before', async () => {
  const order = { root: site.root, busy: new Set<string>() };
  expect(await runBuild(order)).not.toHaveProperty('syncDueMs');
  site.wheel('glibc', { name: 'foo', version: '2.0' });
  expect((await runBuild(order)).syncDueMs).toBeGreaterThan(Date.now());
  expect(follow(site, 'glibc')?.head.counter).toBe(1);
});
