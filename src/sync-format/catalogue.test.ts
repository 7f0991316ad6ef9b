import { expect, test } from 'vitest';
import { normalizeName } from '../standards/name.ts';
import { type CatalogueFile, cataloguePath, projectLines, readCatalogue } from './catalogue.ts';

const FOO = normalizeName('foo');
const SHA = 'a'.repeat(64);

function file(more: Partial<CatalogueFile> = {}): CatalogueFile {
  return { project: FOO, path: 'foo-1.0-py3-none-any.whl', version: '1.0', size: 10, sha256: SHA, ...more };
}

const WHOLE = file({
  path: 'sub/foo-1.0-py3-none-any.whl',
  repository: 'common',
  uploadTime: '2026-11-22T10:00:00.123Z',
  requiresPython: '>=3.8',
  yanked: 'broken',
  metadata: { sha256: 'b'.repeat(64), size: 99 },
  requiresDist: ['bar>=1; python_version < "3.9"', 'baz[x]'],
  providesExtra: ['x'],
  sides: [{ suffix: '.asc', sha256: 'c'.repeat(64), size: 5 }],
});

test('readCatalogue() reads what projectLines() writes, sorted', () => {
  const status = { project: FOO, status: 'deprecated', reason: 'use bar' } as const;
  const bar = file({ project: normalizeName('bar'), path: 'bar-1.0.tar.gz', yanked: true });
  const text = projectLines([bar], undefined) + projectLines([WHOLE, file()], status);
  expect(readCatalogue(text)).toEqual({ files: [bar, file(), WHOLE], statuses: [status] });
  expect(text.split('\n')).toHaveLength(5);
});

test('projectLines() writes the same line whatever the order of what it is given', () => {
  const turned = Object.fromEntries(Object.entries(WHOLE).reverse()) as unknown as CatalogueFile;
  expect(projectLines([turned, file()], undefined)).toBe(projectLines([file(), WHOLE], undefined));
});

test('readCatalogue() reads the catalogue of an empty repository', () => {
  expect(readCatalogue('')).toEqual({ files: [], statuses: [] });
});

test('readCatalogue() passes over fields and sides of a newer kho, and believes none that would be read', () => {
  const sides = [
    { suffix: '.metadata', sha256: SHA, size: 1 },
    { suffix: '/../../x', sha256: SHA, size: 1 },
  ];
  expect(readCatalogue(`${JSON.stringify({ ...file(), more: 1, sides })}\n`).files).toEqual([file()]);
});

const line = (more: object) => JSON.stringify({ ...file(), ...more });

test.each<[string, string | string[]]>([
  ['a path that climbs', line({ path: '../foo-1.0-py3-none-any.whl' })],
  ['a path that climbs from below', line({ path: 'a/../../foo-1.0-py3-none-any.whl' })],
  ['a path from the root', line({ path: '/foo-1.0-py3-none-any.whl' })],
  ['a path with an empty part', line({ path: 'a//foo-1.0-py3-none-any.whl' })],
  ['a hidden folder', line({ path: '.git/foo-1.0-py3-none-any.whl' })],
  ['a path with a NUL', line({ path: 'a\0/foo-1.0-py3-none-any.whl' })],
  ['a path with a line break', line({ path: 'a\n/foo-1.0-py3-none-any.whl' })],
  ['half a character', line({ path: '\ud800/foo-1.0-py3-none-any.whl' })],
  ['a path of no package', line({ path: 'authorized_keys' })],
  ['a side-file as a package', line({ path: 'foo-1.0-py3-none-any.whl.yanked' })],
  ['a path without end', line({ path: `${'a/'.repeat(3000)}foo-1.0-py3-none-any.whl` })],
  ['a folder that no disk takes', line({ path: `${'a'.repeat(256)}/foo-1.0-py3-none-any.whl` })],
  ['a file of another project', line({ path: 'bar-1.0-py3-none-any.whl' })],
  ['no path', JSON.stringify({ ...file(), path: undefined })],
  ['a path that is a number', line({ path: 1 })],
  ['a name that is not normalized', line({ project: 'Foo' })],
  ['a name of what all objects have', '{"project":"__proto__","status":"active"}'],
  ['a name that is no text', line({ project: ['foo'] })],
  ['fields that are inherited', `{"__proto__":${line({})}}`],
  ['a repository elsewhere', line({ repository: '../other' })],
  ['a size that is none', line({ size: -1 })],
  ['a size that is text', line({ size: '10' })],
  ['a size that no number holds', line({ size: 1e300 })],
  ['a hash that is a way', line({ sha256: `../${SHA.slice(3)}` })],
  ['a hash that is a list', line({ sha256: [SHA] })],
  ['no version', line({ version: '' })],
  ['a version without end', line({ version: '1'.repeat(5000) })],
  ['a time that is none', line({ uploadTime: 'yesterday' })],
  ['a yank of nothing', line({ yanked: false })],
  ['requirements that are no list', line({ requiresDist: 'bar' })],
  ['a requirement that is no text', line({ requiresDist: [{}] })],
  ['more extras than there are', line({ providesExtra: Array.from({ length: 10_001 }, () => 'x') })],
  ['metadata without a hash', line({ metadata: { size: 1 } })],
  ['metadata that is text', line({ metadata: JSON.stringify({ sha256: SHA, size: 1 }) })],
  ['one side twice', line({ sides: [1, 2].map((size) => ({ suffix: '.asc', sha256: SHA, size })) })],
  ['a status that nobody knows', '{"project":"foo","status":"sold"}'],
  ['a line that is no JSON', 'foo'],
  ['a line that is a list', '[]'],
  ['a line in thousands of brackets', '['.repeat(100_000)],
  ['an empty line', ['', line({})]],
  ['one file twice', [line({}), line({})]],
  ['two statuses of one project', ['{"project":"foo","status":"active"}', '{"project":"foo","status":"archived"}']],
  ['files out of order', [line({ path: 'sub/foo-1.0-py3-none-any.whl' }), line({})]],
  ['a file that is a folder', [line({}), line({ path: 'foo-1.0-py3-none-any.whl/foo-1.0.tar.gz' })]],
  ['a line without end', line({ requiresDist: Array.from({ length: 900 }, () => 'x'.repeat(10_000)) })],
])('readCatalogue() refuses %s', (_what, lines) => {
  expect(() => readCatalogue(`${[lines].flat().join('\n')}\n`)).toThrow(/^Cannot read the catalogue of a repository: /);
});

test('readCatalogue() refuses one path for two projects, and a folder that is a file of another', () => {
  const old = (project: string, path: string) => JSON.stringify({ ...file(), project, path });
  const path = 'foo-1-1.0.tar.gz'; // may be read as of foo, and as of foo-1
  expect(() => readCatalogue(`${old('foo', path)}\n${old('foo-1', path)}\n`)).toThrow('is there twice');
  const inside = `${old('bar', `${path}/bar-1.0.tar.gz`)}\n${old('foo', path)}\n`;
  expect(() => readCatalogue(inside)).toThrow('is a file and a folder');
});

test('readCatalogue() refuses a catalogue that was cut', () => {
  expect(() => readCatalogue(line({}))).toThrow('it ends within a line');
});

test('cataloguePath() is named by what is in it', () => {
  expect(cataloguePath(SHA)).toBe(`sync/${SHA}.jsonl`);
});
