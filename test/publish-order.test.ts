/** The order in which a build changes what readers see: never does a page name what is not there. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { watchCalls } from './support/changing-calls.ts';
import { TestSite } from './support/site.ts';

let site: TestSite;
let out: TestSite;
beforeEach(async () => {
  [site, out] = [new TestSite(), new TestSite()];
  site.put('kho.toml', 'pages = false\n');
  site.wheel('glibc', { name: 'foo', version: '1.0' });
  site.wheel('glibc', { name: 'gone', version: '1.0' });
  await site.build({ out: out.root });
  site.remove('glibc/packages/gone-1.0-py3-none-any.whl');
  site.wheel('glibc', { name: 'foo', version: '2.0' });
  site.wheel('glibc', { name: 'new', version: '1.0' });
});
afterEach(() => {
  site.close();
  out.close();
});

/** `given NAME`, `gone NAME`, `flushed` and `noted` (the manifest), in their order. */
async function changes(): Promise<string[]> {
  const told: string[] = [];
  const stop = watchCalls([out.root], {
    after({ name, paths }) {
      const path = (paths.at(-1) as string).slice(out.root.length + 1);
      if (name === 'sync') told.push('flushed');
      else if (/(?:^|\/)\.kho-/.test(path)) return;
      else if (/^(?:rename|link|copyFile)Sync$/.test(name)) told.push(`given ${path}`);
      else if (name === 'unlinkSync') told.push(`gone ${path}`);
    },
  });
  await site.build({ out: out.root });
  stop();
  return told;
}

test('a build gives files their names, then projects, then lists; it takes away pages, then files; then it writes down', async () => {
  const told = await changes();
  const steps = [
    'given .kho/copies',
    'given glibc/packages/new-1.0-py3-none-any.whl',
    'given .kho/journal',
    'given glibc/simple/new',
    'given glibc/simple/index.html',
    'gone glibc/simple/gone/index.html',
    'gone glibc/packages/gone-1.0-py3-none-any.whl',
    'given .kho/manifest',
    'gone .kho/copies',
    'gone .kho/journal',
  ];
  expect(told.filter((step) => steps.includes(step))).toEqual(steps);
  const last = (start: string) => told.findLastIndex((step) => step.startsWith(start));
  const first = (start: string) => told.findIndex((step) => step.startsWith(start));
  expect(last('given glibc/packages/')).toBeLessThan(first('given .kho/journal'));
  expect(last('given glibc/simple/foo')).toBeLessThan(first('given glibc/simple/index.'));
  expect(last('given glibc/pypi/')).toBeLessThan(first('given glibc/simple/index.'));
  expect(last('gone glibc/simple/')).toBeLessThan(first('gone glibc/packages/'));
});
