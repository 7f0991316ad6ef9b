import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { follow } from '../../test/support/followed-site.ts';
import { TestSite } from '../../test/support/site.ts';
import { writeHead } from '../sync-format/head.ts';
import { type MadeHead, madeHead } from './kept-heads.ts';
import { nextHead } from './next-head.ts';

const of = {
  site: '0b5e2b1c-3a52-4c0e-9d0f-5a0d4a1d2b3c',
  repository: 'glibc',
  catalogue: { sha256: 'a'.repeat(64), size: 1 },
  created: '2026-11-29T19:10:00Z',
};
const made = (counter: number) => madeHead(writeHead({ format: 1, ...of, counter })) as MadeHead;

test.each<[string, Parameters<typeof nextHead>[1], number]>([
  ['of none', { kept: [] }, 1],
  ['of what is published, where nothing is kept', { published: made(7), kept: [] }, 8],
  ['of what is kept, where nothing is published', { kept: [made(3), made(9)] }, 10],
  ['of what is kept, where an older site came back', { published: made(4), kept: [made(9)] }, 10],
  ['of what is published, where an older backup came back', { published: made(9), kept: [made(4)] }, 10],
  ['of what waits', { published: made(4), waiting: made(6), kept: [made(4)] }, 7],
  ['without numbers that end nowhere', { published: made(2 ** 53 - 1), kept: [made(4)] }, 5],
])('nextHead() counts on from the highest %s', (_what, before, counter) => {
  const head = nextHead(of, before);
  expect(head.counter).toBe(counter);
  expect(head.before).toBe((before.published ?? before.kept.at(-1))?.sha256);
});

let site: TestSite | undefined;
afterEach(() => site?.close());

test.each([
  ['.kho-keep', ['.kho-keep'], true],
  ['what is published', ['glibc/sync'], true],
  ['.kho', ['.kho'], true],
  ['.kho and .kho-keep', ['.kho', '.kho-keep'], true],
  ['.kho and what is published', ['.kho', 'glibc/sync'], true],
  ['all of it', ['.kho', '.kho-keep', 'glibc/sync'], false],
])('a site that lost %s locks no follower out', async (_what, lost, isSame) => {
  site = new TestSite();
  site.put('kho.toml', 'pages = false\n[repositories.glibc]\nsync = true\n');
  site.wheel('glibc', { name: 'foo', version: '1.0' });
  await site.build();
  site.wheel('glibc', { name: 'foo', version: '2.0' });
  await site.build();
  const before = follow(site, 'glibc')!;
  for (const path of lost) rmSync(join(site.root, path), { recursive: true });
  site.wheel('glibc', { name: 'foo', version: '3.0' });
  await site.build();
  const after = follow(site, 'glibc')!;
  expect(after.head.site === before.head.site).toBe(isSame);
  expect(after.head.counter > before.head.counter).toBe(isSame);
});
