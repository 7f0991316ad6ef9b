import { expect, test } from 'vitest';
import type { IndexedFile, Project } from '../catalog/model.ts';
import type { RepositoryConfig } from '../config/site-config.ts';
import type { ProjectCard } from '../render/web/model.ts';
import { machinesOf, seenElsewhere } from './siblings.ts';

const card = (latest: string, more: Partial<ProjectCard> = {}) =>
  ({ latest, platforms: ['any'], ...more }) as ProjectCard;

/** All of them public, but for those that are named. */
const configOf = (privates: readonly string[] = []) => ({
  repositories: ['a', 'b', 'c', 'glibc', 'musl'].map(
    (name) => ({ name, include: [], ...(privates.includes(name) && { private: true }) }) as unknown as RepositoryConfig,
  ),
});

test.each<[string, Record<string, ProjectCard>, string[]]>([
  ['nothing of a project that one repository has', { glibc: card('1.0') }, []],
  ['repositories by name', { musl: card('1.0'), glibc: card('2.0') }, ['glibc 2.0', 'musl 1.0']],
  ['nothing of what is in quarantine', { musl: card('1.0', { unlisted: true }), glibc: card('2.0') }, []],
])('seenElsewhere() tells %s', (_what, cards, expected) => {
  const { siblings } = seenElsewhere('glibc', { cards, projects: new Map() }, configOf());
  expect(siblings.map(({ repository, latest }) => `${repository} ${latest}`)).toEqual(expected);
});

const file = (repository: string, sha256: string, size = 1) => ({ repository, sha256, size }) as IndexedFile;
const project = (...files: IndexedFile[]) => ({ releases: [{ version: '1.0', files }] }) as unknown as Project;

test.each<[string, Record<string, Project>, string[]]>([
  [
    'what lies in two folders',
    { a: project(file('a', 'x', 3), file('a', 'y', 4)), b: project(file('b', 'x', 3), file('b', 'y', 4)) },
    ['b 2 7'],
  ],
  ['no other bytes', { a: project(file('a', 'x')), b: project(file('b', 'y')) }, []],
  ['nothing that is included', { a: project(file('b', 'x')), b: project(file('b', 'x')) }, []],
  [
    'each repository by itself',
    { c: project(file('c', 'x')), a: project(file('a', 'x')), b: project(file('b', 'x')) },
    ['b 1 1', 'c 1 1'],
  ],
])('seenElsewhere() finds %s', (_what, projects, expected) => {
  const { twins } = seenElsewhere('a', { cards: {}, projects: new Map(Object.entries(projects)) }, configOf());
  expect(twins.map(({ repository, files, bytes }) => `${repository} ${files} ${bytes}`)).toEqual(expected);
});

test.each([
  ['a', ['a', 'c']],
  ['b', ['a', 'b', 'c']], // private itself
])('seenElsewhere() tells %s of no private repository but itself', (repository, visible) => {
  const each = <T>(of: (name: string) => T) =>
    Object.fromEntries(['a', 'b', 'c', 'musl'].map((name) => [name, of(name)]));
  const cards = each(() => card('1.0'));
  const projects = new Map(Object.entries(each((name) => project(file(name, 'x')))));
  const seen = seenElsewhere(repository, { cards, projects }, configOf(['b', 'musl']));
  expect(seen.siblings.map((one) => one.repository)).toEqual(visible);
  expect([...seen.projects.keys()]).toEqual(visible);
  expect(seen.twins.map((one) => one.repository)).toEqual(visible.filter((name) => name !== repository));
});

const released = (...files: string[]) =>
  ({
    releases: [
      {
        version: '1.0',
        files: files.map((filename) => ({
          filename,
          kind: filename.endsWith('.whl') ? 'wheel' : 'sdist',
          ...(filename.includes('_yanked') && { yanked: '' }),
        })),
      },
    ],
  }) as unknown as Project;

test('machinesOf() tells what each repository has of one version', () => {
  const projects = new Map([
    ['musl', released('foo-1.0-cp311-cp311-musllinux_1_2_x86_64.whl', 'foo-1.0.tar.gz')],
    ['glibc', released('foo-1.0-cp311-cp311-manylinux_2_28_x86_64.whl')],
    ['common', released('foo-1.0-py3-none-any.whl')],
  ]);
  expect(machinesOf('1', projects)).toEqual([
    ['common', '1.0', 0, 0],
    ['glibc', '1.0', ['glibc-x86_64'], 0],
    ['musl', '1.0', ['musl-x86_64'], 1],
  ]);
  expect(machinesOf('2.0', projects)).toEqual([]);
  expect(machinesOf('1.0', new Map([...projects].slice(0, 1)))).toEqual([]);
});
