import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { refuse } from '../../test/support/poor-disk.ts';
import { letWrite } from '../../test/support/stop-writes.ts';
import { ReceivedFile } from './received-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kho-received-'));
});
afterEach(() => {
  letWrite();
  rmSync(folder, { recursive: true, force: true });
});

test.each([[0], [1], [100_000], [5_000_000], [70_000_000]])(
  'ReceivedFile has the %i bytes that were given, and their hash',
  async (size) => {
    const bytes = randomBytes(size);
    const file = new ReceivedFile(join(folder, 'part'));
    for (let at = 0; at < size; at += 65_521) await file.append(bytes.subarray(at, at + 65_521));
    await file.end();
    await file.flush();
    await file.close();
    expect(file.size).toBe(size);
    expect(file.sha256()).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(readFileSync(join(folder, 'part')).equals(bytes)).toBe(true);
    await expect(file.append(bytes)).rejects.toThrow('at its end');
  },
);

test('ReceivedFile.append() throws where the disk takes no more', async () => {
  const file = new ReceivedFile(join(folder, 'part'));
  await file.append(randomBytes(10));
  refuse(['file'], 'ENOSPC');
  await expect(file.append(randomBytes(10))).rejects.toThrow('Cannot write');
  letWrite();
  await file.close();
});
