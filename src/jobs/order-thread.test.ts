import { execFileSync } from 'node:child_process';
import { openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import { folderTree } from '../../test/support/folder-tree.ts';
import { OrderThread } from './order-thread.ts';

const ORDER = { root: '/nowhere', busy: new Set<string>() };

/** A thread that opens a pipe which nobody writes to, as a build may that reads somebody else's files, and then answers. */
function threadThatOpens(pipe: string): Worker {
  const program = `
    const { parentPort, workerData } = require('node:worker_threads');
    const { openSync, readSync } = require('node:fs');
    parentPort.on('message', ({ number }) => {
      parentPort.postMessage({ number, goesOn: true });
      const pipe = openSync(workerData, 'r');
      readSync(pipe, Buffer.alloc(1));
      parentPort.postMessage({ number, goesOn: true });
      readSync(pipe, Buffer.alloc(1));
      parentPort.postMessage({ number, outcome: 'done' });
    });`;
  return new Worker(program, { eval: true, workerData: pipe });
}

test('OrderThread tells of an order that stands still, of one that goes on, and of one that ends', async () => {
  const pipe = join(folderTree({}), 'pipe');
  execFileSync('mkfifo', [pipe]);
  const told: boolean[] = [];
  let whenTold = () => {};
  const thread = new OrderThread('site-builds', async (): Promise<unknown> => 'in this thread', {
    stallMs: 200,
    startThread: () => threadThatOpens(pipe),
    onStall: (isStalled) => {
      told.push(isStalled);
      whenTold();
    },
  });
  onTestFinished(() => thread.close());
  const next = () =>
    new Promise<void>((resolve) => {
      whenTold = resolve;
    });

  const stalled = next();
  const built = thread.run(ORDER);
  await stalled;
  expect(told).toEqual([true]);
  const goesOn = next();
  const writer = openSync(pipe, 'w');
  writeSync(writer, 'x');
  await goesOn;
  expect(told).toEqual([true, false]);
  await next();
  expect(told).toEqual([true, false, true]);
  writeSync(writer, 'x');
  expect(await built).toBe('done');
  expect(told).toEqual([true, false, true, false]);
});

test('OrderThread says that its thread ended when it was closed meanwhile', async () => {
  const thread = new OrderThread('site-builds', async (): Promise<unknown> => 'in this thread', {
    startThread: () => new Worker('setInterval(() => {}, 1000)', { eval: true }),
  });
  const built = thread.run(ORDER);
  const fails = expect(built).rejects.toThrow('the thread that builds ended');
  await thread.close();
  await fails;
});

test('OrderThread starts its thread before the first order, and another where that one has ended', async () => {
  const started: Worker[] = [];
  const program = `require('node:worker_threads').parentPort.on('message', ({ number, order }) => {
    if (order === 'end') process.exit();
    require('node:worker_threads').parentPort.postMessage({ number, outcome: order });
  });`;
  const thread = new OrderThread('site-builds', async (order: string): Promise<unknown> => order, {
    startThread: () => {
      const worker = new Worker(program, { eval: true });
      started.push(worker);
      return worker;
    },
  });
  onTestFinished(() => thread.close());
  thread.start();
  thread.start();
  expect(started.length).toBe(1);
  expect(await thread.run('first')).toBe('first');
  expect(started.length).toBe(1);
  await started[0]?.terminate(); // while it has nothing to do
  thread.start();
  expect(await thread.run('second')).toBe('second');
  expect(started.length).toBe(2);
});

test('OrderThread gives memory away, and copies none of it', async () => {
  const program = `
    const { parentPort } = require('node:worker_threads');
    parentPort.on('message', ({ number, order }) => parentPort.postMessage({ number, outcome: order.bytes[0] }));`;
  const thread = new OrderThread('upstream-pages', async (): Promise<unknown> => 'in this thread', {
    startThread: () => new Worker(program, { eval: true }),
  });
  onTestFinished(() => thread.close());
  const bytes = new Uint8Array([7, 8]);
  expect(await thread.run({ bytes }, [bytes.buffer])).toBe(7);
  expect(bytes.byteLength).toBe(0);
});

test('OrderThread says which thread has ended', async () => {
  const program = "require('node:worker_threads').parentPort.on('message', () => process.exit(1));";
  const [begun, ended]: number[][] = [[], []];
  const thread = new OrderThread('site-builds', async (): Promise<unknown> => 'in this thread', {
    startThread: () => {
      const worker = new Worker(program, { eval: true });
      begun?.push(worker.threadId);
      return worker;
    },
    onEnd: (number) => ended?.push(number),
  });
  for (const round of [1, 2]) {
    await expect(thread.run(ORDER)).rejects.toThrow('ended');
    await expect.poll(() => ended).toEqual(begun);
    expect(begun).toHaveLength(round);
  }
});
