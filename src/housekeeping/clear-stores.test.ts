/** What goes for good: no more than the limits ask for, the oldest first, with what belongs to it, and never a tombstone. */
import { existsSync, readdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { refusal, refuse } from '../../test/support/poor-disk.ts';
import { TestSite } from '../../test/support/site.ts';
import { letWrite } from '../../test/support/stop-writes.ts';
import { loadSite } from '../config/load-config.ts';
import { isTombstoned } from '../intake/tombstones.ts';
import { writeHook } from '../io/disk.ts';
import { appendEvent, LONGEST_LOG_FILE } from '../log/append-event.ts';
import { readLog } from '../log/read-log.ts';
import { inPlaceTarget } from '../publish/target.ts';
import { clear, isOverLimit } from './clear-stores.ts';
import { finishHousekeeping } from './housekeeping.ts';
import { remove } from './remove.ts';
import { readSelection } from './selection.ts';
import { groupsIn, storeSize } from './stores.ts';

const DAY_MS = 86_400_000;
const NOW = Date.parse('2026-11-29T08:00:00Z');

let site: TestSite;
beforeEach(() => {
  site = new TestSite();
  site.put('glibc/packages/README', '');
});
afterEach(() => {
  letWrite();
  site.close();
});

async function open(limits = '') {
  site.put('kho.toml', limits === '' ? '' : `[limits]\n${limits}\n`);
  const { config } = await loadSite(site.root);
  inPlaceTarget(config);
  return config;
}

const events = () => [...readLog(site.root)].flatMap((part) => part.events);
const files = (folder: string) => Object.keys(site.snapshot()).filter((path) => path.startsWith(folder));
const put = (path: string, size: number) => site.put(path, 'x'.repeat(size));

test('a limit lets the oldest of the trash go, with what belongs to it, and its name stays barred', async () => {
  const bytes = 600;
  for (const [place, version] of ['1.0', '2.0', '3.0'].entries()) {
    const file = site.put(`glibc/packages/foo-${version}.tar.gz`, version.repeat(bytes / 3));
    site.put(`${file}.yanked`, 'broken');
    const selection = readSelection(file.slice('glibc/packages/'.length));
    await remove(await open(), [selection], { now: NOW + place * DAY_MS, who: 'user:hà' });
  }
  expect(files('.trash')).toHaveLength(6);
  const config = await open('trash = "1 kB"');
  expect(isOverLimit(config)).toBe(true);
  await finishHousekeeping(config);
  expect(files('.trash')).toEqual([
    '.trash/2026-12-01/glibc/packages/foo-3.0.tar.gz',
    '.trash/2026-12-01/glibc/packages/foo-3.0.tar.gz.yanked',
  ]);
  expect(readdirSync(join(site.root, '.trash'))).toEqual(['2026-12-01']);
  for (const version of ['1.0', '3.0'])
    expect(isTombstoned(site.root, `foo-${version}.tar.gz`, 'a'.repeat(64), 'glibc')).toBe(true);
  expect(events().at(-1)).toMatchObject({
    event: 'cleared',
    bytes: 1212,
    reason: expect.stringMatching(/^2 files of trash.*limits.trash/),
  });
  expect(isOverLimit(config)).toBe(false);
});

test.each([
  ['originals', 'originals/glibc/'],
  ['refused', 'incoming/refused/'],
] as const)('a limit lets the oldest of %s go: what came first, whatever times its file has', async (store, folder) => {
  for (const number of [3, 1, 2]) {
    put(`${folder}foo-${number}.whl`, 600);
    put(`${folder}foo-${number}.whl.txt`, 10);
    await new Promise((resolve) => setTimeout(resolve, 15)); // the clock of the disk goes on
  }
  await finishHousekeeping(await open());
  expect(files(folder)).toHaveLength(6);
  await finishHousekeeping(await open(`${store} = "1300 kB"`));
  expect(files(folder)).toHaveLength(6);
  const config = await open(`${store} = "1 kB"`);
  expect(storeSize(config, store)).toBe(1830);
  await finishHousekeeping(config);
  expect(files(folder)).toEqual([`${folder}foo-2.whl`, `${folder}foo-2.whl.txt`]);
});

test('the log is cut at its limit by whole files, and never the one that is written to', async () => {
  const config = await open('log = "20 MiB"');
  const folder = join(site.root, '.kho-keep');
  for (const number of [1, 2, 3]) {
    appendEvent(site.root, { event: 'upload', file: `${number}.whl` }, NOW);
    truncateSync(join(folder, `log-00000${number}`), LONGEST_LOG_FILE);
  }
  await finishHousekeeping(config);
  expect(
    readdirSync(folder)
      .filter((name) => name.startsWith('log-'))
      .sort(),
  ).toEqual(['log-000003', 'log-000004']);
  expect(events()).toMatchObject([{ event: 'upload' }, { event: 'cleared' }]);
  await finishHousekeeping(await open('log = "1 kB"'));
  expect(existsSync(join(folder, 'log-000004'))).toBe(true);
});

test('the log keeps 256 MB where kho.toml says nothing', async () => {
  const config = await open();
  for (let number = 1; number <= 17; number++) {
    appendEvent(site.root, { event: 'upload' }, NOW);
    truncateSync(join(site.root, `.kho-keep/log-${String(number).padStart(6, '0')}`), LONGEST_LOG_FILE);
    expect(isOverLimit(config)).toBe(number === 17);
  }
});

test('a full disk keeps nobody from making room, and the log tells of it then', async () => {
  put('.trash/2026-11-01/glibc/packages/foo-1.0.tar.gz', 600);
  const config = await open();
  refuse(['file'], 'ENOSPC');
  const groups = groupsIn(config, 'trash');
  expect(() => clear(config, 'trash', groups, { now: NOW, why: 'why' })).toThrow('Cannot write');
  expect(files('.trash')).toEqual([]);
  letWrite();
});

test('what kho may not delete keeps nobody from publishing', async () => {
  put('incoming/refused/foo-1.0.whl', 2000);
  const config = await open('refused = "1 kB"');
  writeHook.before = (kind, path) => {
    if (kind === 'remove' && path.includes('refused')) throw refusal('EACCES');
  };
  await finishHousekeeping(config);
  letWrite();
  expect(files('incoming/refused')).toHaveLength(1);
});
