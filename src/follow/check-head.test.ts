import { expect, test } from 'vitest';
import type { SyncHead } from '../sync-format/head.ts';
import { checkHead } from './check-head.ts';

const ID = '0b1c2d3e-4f50-4a61-8b72-9c83ad94be05';
const head = (more: Partial<SyncHead> = {}): SyncHead => ({
  ...{ format: 1, site: ID, repository: 'armhf', counter: 5, created: '2026-01-02T03:04:05Z' },
  catalogue: { sha256: 'a'.repeat(64), size: 1 },
  ...more,
});
const OPTIONS = { repository: 'armhf', shown: 'https://centre.example/', allowOlder: false, newCentre: false };
const OTHER = { sha256: 'b'.repeat(64), size: 1 };

test.each<[string, SyncHead, SyncHead | undefined, Partial<typeof OPTIONS>]>([
  ['the first', head(), undefined, {}],
  ['the same', head(), head(), {}],
  ['a newer one', head({ counter: 6, catalogue: OTHER }), head(), {}],
  ['an older one that is meant', head({ counter: 4 }), head(), { allowOlder: true }],
  ['another site that is meant', head({ site: ID.replace('0b', 'ff') }), head({ counter: 1 }), { newCentre: true }],
  ['another repository that is meant', head(), head({ repository: 'musl', counter: 1 }), { newCentre: true }],
])('checkHead() takes %s', (_what, now, before, more) => {
  expect(() => checkHead(now, before, { ...OPTIONS, ...more })).not.toThrow();
});

test.each<[string, SyncHead, SyncHead | undefined, Partial<typeof OPTIONS>]>([
  [
    'its head is that of the repository "musl"',
    head({ repository: 'musl' }),
    undefined,
    { newCentre: true, allowOlder: true },
  ],
  [
    'it is the site ff1c2d3e-4f50-4a61-8b72-9c83ad94be05',
    head({ site: ID.replace('0b', 'ff'), counter: 9 }),
    head(),
    { allowOlder: true },
  ],
  ['this one follows its repository "musl"', head(), head({ repository: 'musl' }), {}],
  ['its head has the counter 4, and 5 was seen already', head({ counter: 4 }), head(), {}],
  ['as before, and names another catalogue', head({ catalogue: OTHER }), head(), {}],
  ['and 5 was seen already', head({ site: ID, counter: 4 }), head(), { newCentre: true }],
])('checkHead() refuses: %s', (why, now, before, more) => {
  expect(() => checkHead(now, before, { ...OPTIONS, ...more })).toThrow(why);
});
