/** Members that share bytes make a small archive unpack to petabytes (D. Fifield, "A better zip bomb"), or differ from reader to reader. */
import { expect, test } from 'vitest';
import { wheelMembers } from '../../../test/support/make-package.ts';
import { makeZip, type ZipMember } from '../../../test/support/make-zip.ts';
import { whyHeld } from '../../../test/support/read-bytes.ts';

const WHEEL = 'foo-1.0-py3-none-any.whl';
const [first, ...others] = wheelMembers({ name: 'foo', version: '1.0' });
const module: ZipMember = { ...first!, bytes: '#'.repeat(5000), deflate: false };

test('many names for the bytes of one member', async () => {
  const copies = Array.from({ length: 100 }, (_, index) => ({
    ...module,
    path: `foo/${index}`,
    bytes: '',
    says: { offset: 0, size: 5000, compressedSize: 5000 },
  }));
  expect(await whyHeld(WHEEL, makeZip([module, ...copies, ...others]))).toContain('overlapping-members');
});

test('a member whose data holds the members after it', async () => {
  const quoting = { ...module, bytes: '', says: { size: 200, compressedSize: 200 } };
  expect(await whyHeld(WHEEL, makeZip([quoting, ...others]))).toContain('overlapping-members: holds "foo/__init__.py"');
});

test('a member in the middle of another', async () => {
  const inside = { ...module, path: 'foo/x', bytes: '', says: { offset: 100, size: 5, compressedSize: 5 } };
  expect(await whyHeld(WHEEL, makeZip([module, inside, ...others]))).toContain('overlapping-members');
});

test('METADATA that runs into the next member, seen only in its own header', async () => {
  const members = wheelMembers({ name: 'foo', version: '1.0' });
  const zip = Buffer.from(makeZip(members));
  const at = zip.indexOf('foo-1.0.dist-info/METADATA');
  zip.writeUInt16LE(40, at - 2); // its extra field swallows its data, which then must be elsewhere
  expect(await whyHeld(WHEEL, zip)).toContain('overlapping-members: holds "foo-1.0.dist-info/METADATA"');
});
