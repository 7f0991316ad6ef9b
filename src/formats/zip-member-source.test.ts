import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { makeZip } from '../../test/support/make-zip.ts';
import { memorySource } from './byte-source.ts';
import { readZipDirectory } from './zip.ts';
import { memberSource } from './zip-member-source.ts';

test('memberSource() reads a big member to its end, and leaves no listeners behind', async () => {
  const bytes = randomBytes(12 * 1024 * 1024);
  const source = memorySource(makeZip([{ path: 'big.so', bytes, deflate: true }]));
  const [entry] = await readZipDirectory(source);
  const warned = Promise.race([once(process, 'warning').then(([warning]) => String(warning)), sleep(500, 'none')]);
  const member = await memberSource(source, entry!, { left: 64 * 1024 * 1024 });
  for (let offset = 0; offset < bytes.length; offset += 1024 * 1024) {
    const piece = await member.read(offset, 100);
    expect(bytes.subarray(offset, offset + 100).equals(piece)).toBe(true);
  }
  await member.close();
  expect(await warned).toBe('none');
});
