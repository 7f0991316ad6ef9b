import { expect, test } from 'vitest';
import { fromRow, inOrder, nearNames, runsOn, search, slipsBetween } from '../web/search.ts';

interface More {
  summary?: string;
  keywords?: string;
  bytes?: number;
  changedMs?: number;
  runs?: string;
}

const row = (name: string, { summary, keywords, bytes = 0, changedMs = 0, runs }: More = {}) =>
  fromRow([name, 0, '1.0', summary ?? 0, keywords ?? 0, [], bytes, changedMs, 0, runs ?? 0]);
const PROJECTS = [
  row('requests', { summary: 'HTTP for humans', bytes: 3 }),
  row('requests-toolbelt', { keywords: 'http upload', bytes: 2, changedMs: 9 }),
  row('python-dateutil', { summary: 'Ngày và giờ, thật đẹp', bytes: 1 }),
  row('numpy', { runs: 'glibc-x86_64:3.11,3.12 musl-x86_64:3.11' }),
  row('old', { runs: '' }),
];
const names = (found: readonly { name: string }[]) => found.map(({ name }) => name);

test.each([
  ['requests', ['requests', 'requests-toolbelt']],
  ['tool', ['requests-toolbelt']],
  ['HTTP', ['requests', 'requests-toolbelt']],
  ['http upload', ['requests-toolbelt']],
  ['dateutil', ['python-dateutil']],
  ['Python_DateUtil', ['python-dateutil']],
  ['pythondateutil', ['python-dateutil']],
  ['ngay dep', ['python-dateutil']],
  ['nothing-like-that', []],
])('search() for %j', (query, expected) => {
  expect(names(search(PROJECTS, query))).toEqual(expected);
});

test.each([
  ['reqeusts', ['requests', 'requests-toolbelt']],
  ['nunpy', ['numpy']],
  ['dateutl', ['python-dateutil']],
  ['xyz', []],
  ['completely', []],
])('nearNames() to %j', (query, expected) => {
  expect(names(nearNames(PROJECTS, query))).toEqual(expected);
});

test.each([
  ['', '', ['requests', 'requests-toolbelt', 'python-dateutil', 'numpy', 'old']],
  ['musl-x86_64', '', ['requests', 'requests-toolbelt', 'python-dateutil', 'numpy']],
  ['musl-x86_64', '3.12', ['requests', 'requests-toolbelt', 'python-dateutil']],
  ['glibc-x86_64', '3.12', ['requests', 'requests-toolbelt', 'python-dateutil', 'numpy']],
  ['', '3.13', ['requests', 'requests-toolbelt', 'python-dateutil']],
])('runsOn() %j with Python %j', (platform, python, expected) => {
  expect(names(PROJECTS.filter((project) => runsOn(project, platform, python)))).toEqual(expected);
});

test('inOrder() puts the largest and the newest first, and leaves the list as it is', () => {
  expect(names(inOrder(PROJECTS, 'size')).slice(0, 2)).toEqual(['requests', 'requests-toolbelt']);
  expect(names(inOrder(PROJECTS, 'changed'))[0]).toBe('requests-toolbelt');
  expect(names(inOrder(PROJECTS, 'name'))[0]).toBe('numpy');
  expect(PROJECTS[0]?.name).toBe('requests');
});

test.each([
  ['abc', 'abc', 0],
  ['abc', 'acb', 1],
  ['abc', 'abd', 1],
  ['abc', 'abcd', 1],
  ['abcd', 'dcba', 3],
])('slipsBetween() %j and %j', (a, b, slips) => {
  expect(slipsBetween(a, b, 2)).toBe(slips);
});
