import { expect, test } from 'vitest';
import { type RecordFormat, RecordStore } from './record-store.ts';

const FORMAT: RecordFormat<{ number: number }> = {
  parse: (line) => (line === 'damaged' ? undefined : { number: Number(line) }),
  serialize: ({ number }) => `${number}`,
};

test('RecordStore has records by name, as text, and parses what is asked for', () => {
  const store = new RecordStore(FORMAT, [
    ['b', '2'],
    ['a', '1'],
    ['c', 'damaged'],
  ]);
  store.set('d', { number: 4 });
  store.setLine('b', '3');
  expect(['a', 'b', 'c', 'd', 'none'].map((name) => store.get(name)?.number)).toEqual([1, 3, undefined, 4, undefined]);
  expect(['a', 'none'].map((name) => [store.has(name), store.line(name)])).toEqual([
    [true, '1'],
    [false, undefined],
  ]);
  store.delete('c');
  expect([...store.sorted()]).toEqual([
    ['a', '1'],
    ['b', '3'],
    ['d', '4'],
  ]);
  expect([...store.names()]).toEqual(['b', 'a', 'd']);
});

test('RecordStore parses nothing of a name that it does not have', () => {
  const strict = {
    ...FORMAT,
    parse: (): undefined => {
      throw new Error('parses');
    },
  };
  expect(new RecordStore(strict).get('none')).toBeUndefined();
});

test('RecordStore.copy() is a store of its own', () => {
  const store = new RecordStore(FORMAT, [['a', '1']]);
  const copy = store.copy();
  copy.set('a', { number: 2 });
  copy.set('b', { number: 3 });
  expect([store.get('a'), store.has('b'), copy.get('a')]).toEqual([{ number: 1 }, false, { number: 2 }]);
});
