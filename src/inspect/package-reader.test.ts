import { mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { countReads } from '../../test/support/count-reads.ts';
import { makeSdist, makeWheel, metadataText } from '../../test/support/make-package.ts';
import { type FileStamp, fileStamp } from '../io/file-stamp.ts';
import { look } from '../io/open-file.ts';
import { FormatError } from '../problems.ts';
import { inspectFile } from './inspect-file.ts';
import { PackageReader } from './package-reader.ts';

const WHEEL = 'foo-1.0-py3-none-any.whl';
const SDIST = 'foo-1.0.tar.gz';

let folder: string;
let reader: PackageReader;
let counted: ReturnType<typeof countReads> | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(process.env['KHO_TEST_MEMORY'] as string, 'reader-'));
  reader = new PackageReader();
  put(WHEEL, makeWheel({ name: 'foo', version: '1.0' }));
  put(SDIST, makeSdist({ name: 'foo', version: '1.0' }));
});
afterEach(() => {
  counted?.stop();
  counted = undefined;
  rmSync(folder, { recursive: true });
});

const at = (name: string) => join(folder, name);
const stampOf = (name: string): FileStamp => fileStamp(look(at(name))!);
const put = (name: string, bytes: Uint8Array) => writeFileSync(at(name), bytes);
const opens = (name: string) => counted?.opens.get(name) ?? 0;

async function inspected(name: string): Promise<void> {
  const stamp = stampOf(name);
  reader.keep(at(name), stamp, await inspectFile(at(name), stamp));
  counted = countReads(folder);
}

test.each([
  [WHEEL, 1], // what only pages show was not read
  [SDIST, 0],
])('%s that was inspected is opened once more for its pages at most', async (name, times) => {
  await inspected(name);
  expect(await reader.metadata(at(name), stampOf(name))).toMatchObject({ metadata: { name: 'foo' } });
  expect(await reader.metadataNow(at(name))).toMatchObject({ name: 'foo' });
  expect(opens(name)).toBe(0);
  for (let page = 0; page < 3; page++)
    expect(await reader.detailsNow(at(name))).toMatchObject({ metadata: { name: 'foo' }, members: expect.any(Array) });
  expect(opens(name)).toBe(times);
});

test('what was inspected by an earlier step, of which only the bytes of the metadata are known, is not opened for it', async () => {
  counted = countReads(folder);
  reader.keep(at(SDIST), stampOf(SDIST), { metadataBytes: Buffer.from(metadataText({ name: 'foo', version: '1.0' })) });
  reader.keep(at(WHEEL), stampOf(WHEEL), {});
  expect(await reader.metadataNow(at(SDIST))).toMatchObject({ name: 'foo' });
  expect(opens(SDIST)).toBe(0);
  expect((await reader.detailsNow(at(SDIST)))?.members.length).toBeGreaterThan(1);
  expect(await reader.metadataNow(at(WHEEL))).toMatchObject({ name: 'foo' });
  expect([opens(SDIST), opens(WHEEL)]).toEqual([1, 1]);
});

test.each([
  ['metadata', (name: string) => reader.metadataNow(at(name))],
  ['details', async (name: string) => (await reader.detailsNow(at(name)))?.metadata],
])('another file under a name is read anew for its %s', async (_what, read) => {
  await inspected(WHEEL);
  await read(WHEEL);
  put('other', makeWheel({ name: 'foo', version: '1.0', metadata: 'Summary: another' }));
  renameSync(at('other'), at(WHEEL));
  expect(await read(WHEEL)).toMatchObject({ summary: 'another' });
});

test('metadata() refuses another file than the one that was seen', async () => {
  const stamp = stampOf(WHEEL);
  put('other', makeWheel({ name: 'foo', version: '1.0', metadata: 'Summary: another' }));
  renameSync(at('other'), at(WHEEL));
  await expect(reader.metadata(at(WHEEL), stamp)).rejects.toThrow(FormatError);
});

test('a link is followed each time', async () => {
  symlinkSync(WHEEL, at('link-1.0-py3-none-any.whl'));
  symlinkSync(SDIST, at('foo-1.0.zip'));
  counted = countReads(folder);
  expect(await reader.metadataNow(at('foo-1.0.zip'))).toBeUndefined();
  expect(await reader.detailsNow(at('link-1.0-py3-none-any.whl'))).toBeUndefined(); // named for another project
});

test.each(['gone-1.0.tar.gz', 'folder'])('what cannot be read is undefined: %s', async (name) => {
  expect(await reader.metadataNow(at(name))).toBeUndefined();
  expect(await reader.detailsNow(at(name))).toBeUndefined();
});

test('what was read last is kept, as far as there is room', async () => {
  const MIB = 1024 * 1024;
  const big = (n: number) => Buffer.from(metadataText({ name: 'foo', version: '1.0', description: 'x'.repeat(n) }));
  const keep = (name: string, size: number) => {
    put(name, makeSdist({ name: 'foo', version: '1.0' }));
    reader.keep(at(name), stampOf(name), { metadataBytes: big(size) });
  };
  for (const name of ['1', '2', '3']) keep(`foo-1.0.${name}`, 2 * MIB);
  keep('foo-1.0.4', 9 * MIB); // takes no room from the others
  counted = countReads(folder);
  const isKept = async (name: string) => (await reader.metadataNow(at(name)))?.description?.startsWith('xxx') === true;
  expect([await isKept('foo-1.0.1'), await isKept('foo-1.0.3'), await isKept('foo-1.0.4')]).toEqual([
    true,
    true,
    false,
  ]);
  keep('foo-1.0.5', 3 * MIB);
  expect([await isKept('foo-1.0.1'), await isKept('foo-1.0.2'), await isKept('foo-1.0.5')]).toEqual([
    false,
    true,
    true,
  ]);
  keep('foo-1.0.2', 1 * MIB); // in the place of what was kept of it
  keep('foo-1.0.6', 1 * MIB);
  expect([await isKept('foo-1.0.3'), await isKept('foo-1.0.2'), await isKept('foo-1.0.6')]).toEqual([true, true, true]);
});
