import type { IncomingMessage } from 'node:http';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { watchBody } from './body-watch.ts';

const pace = { leastBytes: 100, perMs: 200, idleMs: 400 };

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

test.each([
  ['stands still', 0, true],
  ['drips', 2, true],
  ['comes on', 50, false],
])('watchBody() of a body that %s', (_what, bytesEach20Ms, isTold) => {
  const socket = { bytesRead: 0 };
  const drip = setInterval(() => (socket.bytesRead += bytesEach20Ms), 20);
  let told = 0;
  const stop = watchBody({ socket } as unknown as IncomingMessage, pace, () => told++);
  vi.advanceTimersByTime(900);
  stop();
  clearInterval(drip);
  expect(told).toBe(Number(isTold));
});
