import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { refuse } from '../../test/support/poor-disk.ts';
import { letWrite } from '../../test/support/stop-writes.ts';
import { lockHolder, lockSite, releaseThread } from './lock.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'kho-lock-'));
  mkdirSync(join(root, '.kho'));
});
afterEach(() => rmSync(root, { recursive: true }));
const lockPath = () => join(root, '.kho', 'lock');

describe.each(
  [['EPERM'], [undefined]].map(([code]) => ({
    code,
    disk: code ? `a disk that knows no links (${code})` : 'most disks',
  })),
)('on $disk', ({ code }) => {
  beforeEach(() => {
    if (code) refuse(['link'], code);
  });
  afterEach(letWrite);

  test('lockSite() lets one in, and the next when that one is out', async () => {
    const unlock = await lockSite(root);
    let second = false;
    const waiting: string[] = [];
    const next = lockSite(root, { onWait: (holder) => waiting.push(holder) }).then((done) => {
      second = true;
      return done;
    });
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(second).toBe(false);
    expect(waiting).toEqual([expect.stringContaining(`process ${process.pid}`)]);
    unlock();
    (await next)();
    expect(readdirSync(join(root, '.kho'))).toEqual([]);
  });

  test.each([
    ['a folder', () => mkdirSync(join(lockPath(), 'x'), { recursive: true })],
    ['a pipe', () => spawnSync('mkfifo', [lockPath()])],
    ['a link', () => symlinkSync('/dev/zero', lockPath())],
    ['no JSON', () => writeFileSync(lockPath(), '{')],
    ['null', () => writeFileSync(lockPath(), 'null')],
    ['a number', () => writeFileSync(lockPath(), '7')],
    [
      'words for a process',
      () => writeFileSync(lockPath(), JSON.stringify({ pid: 'x', host: 'y', born: '', since: '', token: '' })),
    ],
    ['no host', () => writeFileSync(lockPath(), JSON.stringify({ pid: process.pid, born: '', since: '', token: '' }))],
    ['too much', () => writeFileSync(lockPath(), `{"pid":1,"host":"${'x'.repeat(1e6)}"`)],
  ])('lockSite() waits for no lock that no kho wrote: %s', async (_what, put) => {
    put();
    (await lockSite(root, { waitMs: 0 }))();
    expect(readdirSync(join(root, '.kho'))).toEqual([]);
  });

  test('lockSite() gives up naming the holder, and leaves its lock', async () => {
    const unlock = await lockSite(root);
    await expect(lockSite(root, { waitMs: 60 })).rejects.toMatchObject({
      code: 'LOCKED',
      message: expect.stringContaining(`process ${process.pid} on ${hostname()}`),
    });
    expect(existsSync(lockPath())).toBe(true);
    unlock();
  });

  test('lockSite() takes the lock of a dead process at once, and of one that died before another got its number', async () => {
    const { pid } = spawnSync('true');
    for (const holder of [
      { pid, born: '1' },
      { pid: process.pid, born: '1' },
    ]) {
      writeFileSync(lockPath(), JSON.stringify({ ...holder, host: hostname(), since: '', token: 'dead' }));
      (await lockSite(root, { onWait: () => expect.unreachable('it waits') }))();
    }
  });

  test('lockSite() takes what no kho wrote for dead, and a lock of another machine for alive', async () => {
    writeFileSync(lockPath(), 'rubbish');
    (await lockSite(root))();
    writeFileSync(lockPath(), JSON.stringify({ pid: 1, born: '', host: 'elsewhere', since: 'today', token: 'x' }));
    await expect(lockSite(root, { waitMs: 60 })).rejects.toThrow('process 1 on elsewhere, since today');
    expect(readFileSync(lockPath(), 'utf8')).toContain('elsewhere');
  });

  test('lockSite() waits for a lock that is being filled, and takes one that stays empty', async () => {
    writeFileSync(lockPath(), '');
    await expect(lockSite(root, { waitMs: 0 })).rejects.toMatchObject({ code: 'LOCKED' });
    expect(readFileSync(lockPath(), 'utf8')).toBe('');
    vi.useFakeTimers({ toFake: ['performance'] });
    let isIn = false;
    const locking = lockSite(root).then((unlock) => {
      isIn = true;
      return unlock;
    });
    await new Promise((resolve) => setTimeout(resolve, 120));
    vi.advanceTimersByTime(1900);
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(isIn).toBe(false);
    vi.advanceTimersByTime(200);
    (await locking)();
    vi.useRealTimers();
    expect(readdirSync(join(root, '.kho'))).toEqual([]);
  });

  test('lockSite() lets in one at a time, whoever else finds the same dead lock', async () => {
    const { pid } = spawnSync('true');
    const holder = { pid, born: '1', host: hostname(), since: '', token: 'dead' };
    writeFileSync(lockPath(), JSON.stringify(holder));
    let inside = 0;
    let most = 0;
    const enter = async () => {
      const unlock = await lockSite(root);
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setTimeout(resolve, 5));
      inside--;
      unlock();
    };
    await Promise.all([1, 2, 3, 4].map(enter));
    expect(most).toBe(1);
    expect(readdirSync(join(root, '.kho'))).toEqual([]);
  });
});

test('lockSite() gives up a lock that was taken from it before it was sure, where the disk knows no links', async () => {
  refuse(['link'], 'ENOSYS');
  const first = lockSite(root);
  rmSync(lockPath());
  writeFileSync(
    lockPath(),
    JSON.stringify({ pid: process.ppid, born: bornOf(process.ppid), host: hostname(), since: 'now', token: 'other' }),
  );
  let isIn = false;
  void first.then(() => (isIn = true));
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(isIn).toBe(false);
  rmSync(lockPath());
  (await first)();
  letWrite();
});

/** Field 22. */
function bornOf(pid: number): string {
  return readFileSync(`/proc/${pid}/stat`, 'latin1')
    .replace(/^.*\) /s, '')
    .split(' ')[19] as string;
}

test('lockHolder() names who publishes, and says who died in the middle of it', async () => {
  expect(lockHolder(root)).toBeUndefined();
  writeFileSync(lockPath(), 'rubbish');
  expect(lockHolder(root)).toBeUndefined();
  rmSync(lockPath());
  const unlock = await lockSite(root);
  const holder = lockHolder(root);
  expect(holder).toEqual({ pid: process.pid, host: hostname(), since: expect.any(String), isDead: false });
  expect(Math.abs(Date.now() - Date.parse(holder?.since ?? ''))).toBeLessThan(60_000);
  unlock();
  const dead = { pid: process.pid, born: '1', host: hostname(), since: 'today', token: 'x' };
  writeFileSync(lockPath(), JSON.stringify(dead));
  expect(lockHolder(root)).toEqual({ pid: process.pid, host: hostname(), since: 'today', isDead: true });
});

test.each([
  ['minutes ago', 9, false],
  ['long ago', 11, true],
  ['long ahead, by another clock', -11, true],
])('a lock of another machine that was made %s: dead is %s', async (_what, minutes, isDead) => {
  const holder = { pid: 1, born: '', host: 'elsewhere', since: 'today', token: 'x' };
  writeFileSync(lockPath(), JSON.stringify(holder));
  const made = Date.now() / 1000 - 60 * minutes;
  utimesSync(lockPath(), made, made);
  expect(lockHolder(root)?.isDead).toBe(isDead);
  const locking = lockSite(root, { waitMs: 0 });
  if (isDead) (await locking)();
  else await expect(locking).rejects.toMatchObject({ hint: expect.stringContaining(`remove "${lockPath()}"`) });
});

test('lockSite() tells once that it waits, and gives back no lock but its own', async () => {
  const unlock = await lockSite(root);
  const told: string[] = [];
  await expect(lockSite(root, { waitMs: 150, onWait: (holder) => told.push(holder) })).rejects.toThrow(
    'Cannot publish',
  );
  expect(told).toHaveLength(1);
  const other = { pid: process.ppid, born: bornOf(process.ppid), host: hostname(), since: 'now', token: 'other' };
  writeFileSync(lockPath(), JSON.stringify(other));
  unlock();
  expect(lockHolder(root)?.pid).toBe(process.ppid);
});

test('lockSite() fails where it cannot write, and leaves nothing', async () => {
  refuse(['link'], 'EACCES');
  await expect(lockSite(root)).rejects.toThrow('Cannot write');
  letWrite();
  expect(readdirSync(join(root, '.kho'))).toEqual([]);
});

test.each(['lock', 'push-lock'])(
  'releaseThread() takes away the %s of a thread that ended, and no other',
  async (name) => {
    await lockSite(root, name === 'lock' ? {} : { of: 'pushes' });
    const path = join(root, '.kho', name);
    const held = JSON.parse(readFileSync(path, 'utf8'));
    const hold = (more: object) => writeFileSync(path, JSON.stringify({ ...held, thread: 7, ...more }));
    for (const other of [{ thread: 8 }, { thread: undefined }, { pid: 1 }, { host: 'elsewhere' }, { born: 'before' }]) {
      hold(other);
      releaseThread(root, 7);
      expect(existsSync(path)).toBe(true);
    }
    hold({});
    releaseThread(root, 7);
    expect(readdirSync(join(root, '.kho'))).toEqual([]);
  },
);
