import { expect, test } from 'vitest';
import type { Verdict } from '../catalog/judge-file.ts';
import type { RepositoryConfig } from '../config/site-config.ts';
import { fitsNowhere, nameIsTaken, twinIsThere, wasRemoved } from './refusal-text.ts';
import type { IncomingFile } from './scan-incoming.ts';

const FILE = { name: 'foo-1.0.tar.gz', stamp: { size: 77 } } as IncomingFile;
const SHA256 = 'ab'.repeat(32);
const repository = (name: string, more: Partial<RepositoryConfig> = {}) => ({ name, ...more }) as RepositoryConfig;
const PATHS = ['glibc/packages/foo-1.0.tar.gz', 'glibc/packages/sub/foo-1.0.tar.gz'];

/** Who uploaded it reads nothing else: what became of it, what stands there, which bytes these were, and each way out. */
test('nameIsTaken() says what is in the way, and how to have it replaced', () => {
  expect(
    nameIsTaken(FILE, SHA256, PATHS, repository('glibc')),
  ).toBe(`foo-1.0.tar.gz was not published: other bytes stand under this name already.

in the way: glibc/packages/foo-1.0.tar.gz, glibc/packages/sub/foo-1.0.tar.gz
refused:    77 bytes, sha256 ${SHA256}

Lock files and caches of clients remember the bytes of a published file, and would refuse other ones under its name.
Build the package again with a new version (or, a wheel, with a build number), and upload that.

To let uploads replace published files, write into kho.toml, and upload the file again:

    [repositories.glibc]
    overwrite = true
`);
});

test.each([
  ['py3_11-a', '[repositories.py3_11-a]'],
  ['a.b', '[repositories."a.b"]'],
  ['.', '[repositories."."]'],
])('nameIsTaken() names the repository %s as kho.toml has to', (name, table) => {
  expect(nameIsTaken(FILE, SHA256, PATHS, repository(name))).toContain(`\n    ${table}\n`);
});

test('nameIsTaken() proposes no setting that is there already', () => {
  const text = nameIsTaken(FILE, SHA256, PATHS, repository('glibc', { overwrite: true }));
  expect(text).toContain('It cannot replace one of several files: keep one of them, and upload the file again.\n');
  expect(text).not.toContain('kho.toml');
});

test('twinIsThere() says that clients take the two names for one', () => {
  expect(
    twinIsThere(FILE, SHA256, ['glibc/packages/Foo-1.0.tar.gz']),
  ).toBe(`foo-1.0.tar.gz was not published: the same file of its release is there, with other bytes and its name spelled differently.

in the way: glibc/packages/Foo-1.0.tar.gz
refused:    77 bytes, sha256 ${SHA256}

Clients take the two names for one: some would install the one, some the other.
Build the package again with a new version (or, a wheel, with a build number), and upload that.
`);
});

test('wasRemoved() says how to have the removed file back', () => {
  const text = wasRemoved(FILE, SHA256);
  expect(text).toMatch(
    /^foo-1\.0\.tar\.gz was not published: a file of this name with other bytes was here, and was removed\.\n/,
  );
  expect(text).toContain(`\nrefused:    77 bytes, sha256 ${SHA256}\n`);
  expect(text).toContain('Lock files and caches of clients remember the bytes');
  expect(text).toMatch(/\nTo bring the removed file back: kho restore foo-1\.0\.tar\.gz\n$/);
});

test('fitsNowhere() has each reason and each way out once', () => {
  const verdict = (what: string, hint: string) => ({ code: 'wrong-platform', what, hint }) as Verdict;
  const verdicts = new Map([
    ['glibc', verdict('is for musl', 'make a repository')],
    ['common', verdict('is for musl', 'make a repository')],
    ['old', verdict('needs glibc 2.36', 'build it on an older system')],
  ]);
  expect(
    fitsNowhere(FILE, SHA256, verdicts),
  ).toBe(`foo-1.0.tar.gz was not published: no repository of this site takes it.

refused: 77 bytes, sha256 ${SHA256}

- foo-1.0.tar.gz is for musl
- foo-1.0.tar.gz needs glibc 2.36

What to do, and then upload the file again:

- make a repository
- build it on an older system
`);
});
