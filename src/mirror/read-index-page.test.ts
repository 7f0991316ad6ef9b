import { expect, test } from 'vitest';
import { normalizeName } from '../standards/name.ts';
import { readIndexPage } from './read-index-page.ts';

const HERE = new URL('https://host/simple/foo/');
const FOO = normalizeName('foo');
const HASH = 'ab'.repeat(32);
const WHEEL = 'foo-1.0-py3-none-any.whl';

const json = (...files: object[]) =>
  readIndexPage(
    Buffer.from(JSON.stringify({ meta: { 'api-version': '1.0' }, name: 'foo', files })),
    'application/vnd.pypi.simple.v1+json',
    HERE,
    FOO,
  );
const html = (...links: string[]) =>
  readIndexPage(Buffer.from(`<!doctype html><html><body>${links.join('')}</body></html>`), 'text/html', HERE, FOO);
const file = (more: object) => json({ filename: WHEEL, url: WHEEL, hashes: {}, ...more })[0];

test('readIndexPage() reads both forms alike', () => {
  const expected = [
    {
      ...{ origin: 'upstream', filename: WHEEL, version: '1.0', sha256: HASH, isYanked: true },
      ...{ requiresPython: '>=3.9', metadata: HASH, url: new URL(`https://host/simple/${WHEEL}`) },
    },
  ];
  const entry = { filename: WHEEL, url: `../${WHEEL}`, 'requires-python': '>=3.9', yanked: 'bad' };
  expect(json({ ...entry, hashes: { sha256: HASH }, 'core-metadata': { sha256: HASH } })).toMatchObject(expected);
  const attributes = `data-requires-python="&gt;=3.9" data-yanked="bad" data-core-metadata="sha256=${HASH}"`;
  expect(html(`<a href="../${WHEEL}#sha256=${HASH}" ${attributes}>x</a>`)).toMatchObject(expected);
});

test.each<[what: string, entry: object]>([
  ['of another project', { filename: 'bar-1.0-py3-none-any.whl', url: 'bar-1.0-py3-none-any.whl' }],
  ['of another project, an sdist', { filename: 'bar-1.0.tar.gz', url: 'bar-1.0.tar.gz' }],
  ['at an address that is none of the web', { filename: WHEEL, url: `file:///etc/${WHEEL}` }],
  ['at no address', { filename: WHEEL, url: 'https://[' }],
  ['without a name', { url: WHEEL }],
  ['that is no package', { filename: 'foo-1.0.txt', url: 'foo-1.0.txt' }],
])('readIndexPage() passes over a file %s', (_what, entry) => {
  expect(json({ hashes: {}, ...entry }, { filename: WHEEL, url: WHEEL, hashes: {} })).toHaveLength(1);
});

test.each<[yanked: unknown, isYanked: boolean]>([
  [undefined, false],
  [false, false],
  [null, false],
  [true, true],
  ['', true],
  ['bad', true],
])('readIndexPage() takes yanked: %j for %s', (yanked, isYanked) => {
  expect(file({ yanked })?.isYanked).toBe(isYanked);
});

test.each<[size: unknown, expected: number | undefined]>([
  [7, 7],
  [0, 0],
  [-1, undefined],
  [1.5, undefined],
  ['7', undefined],
])('readIndexPage() takes the size %j for %s', (size, expected) => {
  expect(file({ size })?.size).toBe(expected);
});

test.each<[what: string, hash: unknown, expected: string | undefined]>([
  ['in capitals', HASH.toUpperCase(), HASH],
  ['that is too short', 'ab', undefined],
  ['that is none', 'z'.repeat(64), undefined],
])('readIndexPage() of a sha256 %s', (_what, sha256, expected) => {
  expect(file({ hashes: { sha256 } })?.sha256).toBe(expected);
});
