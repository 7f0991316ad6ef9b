import { expect, test } from 'vitest';
import { newRepositoryNameFault, repositoryNameFault, sometimesReservedNote } from './repository-name.ts';

test.each(['.', 'glibc', 'armhf-3.11', 'A B', 'kho-máy', 'a+b', "it's", 'a'.repeat(200)])(
  'repositoryNameFault() accepts %j',
  (name) => {
    expect(repositoryNameFault(name)).toBeUndefined();
  },
);

test.each([
  ['', 'empty'],
  ['simple', 'taken by kho'],
  ['Incoming', 'taken by kho'], // the same folder on a disk that ignores case
  ['index.html', 'taken by kho'],
  ['sha256sums', 'taken by kho'],
  ['..', 'start with a dot'],
  ['.kho', 'start with a dot'],
  ['a/b', 'any of /'],
  ['a\\b', 'any of /'],
  ['C:', 'any of /'],
  ['<script>', 'any of /'],
  ['a\nb', 'can be seen'],
  ['a\u001b[31m', 'can be seen'],
  ['a\u202eb', 'can be seen'], // would turn the rest of the line around
  ['a\ufffd', 'can be seen'], // what is left of a name that is not UTF-8
  [' a', 'start with a space'],
  ['a.', 'dot'],
  ['a'.repeat(201), 'longer than'],
])('repositoryNameFault() refuses %j: %s', (name, why) => {
  expect(repositoryNameFault(name)).toContain(why);
});

test.each(['upstream', 'Sync'])(
  '%s may be the name of a repository that is there, with a note, and of no new one',
  (name) => {
    expect(repositoryNameFault(name)).toBeUndefined();
    expect(sometimesReservedNote(name)).toEqual([expect.stringContaining('give its folder another name')]);
    expect(newRepositoryNameFault(name)).toContain('are kept');
  },
);

test.each([
  ['glibc', undefined],
  ['simple', 'taken by kho'],
])('newRepositoryNameFault() of %s is that of any repository', (name, fault) => {
  expect(newRepositoryNameFault(name)).toEqual(fault === undefined ? undefined : expect.stringContaining(fault));
  expect(sometimesReservedNote(name)).toEqual([]);
});
