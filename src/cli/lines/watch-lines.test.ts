import { expect, test } from 'vitest';
import { watchLine } from './watch-lines.ts';

test.each([
  [
    { event: 'error', message: 'Cannot use kho.toml: it has 2 faults\na:1:1: x\na:2:1: y', hint: 'h' },
    'Cannot use kho.toml: it has 2 faults: a:1:1: x; a:2:1: y; h',
  ],
  [{ event: 'error', message: 'Cannot write' }, 'Cannot write'],
  [{ event: 'settings' }, 'kho.toml is in order again, and in force'],
] as const)('watchLine() tells %j in one line', (event, line) => {
  expect(watchLine(event)).toBe(line);
});
