import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderTree } from '../../test/support/folder-tree.ts';
import { wheelMembers } from '../../test/support/make-package.ts';
import { makeZip } from '../../test/support/make-zip.ts';
import { fileStamp } from '../io/file-stamp.ts';
import { look } from '../io/open-file.ts';
import type { FileRecord } from '../publish/manifest.ts';
import { verifyListed } from './look-at-file.ts';

const FILENAME = 'foo-1.0-py3-none-any.whl';
const RECORD = { repository: 'a', path: FILENAME, state: 's' } as FileRecord;

/** A wheel with one large member. */
function large() {
  const full = join(folderTree({ 'a/': '' }), FILENAME);
  const bytes = Buffer.alloc(8 * 1024 * 1024);
  writeFileSync(
    full,
    makeZip([...wheelMembers({ name: 'foo', version: '1.0' }), { path: 'foo/x', bytes, deflate: true }]),
  );
  return { full, stamp: fileStamp(look(full)!) };
}

test('verifyListed() ends in the middle of a member when somebody waits, and is tried again', async () => {
  const { full, stamp } = large();
  let asked = 0;
  expect(await verifyListed(RECORD, full, stamp, () => ++asked > 8)).toBe(RECORD);
  expect(await verifyListed(RECORD, full, stamp, () => false)).toEqual({ ...RECORD, whole: true });
});

test('verifyListed() tries no more what takes too long', async () => {
  const { full, stamp } = large();
  expect(await verifyListed(RECORD, full, stamp, () => false, -1)).toEqual({ ...RECORD, tooLongToUnpack: true });
});
