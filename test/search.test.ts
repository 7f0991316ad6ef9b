import { expect, test } from 'vitest';
import { find, fromRow, inOrder, nearNames, nearWords, runsOn, search, slipsBetween } from '../web/search.ts';

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

/** As a repository has them: names that hold one another, and summaries that name other projects. */
const MANY = [
  row('flask', { summary: 'A simple framework for building complex web applications.' }),
  row('flask-login', { summary: 'User session management for Flask' }),
  row('pytest-flask', { summary: 'A set of pytest fixtures to test Flask applications.' }),
  row('quart', { summary: 'An asynchronous web framework, much like Flask', keywords: 'asyncio http' }),
  row('zope-interface', { summary: 'Interfaces for Python' }),
  row('physics', { summary: 'Of the quark and its kin' }),
  row('zipp', { summary: 'Zip files' }),
  row('scikit-learn', { keywords: 'đồ thị phân tán, dữ liệu' }),
  row('beautifulsoup4', { summary: 'Screen-scraping library' }),
  row('bao-cao', { summary: 'Đọc báo cáo đường sắt của Hà Nội' }),
];

test.each([
  [
    'the exact name, then names that begin so, names that hold it, what tells of it',
    'flask',
    ['flask', 'flask-login', 'pytest-flask', 'quart'],
  ],
  ['names with a slip, the nearest first', 'flaks', ['flask', 'flask-login', 'pytest-flask']],
  ['a name with a slip, before a summary with the very letters', 'quark', ['quart', 'physics']],
  ['a prefix', 'beau', ['beautifulsoup4']],
  ['two letters swapped', 'baeutifulsoup4', ['beautifulsoup4']],
  ['a letter missing', 'beutifulsoup', ['beautifulsoup4']],
  ['a letter twice', 'beautiffulsoup4', ['beautifulsoup4']],
  ['a wrong letter', 'beautigulsoup4', ['beautifulsoup4']],
  ['a slip while the name is still being typed', 'beautifll', ['beautifulsoup4']],
  ['_ for -', 'scikit_learn', ['scikit-learn']],
  ['. for -', 'Zope.Interface', ['zope-interface']],
  ['nothing for -', 'zopeinterface', ['zope-interface']],
  ['words of a summary, in any order', 'fixtures pytest', ['pytest-flask']],
  ['a word of the name and one of the summary', 'flask session', ['flask-login']],
  ['a keyword', 'asyncio', ['quart']],
  ['a slip in a word of a summary', 'scarping', ['beautifulsoup4']],
  ['a slip in one of two words', 'web asynchronus', ['quart']],
  ['Vietnamese without accents', 'duong sat', ['bao-cao']],
  ['Vietnamese with accents', 'Đường sắt', ['bao-cao']],
  ['Vietnamese as separate accents', 'Đường sắt'.normalize('NFD'), ['bao-cao']],
  ['Đ for a capital D', 'Do thi', ['scikit-learn']],
  ['a slip in a word of three letters is another word', 'zpi', []],
  ['nothing', 'kubernetes', []],
  ['blanks', '   ', []],
])('find() by %s: %j', (_what, query, expected) => {
  expect(names(find(MANY, query).hits)).toEqual(expected);
});

test('find() says whether what it found only comes near', () => {
  expect(find(MANY, 'flask').isNear).toBe(false);
  expect(find(MANY, 'flaks').isNear).toBe(true);
  expect(find(MANY, 'kubernetes').isNear).toBe(false);
});

test('nearWords() leaves words that are known, and takes the more frequent of two that are as near', () => {
  expect(names(nearWords(MANY, 'flask manegement'))).toEqual(['flask-login']);
  expect(
    names(
      nearWords([row('a', { summary: 'hare' }), row('b', { summary: 'hard' }), row('c', { summary: 'hard' })], 'harx'),
    ),
  ).toEqual(['b', 'c']);
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
