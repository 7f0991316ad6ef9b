import fc from 'fast-check';
import { expect, test } from 'vitest';
import { processorMs } from '../../../test/support/processor-time.ts';
import { parseByteRange } from './byte-range.ts';

test.each([
  ['bytes=0-0', { start: 0, end: 1 }],
  ['bytes=0-999', { start: 0, end: 1000 }],
  ['bytes=0-1000', { start: 0, end: 1000 }],
  ['bytes=10-19', { start: 10, end: 20 }],
  ['bytes=999-', { start: 999, end: 1000 }],
  ['bytes=-1', { start: 999, end: 1000 }],
  ['bytes=-1000', { start: 0, end: 1000 }],
  ['bytes=-10000', { start: 0, end: 1000 }],
  ['Bytes = 5 - 6 ', { start: 5, end: 7 }],
  ['bytes=5-99999999999999999999999', { start: 5, end: 1000 }],
  ['bytes=1000-', 'unsatisfiable'],
  ['bytes=1000-2000', 'unsatisfiable'],
  ['bytes=99999999999999999999999-', 'unsatisfiable'],
  ['bytes=-0', 'unsatisfiable'],
  [undefined, 'whole'],
  ['', 'whole'],
  ['bytes=', 'whole'],
  ['bytes=-', 'whole'],
  ['bytes=9-5', 'whole'],
  ['bytes=0-1,5-6', 'whole'],
  ['bytes=0x10-', 'whole'],
  ['bytes=-5-6', 'whole'],
  ['items=0-5', 'whole'],
  ['bytes 0-5/10', 'whole'],
])('parseByteRange() reads %j of 1000 bytes', (header, expected) => {
  expect(parseByteRange(header, 1000)).toEqual(expected);
});

test('parseByteRange() takes no longer for 16 kB of blanks, digits or ranges', async () => {
  for (const text of [' '.repeat(16_000), '1'.repeat(16_000), '0-1,'.repeat(4000), ` ${'1 '.repeat(8000)}`]) {
    const act = () => {
      for (let times = 0; times < 20; times++) expect(parseByteRange(`bytes=${text}x`, 1000)).toBe('whole');
    };
    expect(await processorMs(act)).toBeLessThan(500);
  }
});

test('parseByteRange() of an empty file is never a part', () => {
  for (const header of ['bytes=0-', 'bytes=-5', 'bytes=0-0']) expect(parseByteRange(header, 0)).toBe('unsatisfiable');
});

test('parseByteRange() never leaves the file', () => {
  fc.assert(
    fc.property(fc.nat(5000), fc.option(fc.nat(6000)), fc.option(fc.nat(6000)), (size, first, last) => {
      const range = parseByteRange(`bytes=${first ?? ''}-${last ?? ''}`, size);
      if (typeof range === 'string') return;
      expect(range.start).toBeGreaterThanOrEqual(0);
      expect(range.end).toBeGreaterThan(range.start);
      expect(range.end).toBeLessThanOrEqual(size);
    }),
  );
});
