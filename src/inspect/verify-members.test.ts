import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { wheelMembers } from '../../test/support/make-package.ts';
import { makeZip } from '../../test/support/make-zip.ts';
import { verifyMembers } from './verify-members.ts';
import { BEFORE_LISTING } from './verify-source.ts';

const folder = mkdtempSync(join(tmpdir(), 'kho-verify-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const BAD = { path: 'foo/data.bin', bytes: 'x = 1\n', says: { crc32: 1 } };

function written(name: string, members: Parameters<typeof makeZip>[0]): string {
  const path = join(folder, name);
  writeFileSync(path, makeZip([...wheelMembers({ name: 'foo', version: '1.0' }), ...members]));
  return path;
}

test('verifyMembers() unpacks all of a usual wheel before it is listed, and sees what nobody reads', async () => {
  await expect(verifyMembers(written('foo-1.0-py3-none-any.whl', []), BEFORE_LISTING)).resolves.toBe(true);
  const damaged = written('foo-1.0-py2-none-any.whl', [BAD]);
  await expect(verifyMembers(damaged, BEFORE_LISTING)).rejects.toMatchObject({ code: 'damaged' });
});

test('verifyMembers() says when it stopped at its limits', async () => {
  const damaged = written('foo-1.0.zip', [BAD]);
  await expect(verifyMembers(damaged, { ...BEFORE_LISTING, unpackedBytes: 10 })).resolves.toBe(false);
  await expect(verifyMembers(damaged, { ...BEFORE_LISTING, milliseconds: -1 })).resolves.toBe(false);
  await expect(verifyMembers(damaged)).rejects.toMatchObject({ code: 'damaged' });
});
