import { expect, test } from 'vitest';
import { NameBudget } from './name-budget.ts';

test('NameBudget gives each client so many names at once, and more with time', () => {
  const budget = new NameBudget(3);
  const take = (client: string, nowMs: number) => budget.take(client, nowMs);
  expect([0, 0, 0, 0].map(() => take('a', 0))).toEqual([true, true, true, false]);
  expect(take('b', 0)).toBe(true);
  expect([take('a', 400), take('a', 500), take('a', 500)]).toEqual([false, true, false]);
  expect([0, 0, 0, 0].map(() => take('a', 1e9))).toEqual([true, true, true, false]);
});
