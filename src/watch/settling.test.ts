import { expect, test } from 'vitest';
import { Settling } from './settling.ts';

test('Settling is due when a file has been quiet for 150 ms', () => {
  const settling = new Settling();
  expect(settling.due()).toBeUndefined();
  settling.note('a', 1000);
  expect(settling.due()).toBe(1150);
  settling.note('a', 1100);
  expect(settling.due()).toBe(1250);
  expect(settling.take(1250)).toEqual({ busy: new Set(), quiet: new Map([['a', 1100]]) });
  expect(settling.due()).toBeUndefined();
});

test('Settling looks at a file that never rests once, and then waits for it to rest', () => {
  const settling = new Settling();
  for (let now = 1000; now <= 1400; now += 50) settling.note('a', now);
  expect(settling.due()).toBe(1400);
  expect(settling.take(1400).busy).toEqual(new Set(['a']));
  for (let now = 1450; now <= 9000; now += 50) settling.note('a', now);
  expect(settling.due()).toBe(9150);
  expect(settling.take(9150).quiet).toEqual(new Map([['a', 9000]]));
});

test('Settling does not let one busy file keep a quiet one waiting', () => {
  const settling = new Settling();
  settling.note('quiet', 1000);
  for (let now = 1000; now <= 1150; now += 10) settling.note('busy', now);
  expect(settling.due()).toBe(1150);
  const { busy, quiet } = settling.take(1150);
  expect([[...busy], [...quiet.keys()]]).toEqual([['busy'], ['quiet']]);
});
