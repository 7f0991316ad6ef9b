/** A list of members that does not fit in memory. */
import { createGzip } from 'node:zlib';
import { expect, test } from 'vitest';
import { makeTar } from '../../../test/support/make-tar.ts';
import { makeZip } from '../../../test/support/make-zip.ts';
import { whyHeld } from '../../../test/support/read-bytes.ts';
import type { ByteSource } from '../../formats/byte-source.ts';
import { readPackage } from '../read-package.ts';

test('a wheel whose directory has more entries than the limit is held, and read no further', async () => {
  const zip = Buffer.from(makeZip([{ path: 'x' }]));
  const directoryStart = zip.readUInt32LE(zip.length - 6);
  const entry = zip.subarray(directoryStart, zip.length - 22);
  const directory = Buffer.concat(Array<Buffer>(250_001).fill(entry));
  const end = Buffer.from(zip.subarray(zip.length - 22));
  end.writeUInt32LE(directory.length, 12);
  const wheel = Buffer.concat([zip.subarray(0, directoryStart), directory, end]);
  expect(await whyHeld('foo-1.0-py3-none-any.whl', wheel)).toBe('too-many-members: holds more than 250000 members');
});

test('a wheel whose directory is gigabytes long is held, and not read', async () => {
  const end = Buffer.from(makeZip([]));
  end.writeUInt32LE(0xf0000000, 12);
  const source: ByteSource = {
    size: 0xf0000000 + end.length,
    async read(offset, length) {
      if (length > 100_000) throw new Error(`asked for ${length} bytes`);
      const result = Buffer.alloc(Math.min(length, this.size - offset));
      end.copy(result, Math.max(0, 0xf0000000 - offset), Math.max(0, offset - 0xf0000000));
      return result;
    },
  };
  await expect(readPackage('foo-1.0-py3-none-any.whl', source)).rejects.toMatchObject({ code: 'too-many-members' });
});

test('an sdist with very long names, a megabyte each, is held before they fill the memory', async () => {
  const long = makeTar([{ path: 'x', pax: { path: 'x'.repeat(1_000_000) } }], Buffer.alloc(0));
  const gzip = createGzip({ level: 1 });
  for (let count = 0; count < 70; count++) gzip.write(long);
  gzip.end(makeTar([]));
  expect(await whyHeld('foo-1.0.tar.gz', Buffer.concat(await gzip.toArray()))).toContain('too-many-members');
});
