import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { olderWheels } from './older-wheels.ts';

function folderOf(...names: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'kho-older-'));
  for (const name of names) writeFileSync(join(folder, name), '');
  return folder;
}

test('olderWheels() names the nearest of the same machines, then of others', () => {
  const musl = folderOf(
    ...['foo-1.0-cp311-cp311-musllinux_1_2_armv7l.whl', 'foo-2.0-cp311-cp311-musllinux_1_2_armv7l.whl'],
    ...['foo-2.10-cp311-cp311-musllinux_1_2_armv7l.whl', 'foo-4.0-cp311-cp311-musllinux_1_2_armv7l.whl'],
    ...['foo_bar-2.9-cp311-cp311-musllinux_1_2_armv7l.whl', 'foo-2.10.tar.gz', 'foo-.whl', 'README'],
  );
  const glibc = folderOf(
    ...['Foo-3.0-cp311-cp311-manylinux_2_17_x86_64.whl', 'foo-9-cp311-cp311-manylinux_2_17_x86_64.whl'],
    ...['foo-2.0-cp311-cp311-manylinux_2_17_x86_64.whl'],
  );
  const found = olderWheels('foo-3.0-cp311-cp311-musllinux_1_2_armv7l.whl', [musl, glibc, musl, `${musl}/none`]);
  expect(found.map((path) => basename(path))).toEqual([
    'foo-2.10-cp311-cp311-musllinux_1_2_armv7l.whl',
    'foo-2.0-cp311-cp311-musllinux_1_2_armv7l.whl',
    'Foo-3.0-cp311-cp311-manylinux_2_17_x86_64.whl',
    'foo-2.0-cp311-cp311-manylinux_2_17_x86_64.whl',
  ]);
});

test('olderWheels() takes a newer one where there is none older, the oldest first, and never the file itself', () => {
  const folder = folderOf('foo-3-py3-none-any.whl', 'foo-2-py3-none-any.whl', 'foo-1.0-py3-none-any.whl');
  mkdirSync(join(folder, 'below'));
  const found = olderWheels('foo-1.0-py3-none-any.whl', [folder]);
  expect(found.map((path) => basename(path))).toEqual(['foo-2-py3-none-any.whl', 'foo-3-py3-none-any.whl']);
});

test.each(['foo-1.0.tar.gz', 'foo.whl', '.whl', 'foo-1.0-py3-none-any.whl.part'])(
  'olderWheels() has none for %s, which is no wheel',
  (name) => expect(olderWheels(name, [folderOf('foo-1.0-py3-none-any.whl')])).toEqual([]),
);
