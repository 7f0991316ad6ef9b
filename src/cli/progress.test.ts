import { expect, test } from 'vitest';
import { ProgressDisplay } from './progress.ts';

/** Feeds one update every 50 ms for so long, and returns what was written. */
function run(isTerminal: boolean, forMs: number, columns = 80): string[] {
  const written: string[] = [];
  let now = 5000;
  const display = new ProgressDisplay({ write: (text) => written.push(text), isTerminal, columns }, () => now);
  for (let passed = 0; passed <= forMs; passed += 50) {
    now = 5000 + passed;
    display.update({ stage: 'inspect', done: passed, total: forMs });
  }
  display.clear();
  return written;
}

test('ProgressDisplay shows nothing of a short run', () => {
  expect(run(true, 950)).toEqual([]);
  expect(run(false, 4_950)).toEqual([]);
});

test('ProgressDisplay draws a bar on a terminal, ten times a second, and takes it away', () => {
  const written = run(true, 2000, 100);
  expect(written).toHaveLength(12);
  expect(written[0]).toBe(
    '\r[####################....................] reading packages: 1,000 of 2,000 (50 %)\u001b[K',
  );
  expect(written.at(-2)).toContain(
    '[########################################] reading packages: 2,000 of 2,000 (100 %)',
  );
  expect(written.at(-1)).toBe('\r\u001b[K');
});

test.each([60, 45, 20, 1])('ProgressDisplay stays on one line of a terminal with %d columns', (columns) => {
  for (const text of run(true, 2000, columns))
    expect(text.replace('\r', '').replace('\u001b[K', '').length).toBeLessThan(columns);
});

test('ProgressDisplay writes few and whole lines to a pipe', () => {
  const written = run(false, 3_600_000);
  expect(written[0]).toBe('kho: reading packages: 5,000 of 3,600,000\n');
  expect(written).toHaveLength(10);
});

test('ProgressDisplay says on a pipe that a run goes on of which nothing is told', () => {
  const written: string[] = [];
  let now = 0;
  const display = new ProgressDisplay(
    { write: (text) => written.push(text), isTerminal: false, columns: 80 },
    () => now,
  );
  display.update({ stage: 'inspect', done: 1, total: 2 });
  for (const until of [6000, 22_000]) {
    for (; now < until; now += 500) display.tick();
    display.update({ stage: 'inspect', done: 2, total: 2 });
  }
  expect(written).toEqual(['kho: reading packages: 1 of 2\n', 'kho: publishing\n', 'kho: publishing\n']);
});
