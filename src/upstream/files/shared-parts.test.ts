import { expect, test } from 'vitest';
import { SharedParts } from './shared-parts.ts';

let nowMs = 0;
let brought = 0;
const bring = (text: string | undefined) => async () => {
  brought++;
  return text === undefined ? undefined : Buffer.from(text);
};

test('SharedParts brings what many ask for once, and remembers it for a moment', async () => {
  const parts = new SharedParts(() => nowMs);
  brought = 0;
  const all = await Promise.all(['a', 'b', 'c'].map((text) => parts.get('one', bring(text))));
  expect([all.map(String), brought]).toEqual([['a', 'a', 'a'], 1]);
  nowMs += 9_999;
  expect(String(await parts.get('one', bring('b')))).toBe('a');
  nowMs += 1;
  expect(String(await parts.get('one', bring('b')))).toBe('b');
  for (let other = 0; other < 40; other++) await parts.get(`other ${other}`, bring('x'));
  expect(String(await parts.get('one', bring('c')))).toBe('c');
});

test('SharedParts remembers nothing that could not be had', async () => {
  const parts = new SharedParts(() => nowMs);
  expect(await parts.get('one', bring(undefined))).toBeUndefined();
  await expect(parts.get('one', () => Promise.reject(new Error('gone')))).rejects.toThrow('gone');
  expect(String(await parts.get('one', bring('a')))).toBe('a');
});
