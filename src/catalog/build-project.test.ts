import { expect, test } from 'vitest';
import { normalizeName } from '../standards/name.ts';
import { buildProject, isYanked } from './build-project.ts';
import type { IndexedFile } from './model.ts';

const release = (version: string, more: Partial<IndexedFile> = {}): IndexedFile => ({
  ...{ filename: `foo-${version}.tar.gz`, kind: 'sdist', repository: 'a', path: `foo-${version}.tar.gz`, name: 'Foo' },
  ...{ version, sha256: '', size: 1, uploadedMs: 0, signed: false, provenance: false, ...more },
});
const build = (files: IndexedFile[], settings = {}) => buildProject(normalizeName('foo'), files, settings);

test.each([
  ['the highest', ['1.0', '1.10', '1.9'], '1.10'],
  ['a final one before a higher pre-release', ['1.0', '2.0rc1'], '1.0'],
  ['a pre-release where there is nothing else', ['2.0a1', '2.0rc1'], '2.0rc1'],
  ['a valid version before a legacy one', ['2004d', '0.1'], '0.1'],
  ['an epoch', ['1!0.1', '9.0'], '1!0.1'],
])('buildProject() takes for the latest %s', (_what, versions, latest) => {
  expect(build(versions.map((version) => release(version))).latest?.version).toBe(latest);
});

test('buildProject() passes over yanked releases for the latest, unless all are', () => {
  expect(build([release('1.0'), release('2.0', { yanked: '' })]).latest?.version).toBe('1.0');
  expect(build([release('1.0', { yanked: '' }), release('2.0', { yanked: 'bad' })]).latest?.version).toBe('2.0');
});

test('buildProject() puts equal versions into one release, newest release first', () => {
  const wheel = release('1.0.0', { filename: 'foo-1.0.0-py3-none-any.whl', kind: 'wheel' });
  const { releases } = build([wheel, release('1.0'), release('1.1')]);
  expect(releases.map(({ version, files }) => [version, files.length])).toEqual([
    ['1.1', 1],
    ['1.0', 2],
  ]);
});

test.each([
  ['the first of equal spellings', ['1.0', '1.0.0']],
  ['whatever came first', ['1.0.0', '1.0']],
])('buildProject() spells a release as %s', (_what, versions) => {
  expect(build(versions.map((version) => release(version))).releases.map(({ version }) => version)).toEqual(['1.0']);
});

test('isYanked() is true only of a release whose files are all yanked', () => {
  const [half] = build([release('1.0', { yanked: '' }), release('1.0.0')]).releases;
  const [whole] = build([release('1.0', { yanked: '' }), release('1.0.0', { yanked: 'bad' })]).releases;
  expect([isYanked(half!), isYanked(whole!)]).toEqual([false, true]);
});

test('buildProject() says nothing of a status or a latest release that there is not', () => {
  expect(build([])).toEqual({ name: 'foo', displayName: 'foo', releases: [] });
});

test('buildProject() offers no files of a quarantined project, and carries status and reason', () => {
  const project = build([release('1.0')], { status: 'quarantined', reason: 'stolen account' });
  expect(project).toMatchObject({
    status: 'quarantined',
    statusReason: 'stolen account',
    releases: [],
    displayName: 'Foo',
  });
  expect(project.latest).toBeUndefined();
});
