import { expect, test } from 'vitest';
import type { FileStamp } from '../io/file-stamp.ts';
import type { FileFacts } from './file-facts.ts';
import { LearnedFiles, MetadataToKeep } from './learned-files.ts';

const STAMP: FileStamp = { device: 1, inode: 2, size: 3, modifiedMs: 4.5, changedMs: 6.5 };
const FACTS = { sha256: 'a' } as FileFacts;
const known = (file: string) => ({ file, stamp: STAMP, facts: FACTS, isWhole: true });

test('LearnedFiles.find() tells what was read of the very file', () => {
  const files = new LearnedFiles([known('packages/a.whl')]);
  expect(files.find('packages/a.whl', { ...STAMP })?.facts).toBe(FACTS);
  expect(files.find('packages/b.whl', STAMP)).toBeUndefined();
});

test.each(Object.keys(STAMP) as (keyof FileStamp)[])(
  'LearnedFiles.find() tells nothing of a file with another %s',
  (key) => {
    const files = new LearnedFiles([known('packages/a.whl')]);
    expect(files.find('packages/a.whl', { ...STAMP, [key]: 7 })).toBeUndefined();
  },
);

test('LearnedFiles keeps no more than has room', () => {
  const files = new LearnedFiles();
  for (let number = 0; number < 20_000; number++) files.add(known(`${number}`));
  expect([...files.values()]).toHaveLength(10_000);
});

test('MetadataToKeep takes what is short, as long as there is room', () => {
  const room = new MetadataToKeep();
  expect(room.take(new Uint8Array(64 * 1024 + 1))).toEqual({});
  const piece = new Uint8Array(64 * 1024);
  for (let number = 0; number < 128; number++) expect(room.take(piece).metadataBytes).toBe(piece);
  expect(room.take(new Uint8Array(1))).toEqual({});
});
