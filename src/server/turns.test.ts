import { expect, test } from 'vitest';
import { Turns } from './turns.ts';

function scene() {
  const clock = { nowMs: 0 };
  const later: (() => void)[] = [];
  const turns = new Turns(
    () => clock.nowMs,
    (act) => later.push(act),
  );
  const turn = () => {
    for (const act of later.splice(0)) act();
  };
  return { turns, clock, turn };
}

test('Turns lets clients have their turn one after the other, however much one of them wants', () => {
  const { turns, clock, turn } = scene();
  const done: string[] = [];
  const act = (name: string) => () => {
    done.push(name);
    clock.nowMs += 0.5;
  };
  for (let count = 0; count < 6; count++) turns.add('greedy', act('greedy'));
  turns.add('other', act('other'));
  expect(done).toEqual([]);
  turn();
  expect(done).toEqual(['greedy', 'other']); // as much as fits into a millisecond
  turn();
  expect(done).toEqual(['greedy', 'other', 'greedy', 'greedy']);
});

test('Turns leaves what is added meanwhile for the next turn', () => {
  const { turns, turn } = scene();
  let count = 0;
  const again = () => {
    count++;
    turns.add('client', again);
  };
  turns.add('client', again);
  turn();
  expect(count).toBe(1);
  turn();
  expect(count).toBe(2);
});
