/** What kho keeps of its pages from one run for the next: descriptions that it rendered. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { surveySite } from '../src/build-site.ts';
import { checkSite } from '../src/check/check-site.ts';
import { loadSite } from '../src/config/load-config.ts';
import { TestSite } from './support/site.ts';

let site: TestSite;
beforeEach(() => {
  site = new TestSite();
});
afterEach(() => site.close());

const README = { metadata: 'Description-Content-Type: text/markdown', description: '# On *roads*' };

const kept = () => (existsSync(join(site.root, '.kho/readmes')) ? readdirSync(join(site.root, '.kho/readmes')) : []);
const page = () => site.read('glibc/project/foo/index.html');

/** Change what kho remembers of the one description, in a way that a page would show. */
function mark(): void {
  const [entry] = kept();
  const path = `.kho/readmes/${entry}`;
  site.put(path, site.read(path).replace('roads', 'rails'));
}

test('versions that say the same of themselves share one rendered description, which goes with the last of them', async () => {
  site.wheel('glibc', { name: 'foo', version: '1.0', ...README });
  site.wheel('musl', { name: 'foo', version: '1.0', ...README });
  await site.build();
  const [entry] = kept();
  expect(kept()).toHaveLength(1);
  site.wheel('glibc', { name: 'foo', version: '2.0', ...README });
  await site.build();
  expect(kept()).toEqual([entry]);
  site.wheel('glibc', { name: 'foo', version: '3.0' });
  await site.build();
  expect(kept()).toEqual([entry]); // of musl
  site.remove('musl/packages/foo-1.0-py3-none-any.whl');
  await site.build();
  expect(kept()).toEqual([]);
});

test('a rendered description that was damaged is not shown, and kho check finds nothing wrong', async () => {
  site.wheel('glibc', { name: 'foo', version: '1.0', ...README });
  await site.build();
  mark();
  site.wheel('glibc', { name: 'foo', version: '2.0', ...README });
  await site.build();
  expect(page()).toContain('<em>roads</em>');
  const { config } = await loadSite(site.root);
  mark();
  expect(await checkSite(config, await surveySite(config))).toEqual([]);
});

test('without pages, no rendered description is kept', async () => {
  site.wheel('glibc', { name: 'foo', version: '1.0', ...README });
  await site.build();
  expect(kept()).toHaveLength(1);
  site.put('kho.toml', 'pages = false\n');
  await site.build();
  expect(existsSync(join(site.root, '.kho/readmes'))).toBe(false);
});
