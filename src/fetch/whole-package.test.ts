import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeSdist, makeWheel, wheelMembers } from '../../test/support/make-package.ts';
import { makeZip } from '../../test/support/make-zip.ts';
import { packageFault } from './whole-package.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kho-whole-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const FOO = { name: 'foo', version: '1.0' };
const DAMAGED = makeZip([...wheelMembers(FOO), { path: 'foo/data.bin', bytes: 'x', says: { crc32: 1 } }]);

test.each<[what: string, filename: string, bytes: Uint8Array, fault: RegExp | undefined]>([
  ['a wheel', 'foo-1.0-py3-none-any.whl', makeWheel(FOO), undefined],
  ['an sdist', 'foo-1.0.tar.gz', makeSdist(FOO), undefined],
  ['a wheel with a damaged member', 'foo-1.0-py3-none-any.whl', DAMAGED, /fails its checksum/],
  ['half of a wheel', 'foo-1.0-py3-none-any.whl', makeWheel(FOO).subarray(0, 100), /./],
  ['what is of another name', 'foo-1.0.tar.gz', makeSdist({ ...FOO, name: 'bar' }), /bar/],
])('packageFault() of %s', async (_what, filename, bytes, fault) => {
  const path = join(folder, 'part');
  writeFileSync(path, bytes);
  const found = await packageFault(path, filename);
  if (fault === undefined) expect(found).toBeUndefined();
  else expect(found).toMatch(fault);
});
