/** Projects that somebody waits for, beside a whole build that goes on. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { FileChange } from '../build-report.ts';
import { KhoError } from '../errors.ts';
import type { AskedFile } from '../index/publish-asked.ts';
import type { NormalizedName } from '../standards/name.ts';
import { AskedBuilds } from './asked-builds.ts';

const file = (name: string): AskedFile => ({ repository: '.', project: name as NormalizedName, path: `${name}.whl` });
const CHANGE: FileChange = { file: 'packages/a.whl', became: 'listed' };

/** A builder that ends a build when told to. */
function slowly() {
  const orders: string[][] = [];
  const ends: ((changes: FileChange[] | undefined | Error) => void)[] = [];
  return {
    orders,
    /** The build that began first comes to its end. */
    async end(result: FileChange[] | undefined | Error) {
      while (ends.length === 0) await sleep(1);
      ends.shift()?.(result);
    },
    builder: {
      run: ({ files }: { files: readonly AskedFile[] }) =>
        new Promise<FileChange[] | undefined>((resolve, reject) => {
          orders.push(files.map(({ project }) => project));
          ends.push((result) => (result instanceof Error ? reject(result) : resolve(result)));
        }),
      close: async () => {},
    },
  };
}

function asked(options: { whole?: () => Promise<FileChange[]> } = {}) {
  const slow = slowly();
  const published: FileChange[][] = [];
  const builds = new AskedBuilds({
    root: '/site',
    lastGood: () => undefined,
    buildWhole: options.whole ?? (() => Promise.reject(new Error('nobody asked for a whole build'))),
    onPublished: (changes) => published.push(changes),
    builder: slow.builder,
  });
  return { ...slow, builds, published };
}

test('AskedBuilds.ask() lets those who come while a build runs share the next one', async () => {
  const { builds, orders, end, published } = asked();
  const first = builds.ask([file('a')]);
  await sleep(1);
  const others = [builds.ask([file('b')]), builds.ask([file('c')])];
  await end([CHANGE]);
  expect(await first).toEqual({ is: 'published', changes: [CHANGE] });
  expect(published).toEqual([[CHANGE]]);
  await end([]);
  expect(await Promise.all(others)).toEqual([
    { is: 'published', changes: [] },
    { is: 'published', changes: [] },
  ]);
  expect(orders).toEqual([['a'], ['b', 'c']]);
});

test('AskedBuilds.ask() tells of a whole build where only that could tell, and of what kept it from its end', async () => {
  const { builds, end } = asked({ whole: async () => [CHANGE] });
  const outcome = builds.ask([file('a')]);
  await end(undefined);
  expect(await outcome).toEqual({ is: 'published', changes: [CHANGE] });

  const failing = asked({
    whole: () => Promise.reject(new KhoError('WRITE', 'Cannot write "x"', { hint: 'make room' })),
  });
  const failed = failing.builds.ask([file('a')]);
  await failing.end(undefined);
  expect(await failed).toEqual({ is: 'failed', message: 'Cannot write "x"', hint: 'make room' });
});

test('AskedBuilds.ask() tells what kept a build from its end, rejects for a bug, and goes on', async () => {
  const { builds, end } = asked();
  const failed = builds.ask([file('a')]);
  await end(new KhoError('LOCKED', 'Cannot publish "/site"'));
  expect(await failed).toEqual({ is: 'failed', message: 'Cannot publish "/site"' });
  const broken = builds.ask([file('a')]);
  const rejects = expect(broken).rejects.toThrow('a bug');
  await end(new Error('a bug'));
  await rejects;
  const next = builds.ask([file('a')]);
  await end([]);
  expect(await next).toEqual({ is: 'published', changes: [] });
});

test('AskedBuilds.end() waits for the build that runs, and lets nobody wait for another', async () => {
  const { builds, end } = asked();
  const first = builds.ask([file('a')]);
  await sleep(1);
  const second = builds.ask([file('b')]);
  const ended = builds.end();
  expect(await second).toMatchObject({ is: 'failed', message: expect.stringContaining('kho ends') });
  expect(await builds.ask([file('c')])).toMatchObject({ is: 'failed' });
  await end([CHANGE]);
  await ended;
  expect(await first).toMatchObject({ is: 'published' });
});
