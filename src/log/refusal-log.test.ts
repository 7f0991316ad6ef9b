import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestSite } from '../../test/support/site.ts';
import { anchor } from '../io/reach.ts';
import { trustOwnerOf } from '../io/trusted-owners.ts';
import type { LogEvent } from './log-files.ts';
import { readLog } from './read-log.ts';
import { RefusalLog } from './refusal-log.ts';

let site: TestSite;
let refusals: RefusalLog;
beforeEach(() => {
  site = new TestSite();
  anchor(site.root, 'own');
  trustOwnerOf(site.root);
  refusals = new RefusalLog(site.root);
});
afterEach(() => {
  refusals.close();
  site.close();
});

const events = (): Partial<LogEvent>[] =>
  [...readLog(site.root)].flatMap((part) => part.events).map(({ time: _, ...event }) => event);
const stranger = (address: string) => ({ event: 'auth-failed' as const, address, reason: 'An upload needs a token' });
const ofToken = (file: string) => ({ event: 'refused' as const, who: 'ci', address: 'a', file, reason: 'no wheel' });

test('RefusalLog.note() writes the first at once, and the same of the same client as one line with a count', () => {
  for (let tries = 0; tries < 1000; tries++) refusals.note('a', stranger('a'));
  refusals.note('b', stranger('b'));
  expect(events()).toEqual([stranger('a'), stranger('b')]);
  refusals.close();
  expect(events().slice(2)).toEqual([{ ...stranger('a'), times: 999 }]);
  refusals.note('a', stranger('a')); // another minute
  expect(events().slice(3)).toEqual([stranger('a')]);
});

test('RefusalLog.note() counts what one client brings beyond twenty different ones', () => {
  for (let file = 0; file < 50; file++) refusals.note('a', ofToken(`${file}.whl`));
  refusals.close();
  expect(events()).toHaveLength(21);
  expect(events().at(-1)).toEqual({ event: 'refused', who: 'ci', address: 'a', reason: 'others', times: 30 });
});

test('RefusalLog.note() has few lines for strangers, from however many addresses, and keeps those of tokens apart', () => {
  for (let client = 0; client < 5000; client++) refusals.note(`${client}`, stranger(`${client}`));
  refusals.note('x', ofToken('x.whl'));
  refusals.close();
  expect(events().filter(({ event }) => event === 'auth-failed')).toHaveLength(21);
  expect(events().at(-1)).toEqual({ event: 'auth-failed', reason: 'others', times: 4980 });
  expect(events()).toContainEqual(ofToken('x.whl'));
});
