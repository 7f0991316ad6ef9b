import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { watchBody } from './body-watch.ts';

const pace = { leastBytes: 100, perMs: 200, idleMs: 400 };

test.each([
  ['stands still', 0, true],
  ['drips', 2, true],
  ['comes on', 50, false],
])('watchBody() of a body that %s', async (_what, bytesEach20Ms, isTold) => {
  const socket = { bytesRead: 0 };
  const drip = setInterval(() => (socket.bytesRead += bytesEach20Ms), 20);
  let told = 0;
  const stop = watchBody({ socket } as unknown as IncomingMessage, pace, () => told++);
  await sleep(900);
  stop();
  clearInterval(drip);
  expect(told).toBe(Number(isTold));
});
