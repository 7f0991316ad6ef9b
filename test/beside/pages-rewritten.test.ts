/** Which of many pages a run writes anew: those that tell of what changed. */
import { expect, onTestFinished, test } from 'vitest';
import { TestSite } from '../support/site.ts';

test('a run rewrites only lists that tell of what changed', async () => {
  const site = new TestSite();
  onTestFinished(() => site.close());
  // The first part of their names ends before g367: see shards.ts.
  for (let number = 100; number < 375; number++) site.wheel('glibc', { name: `g${number}`, version: '1.0' });
  await site.build();
  const before = site.snapshot();
  site.wheel('glibc', { name: 'g100', version: '2.0' });
  await site.build();
  const after = site.snapshot();
  expect(Object.keys(after).filter((path) => /^glibc\/project\/search-\w+\.js$/.test(path))).toHaveLength(2);
  const changed = Object.keys(after).filter((path) => /project\//.test(path) && after[path] !== before[path]);
  expect(changed.sort()).toEqual([
    'glibc/project/changes.html',
    'glibc/project/changes.xml',
    'glibc/project/g100/1.0/index.html', // it leads to the one after it
    'glibc/project/g100/2.0/g100-2.0-py3-none-any.whl.html',
    'glibc/project/g100/2.0/index.html',
    'glibc/project/g100/changes.xml',
    'glibc/project/g100/index.html',
    'glibc/project/search-1.js', // and no other part
    'project/all.html',
    'project/changes.html',
    'project/changes.xml',
    'project/search-all-1.js',
  ]);
});
