import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { brokenHash, type HashName, hashesOf, wrongHash } from './file-hashes.ts';

let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(join(process.env['KHO_TEST_MEMORY'] as string, 'hashes-'));
  file = join(folder, 'file');
  writeFileSync(file, 'content');
});
afterAll(() => rmSync(folder, { recursive: true }));

const digest = (algorithm: string) => createHash(algorithm).update('content').digest('hex');

/** As indexes call it, and as Node does. */
const ALGORITHMS: [HashName, string][] = [
  ['sha256', 'sha256'],
  ['sha512', 'sha512'],
  ['sha384', 'sha384'],
  ['sha224', 'sha224'],
  ['sha1', 'sha1'],
  ['md5', 'md5'],
  ['blake2b', 'blake2b512'],
];

test.each(ALGORITHMS)('%s is read, and compared with the file', async (name, algorithm) => {
  const right = digest(algorithm);
  const hashes = hashesOf([[name, right]]);
  expect(hashes).toEqual({ [name]: right });
  expect(brokenHash(hashes)).toBeUndefined();
  expect(await wrongHash(file, hashes)).toBeUndefined();
  const wrong = { [name]: right.replace(/^./, (digit) => (digit === '0' ? '1' : '0')) };
  expect(brokenHash(wrong)).toBeUndefined();
  expect(await wrongHash(file, { sha256: digest('sha256'), ...wrong })).toBe(name);
});

test.each<[what: string, entries: unknown[][], hashes: object]>([
  ['capitals', [['SHA256', 'AB']], { sha256: 'ab' }],
  [
    'the first of two of a name',
    [
      ['md5', 'aa'],
      ['MD5', 'bb'],
    ],
    { md5: 'aa' },
  ],
  [
    'nothing of others',
    [
      ['crc32', 'ab'],
      ['constructor', 'ab'],
      ['', 'ab'],
    ],
    {},
  ],
  ['nothing that is no text', [['sha256', 7], [7, 'ab'], ['md5', null], []], {}],
])('hashesOf() takes %s', (_what, entries, hashes) => {
  expect(hashesOf(entries)).toEqual(hashes);
});

test.each([
  ['too short', 'a'.repeat(63)],
  ['too long', 'a'.repeat(65)],
  ['of other letters', `${'a'.repeat(63)}g`],
  ['empty', ''],
])('brokenHash() names one that is %s', (_what, sha256) => {
  expect(brokenHash({ md5: 'a'.repeat(32), sha256 })).toBe('sha256');
});

test('wrongHash() finds nothing wrong where nothing was named, and reads no file then', async () => {
  expect(await wrongHash(join(folder, 'missing'), {})).toBeUndefined();
});
