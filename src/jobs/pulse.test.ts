import { expect, onTestFinished, test } from 'vitest';
import { Pulse } from './pulse.ts';

function scene() {
  const clock = { nowMs: 1000 };
  let beats = 0;
  const pulse = new Pulse(
    () => beats++,
    () => clock.nowMs,
  );
  onTestFinished(() => pulse.end());
  return { pulse, clock, beats: () => beats };
}

test('Pulse beats with each step, once a second', () => {
  const { pulse, clock, beats } = scene();
  for (let step = 0; step < 10; step++) pulse.step();
  expect(beats()).toBe(1);
  clock.nowMs += 1000;
  pulse.step();
  expect(beats()).toBe(2);
});

test('Pulse beats with the turns of its thread only once all is read', () => {
  const { pulse, clock, beats } = scene();
  pulse.turn();
  expect(beats()).toBe(0);
  pulse.hasRead();
  clock.nowMs += 1000;
  pulse.turn();
  expect(beats()).toBe(2);
});
