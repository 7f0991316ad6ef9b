/** What a search may take, on a processor that does nothing else. */
import { expect, test } from 'vitest';
import { find, fromRow, wordsIn } from '../../web/search.ts';

const summaryOf = (place: number) => `word${place % 4999} tells of thing${place % 7919}`;

test('find() has an answer for a word that nothing has, among 10,000 projects, in a fraction of the time of a look at each letter', () => {
  const many = Array.from({ length: 10_000 }, (_, place) =>
    fromRow([`name${place % 977}-of-${place}`, 0, '1.0', summaryOf(place), 'some key words', [], 0, 0, 0, 0]),
  );
  const took = (query: string) => {
    const before = process.cpuUsage();
    expect(find(many, query).hits).toEqual([]);
    const { user } = process.cpuUsage(before);
    return user / 1000;
  };
  wordsIn(many);
  took('qzqzkjxv');
  expect(Math.min(took('qzqzkjxw'), took('zzqxjkwv'), took('wvkjxqqz'))).toBeLessThan(50);
});
