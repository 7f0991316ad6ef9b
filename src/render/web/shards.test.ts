import { expect, test } from 'vitest';
import { shardsOf } from './shards.ts';

const list = (...numbers: number[]) => numbers.map((number) => ({ name: `p${String(number).padStart(6, '0')}` }));
const upTo = (length: number) => list(...Array.from({ length }, (_, place) => 2 * place));
const shape = (items: readonly { name: string }[]) =>
  new Map(shardsOf(items).map((shard) => [shard.key, shard.items.map(({ name }) => name).join()]));

test('shardsOf() cuts a long list into parts of bearable length, with names of their own', () => {
  const shards = shardsOf(upTo(20_000));
  expect(shards.flatMap(({ items }) => items)).toEqual(upTo(20_000));
  expect(new Set(shards.map(({ key }) => key)).size).toBe(shards.length);
  for (const { key } of shards.slice(1)) expect(key).toMatch(/^[0-9a-z]{10}$/);
  for (const { items } of shards.slice(0, -1)) expect(items.length).toBeGreaterThanOrEqual(250);
  for (const { items } of shards) expect(items.length).toBeLessThanOrEqual(1000);
  expect(shards.length).toBeGreaterThan(25);
});

test.each([
  ['nothing', []],
  ['a few', upTo(9)],
])('shardsOf() makes one part of %s', (_what, items) => {
  expect(shardsOf(items)).toEqual([{ key: '1', items }]);
});

test.each([1, 5_001, 20_001, 39_999])('shardsOf() changes a part or two when one name comes: %i', (number) => {
  const before = upTo(20_000);
  const now = [...before, ...list(number)].sort((a, b) => (a.name < b.name ? -1 : 1));
  const [old, cut] = [shape(before), shape(now)];
  const changed = [...new Set([...old.keys(), ...cut.keys()])].filter((key) => old.get(key) !== cut.get(key));
  expect(changed.length).toBeGreaterThanOrEqual(1);
  expect(changed.length).toBeLessThanOrEqual(4);
});
