import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderTree } from '../../../test/support/folder-tree.ts';
import { keepPage, keptPagePath } from '../../kept-upstream/kept-page.ts';
import { normalizeName } from '../../standards/name.ts';
import { ListedFiles } from './listed-files.ts';

const FOO = { upstream: 'public', project: normalizeName('foo') };
const HEADER = { bodySha256: 'a'.repeat(64), form: 'json' as const, files: 1, changedMs: 1 };
const file = (version: string) => ({ filename: `foo-${version}.zip`, url: `https://files.example/foo-${version}.zip` });

test('ListedFiles tells what pages list, and reads them again only when they are others', () => {
  const root = folderTree({ 'merged/index.json': '' });
  const merged = join(root, 'merged/index.json');
  const listed = new ListedFiles();
  const find = (version: string) => listed.find(root, FOO, `foo-${version}.zip`, merged);
  const lists = (...versions: string[]) => {
    rmSync(merged); // as kho replaces it
    writeFileSync(
      merged,
      versions.map((version) => `"../../../upstream/public/packages/foo/foo-${version}.zip"`).join(),
    );
  };
  const keeps = (...versions: string[]) =>
    keepPage(root, { ...FOO, index: 'https://index.example/simple/', files: versions.map(file) }, HEADER);

  keeps('1.0', '2.0');
  lists('1.0');
  const found = find('1.0');
  expect(found).toEqual({ index: 'https://index.example/simple/', file: file('1.0') });
  expect(find('1.0')).toBe(found);
  expect([find('2.0'), find('2.0')]).toEqual(['unlisted', 'unlisted']);
  lists('1.0', '2.0', '3.0');
  expect([find('2.0'), find('3.0')]).toEqual([expect.objectContaining({ file: file('2.0') }), 'lost']);
  expect(find('1.0')).not.toBe(found);
  lists('2.0');
  expect(find('1.0')).toBe('unlisted');
  keeps('2.0', '3.0', '4.0');
  lists('3.0');
  expect(find('3.0')).toEqual(expect.objectContaining({ file: file('3.0') }));
  rmSync(keptPagePath(root, FOO));
  expect(find('3.0')).toBe('lost');
});
