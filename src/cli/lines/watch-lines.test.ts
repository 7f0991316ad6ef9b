import { expect, test } from 'vitest';
import { watchLine } from './watch-lines.ts';

test.each([
  [
    { event: 'error', message: 'Cannot use kho.toml: it has 2 faults\na:1:1: x\na:2:1: y', hint: 'h' },
    'Cannot use kho.toml: it has 2 faults: a:1:1: x; a:2:1: y; h',
  ],
  [{ event: 'error', message: 'Cannot write' }, 'Cannot write'],
  [
    { event: 'judged', judged: 12, news: ['hold x', 'hold y'], unpacked: 0, held: ['a/b.whl'], listed: [], left: 3000 },
    'no longer listed: a/b.whl; 12 files looked at again by new rules (they hold x; hold y); 3,000 left',
  ],
  [
    { event: 'judged', judged: 1, news: [], unpacked: 0, held: [], listed: ['a/b.whl'], left: 0 },
    '1 file looked at again; listed now: a/b.whl',
  ],
  [{ event: 'settings' }, 'kho.toml is in order again, and in force'],
] as const)('watchLine() tells %j in one line', (event, line) => {
  expect(watchLine(event)).toBe(line);
});
