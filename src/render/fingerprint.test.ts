import { expect, test } from 'vitest';
import { makeFile, makeProject } from '../../test/support/make-project.ts';
import type { IndexedFile, Project } from '../catalog/model.ts';
import { fingerprint, projectFingerprint, releaseFingerprint } from './fingerprint.ts';

const FILE = makeFile('foo-1.0-py3-none-any.whl');
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
  metadataSha256: 'e'.repeat(64),
  signed: true,
  yanked: '',
  provenance: true,
};

test.each(Object.entries(CHANGES))('releaseFingerprint() depends on the %s of a file', (key, value) => {
  const before = releaseFingerprint(release(FILE));
  expect(releaseFingerprint(release({ ...FILE }))).toBe(before);
  expect(releaseFingerprint(release({ ...FILE, [key]: value }))).not.toBe(before);
});

test.each<[string, Partial<Project>]>([
  ['status', { status: 'archived' }],
  ['reason', { statusReason: 'old' }],
  ['display name', { displayName: 'FOO' }],
  ['latest release', { latest: release(FILE) }],
  ['releases', { releases: [release(FILE)] }],
])('projectFingerprint() depends on the %s', (_what, change) => {
  const project = makeProject('foo', []);
  expect(projectFingerprint({ ...project, ...change })).not.toBe(projectFingerprint(project));
});

test('fingerprint() tells where its parts end, and an empty part from none', () => {
  const all = [
    fingerprint('ab', 'c'),
    fingerprint('a', 'bc'),
    fingerprint('ab', '', 'c'),
    fingerprint('ab', undefined, 'c'),
  ];
  expect(new Set(all).size).toBe(all.length);
  expect(all[0]).toMatch(/^[\w-]{22}$/);
});
