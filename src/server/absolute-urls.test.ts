import { expect, test } from 'vitest';
import { withAbsoluteUrls } from './absolute-urls.ts';

const PAGE = 'https://host/prefix/glibc/simple/foo/';

test('withAbsoluteUrls() of a project page', () => {
  const page = {
    name: 'foo',
    files: [{ url: '../../packages/foo-1%2Bx.whl', size: 1 }, { url: '../../../common/packages/a.whl' }],
  };
  expect(JSON.parse(withAbsoluteUrls(JSON.stringify(page), PAGE))).toEqual({
    name: 'foo',
    files: [
      { url: 'https://host/prefix/glibc/packages/foo-1%2Bx.whl', size: 1 },
      { url: 'https://host/prefix/common/packages/a.whl' },
    ],
  });
});

test('withAbsoluteUrls() of the JSON API', () => {
  const page = {
    info: { name: 'x' },
    urls: [{ url: '../../packages/a' }],
    releases: { '1': [{ url: '../../packages/b' }], '2': [] },
  };
  const { urls, releases, info } = JSON.parse(
    withAbsoluteUrls(JSON.stringify(page), 'http://host/glibc/pypi/foo/json'),
  );
  expect([urls[0].url, releases['1'][0].url, info.name]).toEqual([
    'http://host/glibc/packages/a',
    'http://host/glibc/packages/b',
    'x',
  ]);
});

test.each([
  ['no JSON', '<html>'],
  ['a list of projects', '{"projects":[{"name":"a"}]}'],
  ['a file without an address', '{"files":[{"filename":"a"},null,1]}'],
  ['an address that is none', '{"files":[{"url":"http://["}]}'],
  ['a list', '[]'],
  ['null', 'null'],
])('withAbsoluteUrls() leaves %s as it is', (_what, text) => {
  expect(withAbsoluteUrls(text, PAGE)).toBe(text);
});
