/** The record of what was done: no line is lost in silence, and no secret gets in. */
import { appendFileSync, readdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { refuse } from '../../test/support/poor-disk.ts';
import { TestSite } from '../../test/support/site.ts';
import { letWrite } from '../../test/support/stop-writes.ts';
import { writeHook } from '../io/disk.ts';
import { anchor } from '../io/reach.ts';
import { trustOwnerOf } from '../io/trusted-owners.ts';
import { accessToken } from '../standards/access-token.ts';
import { appendEvent, appendEvents, LONGEST_LOG_FILE } from './append-event.ts';
import { logSize, readLog } from './read-log.ts';

let site: TestSite;
beforeEach(() => {
  site = new TestSite();
  anchor(site.root, 'own');
  trustOwnerOf(site.root);
});
afterEach(() => site.close());

const NOW = Date.parse('2026-11-29T08:00:00Z');
const folder = () => join(site.root, '.kho-keep');
const all = () => {
  const read = [...readLog(site.root)];
  return { events: read.flatMap(({ events }) => events), damaged: read.reduce((sum, { damaged }) => sum + damaged, 0) };
};
const add = (file: string) => appendEvent(site.root, { event: 'upload', file }, NOW);

test('readLog() reads what appendEvent() wrote, the oldest first', () => {
  expect(all()).toEqual({ events: [], damaged: 0 });
  add('a.whl');
  appendEvent(site.root, { event: 'yank', file: 'b.whl', reason: 'tệ\nhai', repositories: ['glibc'] }, NOW);
  expect(all()).toEqual({
    events: [
      { time: '2026-11-29T08:00:00.000Z', event: 'upload', file: 'a.whl' },
      { time: '2026-11-29T08:00:00.000Z', event: 'yank', file: 'b.whl', reason: 'tệ\nhai', repositories: ['glibc'] },
    ],
    damaged: 0,
  });
  expect(logSize(site.root)).toBeGreaterThan(100);
});

test('appendEvent() lets no token in, whatever brought it', () => {
  const token = accessToken(Buffer.alloc(32, 1));
  const event = { event: 'auth-failed', who: token, userAgent: `curl/${token}`, reason: token.slice(0, 30) } as const;
  appendEvent(site.root, { ...event, file: token, repositories: [token], address: '::1' }, NOW);
  expect(site.read('.kho-keep/log-000001')).not.toContain(token.slice(4, 12));
  expect(all().events[0]).toMatchObject({ who: 'kho_…', userAgent: 'curl/kho_…', reason: 'kho_…', file: 'kho_…' });
});

test('appendEvent() cuts a text that would fill the record', () => {
  appendEvent(site.root, { event: 'auth-failed', userAgent: 'x'.repeat(1e6) }, NOW);
  expect(logSize(site.root)).toBeLessThan(1000);
});

test('readLog() leaves out what a disk or a kill spoilt, and counts it; what comes after it is whole', () => {
  add('a.whl');
  add('b.whl');
  const path = join(folder(), 'log-000001');
  truncateSync(path, logSize(site.root) - 5);
  expect(all()).toMatchObject({ events: [{ file: 'a.whl' }], damaged: 1 });
  add('c.whl');
  appendFileSync(path, '00000000 {"time":"x","event":"upload"}\n');
  add('d.whl');
  expect(all()).toMatchObject({ events: [{ file: 'a.whl' }, { file: 'c.whl' }, { file: 'd.whl' }], damaged: 2 });
});

test('appendEvent() goes on in another file when one is long', () => {
  add('first.whl');
  for (const number of [1, 2]) {
    truncateSync(join(folder(), `log-${String(number).padStart(6, '0')}`), LONGEST_LOG_FILE);
    add(`${number}.whl`);
  }
  expect(readdirSync(folder()).sort()).toEqual(['log-000001', 'log-000002', 'log-000003']);
  expect(all().events.at(-1)).toMatchObject({ file: '2.whl' });
});

test('appendEvent() throws where the disk takes no line', () => {
  add('a.whl');
  refuse(['file'], 'ENOSPC');
  expect(() => add('b.whl')).toThrow('Cannot write');
  letWrite();
  expect(all().events).toHaveLength(1);
});

test('appendEvents() adds several for one write and one flush', () => {
  add('a.whl');
  let writes = 0;
  writeHook.before = (kind) => void (kind === 'file' && writes++);
  appendEvents(
    site.root,
    [
      { event: 'upload', file: 'b.whl' },
      { event: 'same', file: 'c.whl' },
    ],
    NOW,
  );
  letWrite();
  expect(writes).toBe(1);
  expect(all()).toMatchObject({ events: [{ file: 'a.whl' }, { file: 'b.whl' }, { file: 'c.whl' }], damaged: 0 });
});
