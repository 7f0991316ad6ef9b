import { expect, test } from 'vitest';
import { BitWindow } from './bit-window.ts';
import type { ByteSource } from './byte-source.ts';

const BYTES = Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 37) % 251));

function watchedSource(): ByteSource & { largestRead: number } {
  return {
    size: BYTES.length,
    largestRead: 0,
    async read(offset, length) {
      this.largestRead = Math.max(this.largestRead, length);
      return BYTES.subarray(offset, offset + length);
    },
  };
}

test.each([1, 3, 7, 8, 13, 24, 25])('BitWindow reads %i bits at a time, through a window that moves', async (count) => {
  const source = watchedSource();
  const bits = new BitWindow(source, 100);
  const digits: string[] = [];
  for (let left = BYTES.length * 8; left >= count; left -= count) {
    await bits.refill();
    digits.push(bits.read(count).toString(2).padStart(count, '0'));
  }
  const all = Array.from(BYTES, (byte) => byte.toString(2).padStart(8, '0')).join('');
  expect(digits.join('') === all.slice(0, digits.length * count)).toBe(true);
  expect(source.largestRead).toBe(200);
});

test('BitWindow gives zeros to who looks past the end, and refuses to go there', async () => {
  const bits = new BitWindow(watchedSource(), 10_000);
  await bits.refill();
  for (let left = BYTES.length; left > 1; left--) bits.read(8);
  expect(bits.peek(16)).toBe((BYTES.at(-1) as number) << 8);
  bits.skip(8);
  expect(() => bits.read(1)).toThrow(expect.objectContaining({ code: 'incomplete' }));
});

test('BitWindow goes on at the next whole byte', async () => {
  const bits = new BitWindow(watchedSource(), 100);
  await bits.refill();
  bits.read(3);
  bits.align();
  expect(bits.read(8)).toBe(BYTES[1]);
  bits.align();
  expect(bits.readUint32()).toBe(BYTES.readUInt32BE(2));
});
