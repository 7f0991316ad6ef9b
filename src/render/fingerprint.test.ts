import { expect, test } from 'vitest';
import { makeFile, makeProject } from '../../test/support/make-project.ts';
import type { IndexedFile, Project } from '../catalog/model.ts';
import { fingerprint, projectInputs, releaseInputs } from './fingerprint.ts';
import type { RenderContext } from './page.ts';

const FILE = makeFile('foo-1.0-py3-none-any.whl');
const HERE: RenderContext = { repository: 'glibc' };
const release = (file: IndexedFile) => ({ version: '1.0', files: [file] });

const CHANGES: { [key in keyof Required<IndexedFile>]: IndexedFile[key] } = {
  filename: 'foo-1.0-py2-none-any.whl',
  kind: 'sdist',
  repository: 'common',
  path: 'sub/foo-1.0-py3-none-any.whl',
  name: 'Foo',
  version: '1.0.0',
  sha256: 'f'.repeat(64),
  size: 1,
  uploadedMs: 1,
  requiresPython: '>=3',
  passedOver: 'has an odd name',
  metadataSha256: 'e'.repeat(64),
  binaries: { libc: 'musl', architectures: ['x86_64'], evidence: {} },
  signed: true,
  yanked: '',
  provenance: true,
};

test.each(Object.entries(CHANGES))('releaseInputs() depends on the %s of a file', (key, value) => {
  const before = releaseInputs(release(FILE), HERE);
  expect(releaseInputs(release({ ...FILE }), HERE)).toBe(before);
  expect(releaseInputs(release({ ...FILE, [key]: value }), HERE)).not.toBe(before);
});

test.each<[string, Partial<Project>]>([
  ['status', { status: 'archived' }],
  ['reason', { statusReason: 'old' }],
  ['display name', { displayName: 'FOO' }],
  ['latest release', { latest: release(FILE) }],
  ['releases', { releases: [release(FILE)] }],
])('projectInputs() depends on the %s', (_what, change) => {
  const project = makeProject('foo', []);
  expect(projectInputs({ ...project, ...change }, HERE)).not.toBe(projectInputs(project, HERE));
});

test.each<[string, RenderContext]>([
  ['repository', { repository: 'musl' }],
  ['url', { repository: 'glibc', siteUrl: 'https://host' }],
])('projectInputs() and releaseInputs() depend on the %s', (_what, context) => {
  const project = makeProject('foo', []);
  expect(projectInputs(project, context)).not.toBe(projectInputs(project, HERE));
  expect(releaseInputs(release(FILE), context)).not.toBe(releaseInputs(release(FILE), HERE));
});

test('fingerprint() tells where its parts end, and an empty part from none', () => {
  const all = [
    ['ab', 'c'],
    ['a', 'bc'],
    ['ab', '', 'c'],
    ['ab', undefined, 'c'],
    [['ab'], 'c'],
  ].map(fingerprint);
  expect(new Set(all).size).toBe(all.length);
  expect(all[0]).toMatch(/^[\w-]{22}$/);
});
