import { expect, test } from 'vitest';
import type { UpstreamFate } from '../../admission/standing.ts';
import { normalizeName } from '../../standards/name.ts';
import type { LooseDetail, LooseFile } from '../../standards/simple-api/types.ts';
import type { UpstreamFile } from '../../upstream-model.ts';
import { type MergeRules, mergePage } from './merge-page.ts';

const PROJECT = normalizeName('foo');
const PAGE = { upstream: 'public', index: 'https://index.example/simple/', project: PROJECT };
const RULES: MergeRules = {
  repository: { name: 'musl', platforms: [{ system: 'musl', architecture: 'x86_64' }] },
  onlyRunnable: false,
  upstream: { name: 'public', gone: 'yank' },
};
const FATE: UpstreamFate = { atHand: new Set() };
const sha = (letter: string) => letter.repeat(64);

const theirs = (filename: string, more: Partial<UpstreamFile> = {}): UpstreamFile => ({
  ...{ filename, url: `https://files.example/${filename}`, sha256: sha('a'), size: 7 },
  ...more,
});
const ours = (filename: string, letter = 'b'): LooseFile => ({
  ...{ filename, url: `../../packages/${filename}`, hashes: { sha256: sha(letter) }, size: 1 },
  'upload-time': '2026-01-01T00:00:00Z',
});
const own = (versions: string[], ...files: LooseFile[]): LooseDetail => ({
  ...{ meta: { 'api-version': '1.4' }, name: 'foo', versions, files },
});
const names = (detail: LooseDetail) => detail.files.map(({ filename }) => filename);

const W = (version: string, tag = 'py3-none-any') => `foo-${version}-${tag}.whl`;

test('mergePage() gives what clients need of a file, at an address of this site', () => {
  const file = theirs('foo-1.0+cpu-py3-none-any.whl', {
    ...{ requiresPython: '>=3.9', yanked: 'broken', uploadTime: '2026-01-02T03:04:05Z', metadataSha256: sha('c') },
    ...{ version: '1.0+cpu', provenance: 'https://index.example/integrity' },
  });
  expect(mergePage(undefined, PAGE, [file], FATE, RULES).detail).toEqual({
    meta: { 'api-version': '1.4' },
    name: 'foo',
    versions: ['1.0+cpu'],
    files: [
      {
        filename: 'foo-1.0+cpu-py3-none-any.whl',
        url: '../../../upstream/public/packages/foo/foo-1.0%2Bcpu-py3-none-any.whl',
        hashes: { sha256: sha('a') },
        'requires-python': '>=3.9',
        size: 7,
        'upload-time': '2026-01-02T03:04:05Z',
        'core-metadata': { sha256: sha('c') },
        yanked: 'broken',
        provenance: 'https://index.example/integrity',
      },
    ],
  });
});

test('mergePage() of the site itself starts from its own folder', () => {
  const rules = { ...RULES, repository: { name: '.' } };
  const { detail } = mergePage(undefined, PAGE, [theirs(W('1.0'))], FATE, rules);
  expect(detail.files[0]?.url).toBe(`../../upstream/public/packages/foo/${W('1.0')}`);
});

test('mergePage() adds to own files, oldest release first, and tells of names with other bytes', () => {
  const musl = W('2.0', 'cp312-cp312-musllinux_1_2_x86_64');
  const page = own(['1.0.0', '2.0'], ours(W('1.0.0')), ours(musl));
  const listed = [theirs(W('10.0')), theirs(W('2.0')), theirs(W('1.0')), theirs('Foo-1.0.0.tar.gz'), theirs(musl)];
  const { detail, clashes } = mergePage(page, PAGE, listed, FATE, RULES);
  expect(names(detail)).toEqual(['Foo-1.0.0.tar.gz', W('1.0.0'), musl, W('2.0'), W('10.0')]);
  expect(detail.versions).toEqual(['1.0.0', '2.0', '10.0']);
  expect(clashes).toEqual([W('1.0'), musl]); // 1.0 is 1.0.0: installers would take either
});

test('mergePage() tells of no name with the same bytes', () => {
  const page = own(['1.0'], ours(W('1.0'), 'a'));
  const { detail, clashes } = mergePage(page, PAGE, [theirs(W('1.0'))], FATE, RULES);
  expect([detail.files[0]?.url, clashes]).toEqual([`../../packages/${W('1.0')}`, []]);
});

test.each<[what: string, file: UpstreamFile, upstream: Partial<MergeRules['upstream']>, isListed: boolean]>([
  ['no hash', theirs(W('1.0'), { sha256: undefined as never }), {}, false],
  ['no hash, from elsewhere', theirs(W('1.0'), { sha256: undefined as never }), { hashesOptional: true }, false],
  [
    'no hash, from a host that was named',
    theirs(W('1.0'), { sha256: undefined as never }),
    { hashesOptional: true, fileHosts: ['files.example'] },
    true,
  ],
  [
    'no hash, from the index',
    theirs(W('1.0'), { sha256: undefined as never, url: 'https://index.example/f' }),
    { hashesOptional: true },
    true,
  ],
])('mergePage() of a file with %s', (_what, file, upstream, isListed) => {
  const rules = { ...RULES, upstream: { ...RULES.upstream, ...upstream } };
  expect(mergePage(undefined, PAGE, [file], FATE, rules).detail.files).toHaveLength(isListed ? 1 : 0);
});

test('mergePage() claims no version of the API that wants sizes, where one is not known', () => {
  const listed = [theirs(W('1.0')), theirs(W('2.0'), { size: undefined as never })];
  expect(mergePage(undefined, PAGE, listed, FATE, RULES).detail.meta['api-version']).toBe('1.0');
});

test('mergePage() lists what machines of the repository can run, where only that is wanted', () => {
  const listed = ['musllinux_1_2_x86_64', 'manylinux_2_28_x86_64', 'musllinux_1_2_aarch64', 'win_amd64'].map((tag) =>
    theirs(W('1.0', `cp312-cp312-${tag}`)),
  );
  const all = [...listed, theirs(W('1.0')), theirs('foo-1.0.tar.gz')];
  expect(mergePage(undefined, PAGE, all, FATE, RULES).detail.files).toHaveLength(6);
  expect(names(mergePage(undefined, PAGE, all, FATE, { ...RULES, onlyRunnable: true }).detail)).toEqual([
    W('1.0', 'cp312-cp312-musllinux_1_2_x86_64'),
    W('1.0'),
    'foo-1.0.tar.gz',
  ]);
});

test('mergePage() of a project that is gone lists what is here, as yanked, or nothing', () => {
  const fate = { goneMs: Date.parse('2026-11-29T10:00:00Z'), atHand: new Set([W('1.0')]) };
  const listed = [theirs(W('1.0')), theirs(W('2.0'))];
  const { files } = mergePage(undefined, PAGE, listed, fate, RULES).detail;
  expect(files.map(({ filename, yanked }) => [filename, yanked])).toEqual([
    [W('1.0'), 'gone from "public" since 2026-11-29'],
  ]);
  const hiding = { ...RULES, upstream: { name: 'public', gone: 'hide' as const } };
  expect(mergePage(undefined, PAGE, listed, fate, hiding).detail.files).toEqual([]);
});

test('mergePage() of a quarantined project has no files of it, and all of the site', () => {
  const page = { ...PAGE, status: 'quarantined' as const };
  const alone = mergePage(undefined, page, [theirs(W('1.0'))], FATE, RULES).detail;
  expect([alone.files, alone['project-status']]).toEqual([[], { status: 'quarantined' }]);
  const shared = mergePage(own(['1.0'], ours(W('1.0'))), page, [theirs(W('2.0'))], FATE, RULES).detail;
  expect([names(shared), shared['project-status']]).toEqual([[W('1.0')], undefined]);
});
