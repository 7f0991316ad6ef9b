import { expect, test } from 'vitest';
import type { FileStamp } from '../io/file-stamp.ts';
import { fileState } from './file-state.ts';
import type { FoundFile } from './found-file.ts';

const NOW = 1_700_000_000_000;
const STAMP: FileStamp = { size: 1, modifiedMs: NOW - 9000, changedMs: NOW - 8000, inode: 7, device: 1 };
const FILE: FoundFile = { repository: 'glibc', path: 'foo-1.0.tar.gz', mode: 0o644, stamp: STAMP, sideFiles: {} };
const state = (more: Partial<FoundFile>) => fileState({ ...FILE, ...more }, NOW);

test.each<[what: string, more: Partial<FoundFile>]>([
  ['mode', { mode: 0o600 }],
  ['size', { stamp: { ...STAMP, size: 2 } }],
  ['time', { stamp: { ...STAMP, modifiedMs: NOW - 9001 } }],
  ['time of change', { stamp: { ...STAMP, changedMs: NOW - 8001 } }],
  ['inode', { stamp: { ...STAMP, inode: 8 } }],
  ['being written', { busy: true }],
  ['.yanked', { sideFiles: { yanked: STAMP } }],
  ['.asc', { sideFiles: { asc: STAMP } }],
  ['.provenance', { sideFiles: { provenance: STAMP } }],
])('fileState() is another with another %s', (_what, more) => {
  expect(state({ ...more })).toBe(state({ ...more }));
  expect(state(more)).not.toBe(state({}));
});

test.each(['yanked', 'asc', 'provenance'] as const)('fileState() is another with another content of .%s', (side) => {
  const of = (stamp: FileStamp) => state({ sideFiles: { [side]: stamp } });
  expect(of({ ...STAMP, size: 2 })).not.toBe(of(STAMP));
});

test('fileState() tells kinds of side-files apart', () => {
  const states = (['yanked', 'asc', 'provenance'] as const).map((side) => state({ sideFiles: { [side]: STAMP } }));
  expect(new Set(states).size).toBe(3);
});

test('fileState() leaves out FILE.metadata, which is kho’s own, and the number of the disk', () => {
  expect(state({ sideFiles: { metadata: STAMP } })).toBe(state({}));
  expect(state({ stamp: { ...STAMP, device: 2 } })).toBe(state({}));
});

test.each([
  ['just before', NOW - 10, false],
  ['long before', NOW - 1000, true],
  ['a little after', NOW + 10, false],
  ['long after, by a wrong clock', NOW + 1000, true],
])('fileState() of a file changed %s the scan', (_what, changedMs, isKnown) => {
  const later = fileState({ ...FILE, stamp: { ...STAMP, changedMs } }, NOW + 100_000);
  expect(state({ stamp: { ...STAMP, changedMs } }) === later).toBe(isKnown);
});
