import { expect, test } from 'vitest';
import { matchesName } from '../standards/name-pattern.ts';
import { projectPattern } from './project-pattern.ts';
import { mayDo, type Token, whyNot } from './token.ts';

test.each([
  ['*', 'anything', true],
  ['farm-*', 'farm-sensors', true],
  ['farm-*', 'farm', false],
  ['farm-*', 'my-farm-x', false],
  ['Farm_*', 'farm-sensors', true],
  ['farm.sensors', 'farm-sensors', true],
  ['farm', 'farm-sensors', false],
  ['*-sensors', 'farm-sensors', true],
  ['f*m-*s', 'farm-sensors', true],
  ['ab*ba', 'aba', false],
  ['ab*ba', 'abba', true],
  ['a*b*c', 'acb', false],
  ['*a*', 'bab', true],
])('matchesName() of %j and %j is %j', (pattern, name, expected) => {
  expect(matchesName(projectPattern(pattern), name)).toBe(expected);
});

const CI: Token = {
  name: 'ci',
  rights: ['read', 'upload', 'new'],
  repositories: ['glibc', 'musl'],
  projects: ['farm-*'],
};

test.each([
  ['upload', 'glibc', 'farm-sensors', undefined],
  ['new', 'musl', 'farm-new', undefined],
  ['read', 'glibc', 'numpy', undefined],
  ['upload', 'glibc', undefined, undefined],
  ['upload', 'common', 'farm-sensors', 'The token "ci" is not for the repository "common", but for "glibc", "musl"'],
  ['read', 'common', 'farm-sensors', 'The token "ci" is not for the repository "common", but for "glibc", "musl"'],
  ['upload', 'glibc', 'requests', 'The token "ci" is not for the project "requests", but for "farm-*"'],
  ['yank', 'glibc', 'farm-sensors', 'The token "ci" may not yank here: its rights are read, upload, new'],
] as const)('whyNot() of %s in %s of %s', (right, repository, project, why) => {
  expect(whyNot(CI, right, repository, project)).toBe(why);
  expect(mayDo(CI, right, repository, project)).toBe(why === undefined);
});

test('mayDo() gives all repositories and projects to `*`', () => {
  expect(mayDo({ name: 'all', rights: ['yank'], repositories: ['*'], projects: ['*'] }, 'yank', '.', 'x')).toBe(true);
});
