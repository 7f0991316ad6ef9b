import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyText } from '../../test/support/any-text.ts';
import { encodePath, fileHref, filePath, fileUrl, repositoryUrl } from './links.ts';

test.each([
  ['foo-1.0-py3-none-any.whl', 'foo-1.0-py3-none-any.whl'],
  ['foo-1.0+cu118-py3-none-any.whl', 'foo-1.0%2Bcu118-py3-none-any.whl'],
  ['foo-1!2.0.tar.gz', 'foo-1!2.0.tar.gz'],
  ['sub/deeper/foo-1.0.zip', 'sub/deeper/foo-1.0.zip'],
  ['a b/100%/é?x#y/foo-1.0.zip', 'a%20b/100%25/%C3%A9%3Fx%23y/foo-1.0.zip'],
  [`<"'&>()*:;=@\\`, '%3C%22%27%26%3E%28%29%2A%3A%3B%3D%40%5C'],
])('encodePath() writes %j as %j', (path, encoded) => {
  expect(encodePath(path)).toBe(encoded);
});

test('encodePath() leaves only harmless characters, and a URL reader gets the path back', () => {
  fc.assert(
    fc.property(anyText(), (path) => {
      expect(encodePath(path)).toMatch(/^[\w.~!/%-]*$/);
      expect(decodeURIComponent(encodePath(path))).toBe(path);
    }),
    { numRuns: 200 },
  );
});

test.each([
  ['its own file', 'glibc', 2, 'glibc', '../../packages/F'],
  ['an included file', 'glibc', 2, 'common', '../../../common/packages/F'],
  ['a file of the site itself', 'glibc', 2, '.', '../../../packages/F'],
  ['a repository below the site', '.', 2, 'glibc', '../../glibc/packages/F'],
  ['the site from itself', '.', 2, '.', '../../packages/F'],
  ['a file, from the repository itself', 'glibc', 0, 'common', '../common/packages/F'],
  ['a file, from a page deeper down', 'glibc', 3, 'glibc', '../../../packages/F'],
])('fileHref() leads to %s', (_what, from, depth, repository, href) => {
  expect(fileHref({ repository: from, depth }, { repository, path: 'F' })).toBe(href);
});

test('fileHref() ends where filePath() leads, however the folders are called', () => {
  const folder = anyText({ minLength: 1 }).filter((name) => !/[/\0]|^\.\.?$/.test(name));
  fc.assert(
    fc.property(folder, folder, fc.array(folder, { minLength: 1 }), (from, repository, path) => {
      const file = { repository, path: path.join('/') };
      const page = new URL(`https://host/prefix/${encodePath(from)}/simple/foo/`);
      const arrived = new URL(fileHref({ repository: from, depth: 2 }, file), page).pathname;
      expect(arrived.split('/').map(decodeURIComponent).join('/')).toBe(`/prefix/${repository}/packages/${file.path}`);
      expect(decodeURIComponent(fileHref({ repository: from, depth: 2 }, file))).toBe(
        filePath({ repository: from, depth: 2 }, file),
      );
    }),
    { numRuns: 200 },
  );
});

test.each([
  ['glibc', 'https://host/p/glibc/packages/a%2Bb.whl', 'https://host/p/glibc/'],
  ['.', 'https://host/p/packages/a%2Bb.whl', 'https://host/p/'],
  ['my repo', 'https://host/p/my%20repo/packages/a%2Bb.whl', 'https://host/p/my%20repo/'],
])('fileUrl() and repositoryUrl() of %j', (repository, file, folder) => {
  expect(fileUrl('https://host/p', { repository, path: 'a+b.whl' })).toBe(file);
  expect(repositoryUrl('https://host/p', repository)).toBe(folder);
});
