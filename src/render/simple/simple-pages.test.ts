import { expect, test } from 'vitest';
import { makeFile, makeProject } from '../../../test/support/make-project.ts';
import type { IndexedFile, Project } from '../../catalog/model.ts';
import type { Page, RenderContext } from '../page.ts';
import { simplePages, simpleRootPages } from './simple-pages.ts';

const NEW = makeFile('foo-2.0+cu118-py3-none-any.whl');
const OLD = makeFile('foo-1.0.tar.gz', { repository: 'common', path: 'sub/foo-1.0.tar.gz' });
const RELEASES = [
  { version: '2.0+cu118', files: [NEW] },
  { version: '1.0', files: [OLD] },
];
const HERE: RenderContext = { repository: 'glibc' };

async function renderBoth(project: Project, context = HERE) {
  const [html, json] = simplePages(project, context);
  return { html: (await html?.render()) as string, json: JSON.parse((await json?.render()) as string) };
}

async function fileEntry(change: Partial<IndexedFile>, context = HERE) {
  const project = makeProject('foo', [{ version: '2.0', files: [{ ...NEW, ...change }] }]);
  const { html, json } = await renderBoth(project, context);
  return { html, entry: json.files[0] };
}

test('simplePages() makes both forms under the normalized name, with the same inputs', () => {
  const [html, json, ...more] = simplePages(makeProject('foo', RELEASES), HERE);
  expect([html?.path, json?.path, more]).toEqual(['simple/foo/index.html', 'simple/foo/index.json', []]);
  expect(html?.inputs).toBe(json?.inputs);
});

test('simplePages() lists the oldest release first', async () => {
  const { html, json } = await renderBoth(makeProject('foo', RELEASES));
  expect(json).toEqual({
    meta: { 'api-version': '1.4' },
    name: 'foo',
    versions: ['1.0', '2.0+cu118'],
    files: [
      {
        filename: 'foo-1.0.tar.gz',
        url: '../../../common/packages/sub/foo-1.0.tar.gz',
        hashes: { sha256: OLD.sha256 },
        size: OLD.size,
        'upload-time': '2023-11-14T22:13:20Z',
      },
      {
        filename: 'foo-2.0+cu118-py3-none-any.whl',
        url: '../../packages/foo-2.0%2Bcu118-py3-none-any.whl',
        hashes: { sha256: NEW.sha256 },
        size: NEW.size,
        'upload-time': '2023-11-14T22:13:20Z',
      },
    ],
  });
  const hrefs = [...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href);
  expect(hrefs).toEqual(
    json.files.map((file: { url: string }, i: number) => `${file.url}#sha256=${[OLD, NEW][i]?.sha256}`),
  );
});

test.each<[string, Partial<IndexedFile>, object]>([
  ['yanked without a reason', { yanked: '' }, { yanked: true }],
  ['yanked with a reason', { yanked: 'bad <b>' }, { yanked: 'bad <b>' }],
  ['a signature', { signed: true }, { 'gpg-sig': true }],
  ['metadata', { metadataSha256: 'ab' }, { 'core-metadata': { sha256: 'ab' } }],
  ['requires-python', { requiresPython: '>=3.8' }, { 'requires-python': '>=3.8' }],
  ['a time with milliseconds', { uploadedMs: 1_700_000_000_010 }, { 'upload-time': '2023-11-14T22:13:20.010Z' }],
])('simplePages() says %s', async (_what, change, expected) => {
  expect((await fileEntry(change)).entry).toMatchObject(expected);
});

test('simplePages() says nothing of what a file lacks, and never uses the twin that breaks pip 22.3', async () => {
  const { html, entry } = await fileEntry({ metadataSha256: 'ab' });
  expect(Object.keys(entry).sort()).toEqual(['core-metadata', 'filename', 'hashes', 'size', 'upload-time', 'url']);
  expect(html).not.toContain('dist-info-metadata');
});

test.each([
  ['https://host/p', 'https://host/p/glibc/packages/foo-2.0%2Bcu118-py3-none-any.whl.provenance'],
  ['http://host', undefined],
  [undefined, undefined],
])('simplePages() gives the address of a provenance only when it is secure: site %s', async (siteUrl, expected) => {
  const context = { ...HERE, ...(siteUrl !== undefined && { siteUrl }) };
  const { html, entry } = await fileEntry({ provenance: true }, context);
  expect(entry.provenance).toBe(expected);
  expect(html.includes('data-provenance')).toBe(expected !== undefined);
  expect(entry.url).toBe('../../packages/foo-2.0%2Bcu118-py3-none-any.whl');
});

test('simplePages() of a quarantined project offers no files', async () => {
  const { html, json } = await renderBoth(
    makeProject('foo', RELEASES, { status: 'quarantined', statusReason: 'looked at' }),
  );
  expect(json).toMatchObject({
    'project-status': { status: 'quarantined', reason: 'looked at' },
    files: [],
    versions: [],
  });
  expect(html).not.toContain('href');
  expect(html).toContain('quarantined');
});

test('simplePages() depends on the project, the repository and the url', () => {
  const inputs = (project: Project, context: RenderContext) => simplePages(project, context)[0]?.inputs;
  const project = makeProject('foo', RELEASES);
  const all = [
    inputs(project, HERE),
    inputs(project, { repository: 'musl' }),
    inputs(project, { ...HERE, siteUrl: 'https://host' }),
    inputs(makeProject('foo', RELEASES.slice(1)), HERE),
    inputs(makeProject('foo', RELEASES, { status: 'archived' }), HERE),
  ];
  expect(new Set(all).size).toBe(all.length);
  expect(inputs(makeProject('foo', [...RELEASES]), { ...HERE })).toBe(all[0]);
});

test('simpleRootPages() lists names in order, in both forms', async () => {
  const [html, json] = simpleRootPages(['foo', 'bar']) as [Page, Page];
  expect([html.path, json.path]).toEqual(['simple/index.html', 'simple/index.json']);
  expect(JSON.parse((await json.render()) as string)).toEqual({
    meta: { 'api-version': '1.4' },
    projects: [{ name: 'bar' }, { name: 'foo' }],
  });
  const hrefs = [...((await html.render()) as string).matchAll(/href="([^"]*)">([^<]*)</g)].map(([, ...both]) => both);
  expect(hrefs).toEqual([
    ['bar/', 'bar'],
    ['foo/', 'foo'],
  ]);
  expect(html.inputs).toBe(simpleRootPages(['bar', 'foo'])[0]?.inputs);
  expect(html.inputs).not.toBe(simpleRootPages(['bar'])[0]?.inputs);
});
