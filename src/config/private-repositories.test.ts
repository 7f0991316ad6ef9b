import { expect, test } from 'vitest';
import { joinRepositories } from './join-repositories.ts';
import { loadSettings } from './load-settings.ts';
import { tellable, visibleFrom } from './private-repositories.ts';

const join = (names: string[], toml: string) => {
  const found = names.map((name) => ({ name, folder: `/site/${name}`, packages: `/site/${name}/packages` }));
  return joinRepositories('/site', found, loadSettings(new TextEncoder().encode(toml)));
};

const MESSAGES = {
  include:
    '"a" includes "b", which is private: anybody could read it there. Make "a" private too, or leave the include out',
  site: 'The site itself cannot be private: its pages are about all repositories. Move the packages into a repository of their own',
};

test.each([
  [
    'a public one that includes a private one',
    '[repositories]\na.include = ["b"]\nb.private = true',
    [MESSAGES.include],
  ],
  [
    'a private one that includes a private one',
    '[repositories]\na = { include = ["b"], private = true }\nb.private = true',
    [],
  ],
  ['a private one that includes a public one', '[repositories]\na = { include = ["b"], private = true }', []],
  ['the site itself', '[repositories]\n"." = { private = true }', [MESSAGES.site]],
])('privacyFaults() judges %s', (_what, toml, expected) => {
  expect(join(['.', 'a', 'b'], toml).faults.map(({ message }) => message)).toEqual(expected);
});

const config = join(
  ['a', 'b', 'c', 'd'],
  '[repositories]\na = { private = true, include = ["b"] }\nb.private = true\nc.private = true',
);

test.each([
  ['the whole site', '.', ['d']],
  ['a public one', 'd', ['d']],
  ['a private one, with what it includes', 'a', ['a', 'b', 'd']],
  ['a private one, without who includes it', 'b', ['b', 'd']],
])('visibleFrom() %s', (_what, repository, expected) => {
  expect([...visibleFrom(repository, config)].sort()).toEqual(expected);
});

test('tellable() leaves out what names a hidden repository, by file or in words', () => {
  const told = [
    { file: 'd/packages/x.whl', what: 'is broken' },
    { file: 'a/packages/x.whl', what: 'is broken' },
    { file: 'd/packages/y.whl', what: 'is not listed: what "a" includes holds other bytes' },
    { file: 'd/packages/z.whl', what: 'is the same file as c/packages/z.whl' },
  ];
  expect(tellable(told, 'd', config)).toEqual([told[0]]);
  expect(tellable(told, 'a', config)).toEqual(told.slice(0, 3));
});
