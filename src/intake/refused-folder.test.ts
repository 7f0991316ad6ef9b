/** incoming/refused/: what lies there is never taken up again, and what stands in its place is not followed. */
import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeWheel } from '../../test/support/make-package.ts';
import { TestSite } from '../../test/support/site.ts';
import { loadSite } from '../config/load-config.ts';
import { takeIncoming } from './take-incoming.ts';

const FOO = 'foo-1.0-py3-none-any.whl';
const foo = makeWheel({ name: 'foo', version: '1.0' });
const other = makeWheel({ name: 'foo', version: '1.0', description: 'other bytes' });

let site: TestSite;
let outside: TestSite;
beforeEach(() => {
  [site, outside] = [new TestSite(), new TestSite()];
  mkdirSync(join(site.root, 'glibc/packages'), { recursive: true });
});
afterEach(() => {
  site.close();
  outside.close();
});

async function take() {
  const { config } = await loadSite(site.root);
  return takeIncoming(config, { now: Date.now() });
}

test('takeIncoming() takes nothing up that was refused', async () => {
  site.put(`incoming/refused/${FOO}`, foo);
  site.put(`incoming/refused/sub/${FOO}`, foo);
  expect(await take()).toEqual({ moved: [], problems: [], events: [] });
  expect(readdirSync(join(site.root, 'glibc/packages'))).toEqual([]);
});

test('takeIncoming() puts nothing behind a link in the place of refused/', async () => {
  site.put(`glibc/packages/${FOO}`, foo);
  site.put(`incoming/${FOO}`, other);
  symlinkSync(outside.root, join(site.root, 'incoming/refused'));
  const { problems } = await take();
  expect(problems).toMatchObject([{ code: 'not-moved', what: expect.stringContaining('it is no folder') }]);
  expect(readdirSync(outside.root)).toEqual([]);
  expect(readdirSync(join(site.root, 'incoming')).sort()).toEqual([FOO, 'refused']);
});
