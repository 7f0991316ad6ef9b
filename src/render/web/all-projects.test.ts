import { expect, test } from 'vitest';
import { allData, allIndex } from './all-projects.ts';
import type { ProjectCard } from './model.ts';
import { shardsOf } from './shards.ts';

const card = (name: string, latest: string, more: Partial<ProjectCard> = {}) =>
  ({ name, displayName: name, latest, keywords: [], ...more }) as ProjectCard;
const PROJECTS = [
  { name: 'bar', cards: [{ repository: 'b', card: card('bar', '2.0', { keywords: ['x', 'y'] }) }] },
  {
    name: 'foo',
    cards: [
      { repository: 'a', card: card('foo', '1.0', { displayName: 'Foo', summary: 'Feet' }) },
      { repository: 'b', card: card('foo', '0.9') },
      { repository: 'c', card: card('foo', '1.0') },
    ],
  },
];

test('allData() has each project once, with the repositories of each version', () => {
  expect(allData(PROJECTS, ['a', 'b', 'c'])).toBe(
    'khoNames([["bar",0,0,"x y",[["2.0",1]]],["foo","Foo","Feet",0,[["1.0",0,2],["0.9",1]]]]);\n',
  );
});

test('allData() names the newest version first, wherever it is', () => {
  const cards = [
    { repository: 'a', card: card('foo', '0.9') },
    { repository: 'b', card: card('foo', '0.10') },
    { repository: 'c', card: { ...card('foo', ''), latest: undefined } as unknown as ProjectCard },
  ];
  expect(allData([{ name: 'foo', cards }], ['a', 'b', 'c'])).toContain('[["0.10",1],["0.9",0],[0,2]]');
});

test('allIndex() names repositories with their platforms, and where parts begin', () => {
  const machines = { platforms: ['glibc-x86_64', 'musl-x86_64'], pythons: [] };
  const none = { platforms: [], pythons: [] };
  const repositories = [
    { name: 'a', machines },
    { name: 'b', machines: none },
  ];
  expect(allIndex(repositories, shardsOf(PROJECTS))).toBe(
    'khoAll([["a","glibc-x86_64 musl-x86_64"],["b",""]],[["1","bar"]]);\n',
  );
});
