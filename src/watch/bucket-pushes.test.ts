import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { BucketReport } from '../bucket/publish-site.ts';
import { KhoError } from '../errors.ts';
import { BucketPushes, type PushState } from './bucket-pushes.ts';
import type { BuildOutcome } from './run-build.ts';
import type { WatchEvent } from './watch-event.ts';

const BUCKET = 's3://packages';
const REPORT = { bucket: BUCKET, written: 2, removed: 0, bytes: 10, requests: 3, durationMs: 4, failed: [] };

let events: WatchEvent[];
let states: (PushState | undefined)[];
let pushes: BucketPushes;
const push = vi.fn<() => Promise<BucketReport>>();

beforeEach(() => {
  vi.useFakeTimers();
  [events, states] = [[], []];
  push.mockReset().mockImplementation(() => answer());
  pushes = new BucketPushes('/srv/PyPI', {
    onEvent: (event) => events.push(event),
    onState: (state) => states.push(state),
    push,
  });
});
afterEach(() => vi.useRealTimers());

const answer = (more: Partial<BucketReport> = {}) => Promise.resolve({ ...REPORT, ...more } as BucketReport);

function built(written: number, publish: string | undefined = BUCKET): void {
  const outcome = { config: { publish, repositories: [] }, report: { written, removed: 0 } } as unknown as BuildOutcome;
  pushes.following({ onEvent: () => {} }).onBuilt?.(outcome);
}

test('BucketPushes pushes once when it starts, and then what changes, together', async () => {
  built(0);
  await vi.advanceTimersByTimeAsync(1000);
  expect(push).toHaveBeenCalledTimes(1);
  built(0);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(push).toHaveBeenCalledTimes(1);
  built(3);
  built(4);
  pushes.following({ onEvent: () => {} }).onPublished?.();
  await vi.advanceTimersByTimeAsync(1000);
  expect(push).toHaveBeenCalledTimes(2);
  expect(events).toMatchObject([{ event: 'pushed', bucket: BUCKET, written: 2 }, { event: 'pushed' }]);
});

test('BucketPushes pushes nothing where kho.toml names no bucket', async () => {
  built(5, '');
  pushes.following({ onEvent: () => {} }).onBuilt?.({ config: {}, report: { written: 1, removed: 0 } } as BuildOutcome);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(states.at(-1)).toBeUndefined();
  expect(push).not.toHaveBeenCalled();
});

test('BucketPushes has one push at a time, and then one of what came meanwhile', async () => {
  const under = pushUnderWay();
  built(1);
  await vi.advanceTimersByTimeAsync(1000);
  built(1);
  built(1);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(push).toHaveBeenCalledTimes(1);
  under.resolve(REPORT as unknown as BucketReport);
  await vi.advanceTimersByTimeAsync(1000);
  expect(push).toHaveBeenCalledTimes(2);
});

test('BucketPushes tells of a bucket that fails once, tries again after longer and longer, and says when it goes again', async () => {
  push.mockRejectedValue(new KhoError('BUCKET', 'Cannot publish to it', { hint: 'mend it', cause: new Error('403') }));
  built(1);
  await vi.advanceTimersByTimeAsync(60_000);
  const tries = push.mock.calls.length;
  expect(tries).toBeGreaterThanOrEqual(3);
  expect(events).toEqual([{ event: 'bucket', bucket: BUCKET, message: 'Cannot publish to it: 403', hint: 'mend it' }]);
  expect(states.at(-1)).toMatchObject({ bucket: BUCKET, failing: { message: 'Cannot publish to it: 403' } });
  built(1); // holds to its pauses
  await vi.advanceTimersByTimeAsync(1000);
  expect(push.mock.calls.length - tries).toBeLessThanOrEqual(1);
  await vi.advanceTimersByTimeAsync(2 * 3_600_000);
  expect(push.mock.calls.length).toBeLessThan(40);
  push.mockImplementation(() => answer());
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(states.at(-1)).toEqual({ bucket: BUCKET, pushedMs: expect.any(Number) });
});

test('BucketPushes pushes again when what is published no longer may go', async () => {
  push.mockImplementationOnce(() => answer({ nextMs: Date.now() + 30 * 60_000 }));
  built(1);
  await vi.advanceTimersByTimeAsync(29 * 60_000);
  expect(push).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(2 * 60_000);
  expect(push).toHaveBeenCalledTimes(2);
});

test('BucketPushes tells of what changed while it was pushed only where that lasts', async () => {
  const failed = [{ key: 'glibc/packages/a.whl', why: 'is another file' }];
  push.mockImplementationOnce(() => answer({ failed }));
  built(1);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(events.filter(({ event }) => event === 'bucket')).toEqual([]);
  push.mockImplementation(() => answer({ failed }));
  built(1);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(events.filter(({ event }) => event === 'bucket')).toHaveLength(1);
});

/** A push that is under way until it is told how it ends. */
function pushUnderWay() {
  const under = { resolve: (_report: BucketReport) => {}, reject: (_error: unknown) => {} };
  push.mockImplementationOnce(() => new Promise((resolve, reject) => Object.assign(under, { resolve, reject })));
  return under;
}

function builtWithout(): void {
  pushes.following({ onEvent: () => {} }).onBuilt?.({ config: {}, report: { written: 0, removed: 0 } } as BuildOutcome);
}

test.each([
  ['ended well', (under: ReturnType<typeof pushUnderWay>) => under.resolve(REPORT as unknown as BucketReport)],
  [
    'failed',
    (under: ReturnType<typeof pushUnderWay>) => under.reject(new KhoError('CONFIG', 'Cannot push: no bucket')),
  ],
])('BucketPushes forgets the bucket that kho.toml names no more, however its last push %s', async (_how, end) => {
  const under = pushUnderWay();
  built(1);
  await vi.advanceTimersByTimeAsync(1000);
  builtWithout();
  end(under);
  await vi.advanceTimersByTimeAsync(24 * 3_600_000);
  expect(states.at(-1)).toBeUndefined();
  expect(events.filter(({ event }) => event === 'bucket')).toEqual([]);
  expect(push).toHaveBeenCalledTimes(1);
});

test('BucketPushes says of another bucket nothing of the one before, and pushes there at once', async () => {
  built(1);
  await vi.advanceTimersByTimeAsync(1000);
  const under = pushUnderWay();
  built(1);
  await vi.advanceTimersByTimeAsync(1000);
  push.mockRejectedValue(new KhoError('BUCKET', 'Cannot publish to another'));
  built(0, 's3://another');
  under.reject(new KhoError('BUCKET', 'Cannot publish to it'));
  await vi.advanceTimersByTimeAsync(1000);
  expect(push).toHaveBeenCalledTimes(3);
  expect(events.slice(1)).toEqual([{ event: 'bucket', bucket: 's3://another', message: 'Cannot publish to another' }]);
  expect(states.at(-1)).toEqual({
    bucket: 's3://another',
    failing: { message: 'Cannot publish to another', sinceMs: expect.any(Number) },
  });
});

test('BucketPushes tells at once of a site that cannot be pushed', async () => {
  push.mockRejectedValue(new KhoError('SITE', 'Cannot push "/srv/PyPI": nobody knows what is published there'));
  built(1);
  await vi.advanceTimersByTimeAsync(1000);
  expect(events).toMatchObject([{ event: 'bucket', message: expect.stringContaining('nobody knows') }]);
});

test('BucketPushes pushes what kho.toml says anew of how packages are sent, and who may see them', async () => {
  built(1);
  await vi.advanceTimersByTimeAsync(1000);
  const told = (more: object) => {
    const config = { publish: BUCKET, repositories: [], ...more };
    const outcome = { config, report: { written: 0, removed: 0 } } as unknown as BuildOutcome;
    pushes.following({ onEvent: () => {} }).onBuilt?.(outcome);
  };
  told({ filesImmutable: true });
  await vi.advanceTimersByTimeAsync(1000);
  expect(push).toHaveBeenCalledTimes(2);
  told({ filesImmutable: true, repositories: [{ name: 'secret', private: true }] });
  await vi.advanceTimersByTimeAsync(1000);
  expect(push).toHaveBeenCalledTimes(3);
});

test('BucketPushes ends when it is closed', async () => {
  built(1);
  await pushes.close();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(push).not.toHaveBeenCalled();
});
