import { expect, test } from 'vitest';
import { glibcNeeds } from './glibc-needs.ts';

const card = (displayName: string, floors: Record<string, string | undefined>) => ({
  displayName,
  coverage: Object.entries(floors).map(([platform, glibcFloor]) => ({
    ...{ platform, state: 'wheel' as const, pythons: ['3.11'], lacking: [] },
    ...(glibcFloor !== undefined && { glibcFloor }),
  })),
});

test('glibcNeeds() tells the oldest and the newest glibc by platform, and who needs the newest', () => {
  const cards = [
    card('a', { 'glibc-x86_64': '2.9', 'musl-x86_64': undefined }),
    card('b', { 'glibc-x86_64': '2.34', 'glibc-armv7l': '2.28' }),
    card('c', { 'glibc-x86_64': '2.34' }),
    { displayName: 'pure' },
  ];
  expect(glibcNeeds(cards)).toEqual([
    { platform: 'glibc-armv7l', least: '2.28', most: '2.28', mostOf: ['b'] },
    { platform: 'glibc-x86_64', least: '2.9', most: '2.34', mostOf: ['b', 'c'] },
  ]);
});

test('glibcNeeds() of projects that run everywhere are none', () => {
  expect(glibcNeeds([{ displayName: 'pure' }])).toEqual([]);
});
