/** What runs that died left under hidden names goes with the next run, and nothing else does. */
import { chownSync, existsSync, mkdirSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { watchCalls } from '../support/changing-calls.ts';
import { makeWheel } from '../support/make-package.ts';
import { TestSite } from '../support/site.ts';

const DEAD = '.kho-999999999-0123456789ab-0';
/** Of the process that started this one. */
const ALIVE = `.kho-${process.ppid}-0123456789ab-0`;

let site: TestSite;
let out: TestSite;
let outside: TestSite;
beforeEach(() => {
  [site, out, outside] = [new TestSite(), new TestSite(), new TestSite()];
  site.put('kho.toml', 'pages = false\n');
  site.wheel('glibc', { name: 'foo', version: '1.0' });
  site.put('glibc/packages/sub/bar-1.0-py3-none-any.whl', makeWheel({ name: 'bar', version: '1.0' }));
  outside.put('folder/file', 'precious');
});
afterEach(() => {
  for (const one of [site, out, outside]) one.close();
});

/** Where kho writes under hidden names. `.kho/readmes` is another's: see readme-cache.test.ts. */
const PLACES = ['', '.kho/', '.kho-keep/', 'glibc/', 'glibc/packages/', 'glibc/packages/sub/'];

const TARGETS = [
  ['a site', () => ({ published: site, options: {} })],
  ['a folder of --out', () => ({ published: out, options: { out: out.root } })],
] as const;

const CASES = TARGETS.flatMap(([target, open]) =>
  PLACES.map((place) => ({ target, open, place, shown: `${place}.kho-PID-…` })),
);

test.each(CASES)(
  'a file and a folder $shown of a dead process in $target go with the next build, though nothing else changed',
  async ({ open, place }) => {
    const { published, options } = open();
    await site.build(options);
    const before = published.snapshot();
    published.put(`${place}${DEAD}`, 'part');
    published.put(`${place}${DEAD}-1/project/foo/index.html`, 'page');
    const report = await site.build(options);
    expect([DEAD, `${DEAD}-1`].filter((name) => existsSync(join(published.root, place, name)))).toEqual([]);
    expect(report).toMatchObject({ written: 0, removed: 0, problems: [] });
    expect(published.snapshot()).toEqual(before);
  },
);

test.each(CASES)(
  'a file and a folder $shown of a live process, and one of another user, stay in $target',
  async ({ open, place }) => {
    const { published, options } = open();
    await site.build(options);
    const left = [`${place}${ALIVE}`, `${place}${ALIVE}-1/project/index.html`];
    if (process.getuid?.() === 0) {
      left.push(`${place}${DEAD}`);
      published.put(`${place}${DEAD}`, 'of somebody else');
      chownSync(join(published.root, place, DEAD), 12_345, 12_345);
    }
    for (const path of left) published.put(path, 'of somebody else');
    await site.build(options);
    site.wheel('glibc', { name: 'foo', version: '2.0' });
    await site.build(options);
    expect(left.filter((path) => !existsSync(join(published.root, path)))).toEqual([]);
  },
);

test.each(CASES)('a link $shown in $target goes, and nothing behind it', async ({ open, place }) => {
  const { published, options } = open();
  await site.build(options);
  mkdirSync(join(published.root, place), { recursive: true });
  symlinkSync(join(outside.root, 'folder'), join(published.root, place, DEAD));
  await site.build(options);
  expect(existsSync(join(published.root, place, DEAD))).toBe(false);
  expect(outside.read('folder/file')).toBe('precious');
});

test.each(CASES)(
  'a folder $shown that is swapped for a link before any change after it was seen takes nothing behind it along, in $target',
  async ({ open, place }) => {
    const { published, options } = open();
    await site.build(options);
    const left = join(published.root, place, DEAD);
    for (let moment = 0; moment < 5; moment++) {
      published.put(`${place}${DEAD}/file`, 'part');
      let changes = 0;
      let isSwapped = false;
      const stop = watchCalls([published.root], {
        before({ name }) {
          const isOfLock = name === 'openSync' || name === 'writeSync' || name === 'linkSync';
          if (isOfLock || changes++ !== moment || !existsSync(left)) return;
          isSwapped = true;
          renameSync(left, join(outside.root, `moved-${moment}`));
          symlinkSync(join(outside.root, 'folder'), left);
        },
      });
      try {
        await site.build(options);
      } finally {
        stop();
      }
      expect(isSwapped || moment > 1, `before change ${moment}`).toBe(true);
      expect(existsSync(left), `before change ${moment}`).toBe(false);
      expect(outside.read('folder/file')).toBe('precious');
    }
  },
);
