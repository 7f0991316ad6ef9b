import { expect, test } from 'vitest';
import { Circuit } from './circuit.ts';

test('Circuit leaves an upstream alone after three failures in a row, twice as long each time, up to a minute', () => {
  const circuit = new Circuit();
  let now = 0;
  for (let failure = 0; failure < 3; failure++) {
    expect(circuit.mayAsk(now)).toBe(true);
    circuit.failed(now);
  }
  const waits: number[] = [];
  for (let round = 0; round < 6; round++) {
    const since = now;
    while (!circuit.mayAsk(now)) now += 1_000;
    waits.push(now - since);
    expect(circuit.mayAsk(now)).toBe(false); // one question at a time
    circuit.failed(now);
  }
  expect(waits).toEqual([5_000, 10_000, 20_000, 40_000, 60_000, 60_000]);
});

test('Circuit closes with the first answer', () => {
  const circuit = new Circuit();
  for (let failure = 0; failure < 4; failure++) circuit.failed(0);
  expect([circuit.mayAsk(9_999), circuit.isFailing]).toEqual([false, true]);
  expect(circuit.mayAsk(10_000)).toBe(true);
  circuit.succeeded();
  expect([circuit.mayAsk(10_001), circuit.isFailing]).toEqual([true, false]);
  circuit.failed(10_001);
  expect(circuit.mayAsk(10_002)).toBe(true);
});

test('Circuit waits as long as the upstream asks for', () => {
  const circuit = new Circuit();
  circuit.failed(0, 120_000);
  expect([circuit.mayAsk(119_999), circuit.mayAsk(120_000)]).toEqual([false, true]);
});
