import { expect, test } from 'vitest';
import { makeFile, makeProject } from '../../../test/support/make-project.ts';
import type { IndexedFile, Project, Release } from '../../catalog/model.ts';
import { type CoreMetadata, parseMetadata } from '../../standards/metadata.ts';
import type { RenderContext } from '../page.ts';
import { pypiJsonPages } from './pypi-json.ts';

const HERE: RenderContext = { repository: 'glibc' };
const WHEEL = makeFile('foo-2.0+x-cp311-abi3-manylinux2014_x86_64.whl', { requiresPython: '>=3.8' });
const SDIST = makeFile('foo-2.0+x.tar.gz');
const NEW = { version: '2.0+x', files: [WHEEL, SDIST] };
const OLD = { version: '1.0', files: [makeFile('foo-1.0.zip', { repository: 'common' })] };
const PROJECT = makeProject('foo', [NEW, OLD]);

/** Says which file it was asked for. */
const readMetadata = async (file: IndexedFile): Promise<CoreMetadata> => metadata(`Summary: of ${file.filename}\n`);

function metadata(headers: string): CoreMetadata {
  return parseMetadata(Buffer.from(`Metadata-Version: 2.4\nName: Foo\nVersion: 2.0+x\n${headers}`));
}

async function renderAll(project: Project, context = HERE, read = readMetadata) {
  const pages = pypiJsonPages(project, context, read);
  const texts = await Promise.all(pages.map(async (page) => [page.path, await page.render()] as const));
  return Object.fromEntries(texts.map(([path, text]) => [path, JSON.parse(text)]));
}

async function renderInfo(headers: string, release: Release = NEW) {
  const pages = await renderAll(makeProject('foo', [release]), HERE, async () => metadata(headers));
  return pages['pypi/foo/json'].info;
}

test('pypiJsonPages() makes a page of the project and one of each release', async () => {
  const pages = await renderAll(PROJECT);
  expect(Object.keys(pages)).toEqual(['pypi/foo/json', 'pypi/foo/2.0+x/json', 'pypi/foo/1.0/json']);
  expect(Object.keys(pages['pypi/foo/json'])).toEqual(['info', 'last_serial', 'releases', 'urls', 'vulnerabilities']);
  expect(Object.keys(pages['pypi/foo/1.0/json'])).toEqual(['info', 'last_serial', 'urls', 'vulnerabilities']);
  expect(pages['pypi/foo/json']).toMatchObject({ last_serial: 0, vulnerabilities: [] });
  expect(pages['pypi/foo/json'].info).toMatchObject({ version: '2.0+x', summary: `of ${WHEEL.filename}` });
  expect(pages['pypi/foo/2.0+x/json'].info).toMatchObject({ version: '2.0+x', summary: `of ${WHEEL.filename}` });
  expect(pages['pypi/foo/1.0/json'].info).toMatchObject({ version: '1.0', summary: 'of foo-1.0.zip' });
});

test('pypiJsonPages() tells of each file what PyPI tells', async () => {
  const { urls } = (await renderAll(PROJECT))['pypi/foo/2.0+x/json'];
  expect(urls[0]).toEqual({
    comment_text: '',
    digests: { sha256: WHEEL.sha256 },
    downloads: -1,
    filename: WHEEL.filename,
    has_sig: false,
    packagetype: 'bdist_wheel',
    python_version: 'cp311',
    requires_python: '>=3.8',
    size: WHEEL.size,
    upload_time: '2023-11-14T22:13:20',
    upload_time_iso_8601: '2023-11-14T22:13:20Z',
    url: '../../../packages/foo-2.0%2Bx-cp311-abi3-manylinux2014_x86_64.whl',
    yanked: false,
    yanked_reason: null,
  });
  expect(urls[1]).toMatchObject({ packagetype: 'sdist', python_version: 'source', requires_python: null });
});

test.each([
  [undefined, 'pypi/foo/json', '../../../common/packages/foo-1.0.zip', '../../simple/foo/'],
  [undefined, 'pypi/foo/1.0/json', '../../../../common/packages/foo-1.0.zip', '../../../simple/foo/'],
  [
    'https://host/p',
    'pypi/foo/1.0/json',
    'https://host/p/common/packages/foo-1.0.zip',
    'https://host/p/glibc/simple/foo/',
  ],
])('pypiJsonPages() with site %s gives addresses in %s', async (siteUrl, path, fileUrl, projectUrl) => {
  const page = (await renderAll(PROJECT, { ...HERE, ...(siteUrl !== undefined && { siteUrl }) }))[path];
  expect((page.releases?.['1.0'] ?? page.urls)[0].url).toBe(fileUrl);
  expect(page.info).toMatchObject({ package_url: projectUrl, project_url: projectUrl, release_url: projectUrl });
});

test('pypiJsonPages() puts the latest release in front, which is not always the newest', async () => {
  const page = (await renderAll({ ...PROJECT, latest: OLD }))['pypi/foo/json'];
  expect(page.info.version).toBe('1.0');
  expect(page.urls).toEqual(page.releases['1.0']);
  expect(Object.keys(page.releases)).toEqual(['1.0', '2.0+x']);
});

test('pypiJsonPages() lists releases oldest first, even those that look like numbers or like parts of JavaScript', async () => {
  const versions = ['2004', '2003.1', '1', '__proto__'];
  const project = makeProject(
    'foo',
    versions.map((version) => ({ version, files: [SDIST] })),
  );
  const text = (await pypiJsonPages(project, HERE, readMetadata)[0]?.render()) as string;
  expect([...text.matchAll(/"([^"]+)":\[\{"url/g)].slice(0, 4).map(([, version]) => version)).toEqual(
    versions.toReversed(),
  );
});

test.each<[string, IndexedFile[], string]>([
  ['a wheel before an sdist', [SDIST, WHEEL], WHEEL.filename],
  ['the first by name', [makeFile('foo-2.0-a.whl'), WHEEL], 'foo-2.0-a.whl'],
  ['what is not yanked', [{ ...WHEEL, yanked: '' }, SDIST], SDIST.filename],
  [
    'a yanked wheel when all is yanked',
    [
      { ...SDIST, yanked: '' },
      { ...WHEEL, yanked: '' },
    ],
    WHEEL.filename,
  ],
])('pypiJsonPages() reads the metadata of %s', async (_what, files, filename) => {
  const pages = await renderAll(makeProject('foo', [{ version: '2.0', files }]));
  expect(pages['pypi/foo/json'].info.summary).toBe(`of ${filename}`);
});

test('pypiJsonPages() says when a file, and when a whole release, is yanked', async () => {
  const bad = { ...WHEEL, yanked: 'bad' };
  expect(await renderInfo('', { version: '2.0', files: [bad, SDIST] })).toMatchObject({
    yanked: false,
    yanked_reason: null,
  });
  expect(await renderInfo('', { version: '2.0', files: [{ ...SDIST, yanked: '' }, bad] })).toMatchObject({
    yanked: true,
    yanked_reason: 'bad',
  });
  const { urls } = (await renderAll(makeProject('foo', [{ version: '2.0', files: [bad] }])))['pypi/foo/json'];
  expect(urls[0]).toMatchObject({ yanked: true, yanked_reason: 'bad' });
});

test('pypiJsonPages() carries over the metadata', async () => {
  const info = await renderInfo(
    [
      'Summary: s',
      'Home-page: https://home',
      'Project-URL: Source, https://source, with comma',
      'Project-URL: __proto__, https://evil',
      'Project-URL: without address',
      'Requires-Dist: a>1',
      'Requires-Dist: b; extra == "x"',
      'Provides-Extra: x',
      'Requires-Python: >=3.8',
      'Platform: any',
      'License-Expression: MIT',
      'License-File: LICENSE',
      'Classifier: Private :: Do Not Upload',
      'Dynamic: Summary',
      'Keywords: a,b',
      'Description-Content-Type: text/markdown',
      '',
      '# Hello',
    ].join('\n'),
  );
  expect(info).toMatchObject({
    name: 'Foo',
    version: '2.0+x',
    summary: 's',
    description: '# Hello',
    description_content_type: 'text/markdown',
    home_page: 'https://home',
    requires_dist: ['a>1', 'b; extra == "x"'],
    provides_extra: ['x'],
    requires_python: '>=3.8',
    platform: 'any',
    license: null,
    license_expression: 'MIT',
    license_files: ['LICENSE'],
    classifiers: ['Private :: Do Not Upload'],
    dynamic: ['Summary'],
    keywords: 'a,b',
  });
  expect(Object.entries(info.project_urls)).toEqual([
    ['Source', 'https://source, with comma'],
    ['__proto__', 'https://evil'],
    ['Homepage', 'https://home'],
  ]);
});

test('pypiJsonPages() tells the description on the page of the project, and not again on those of its releases', async () => {
  const read = async () => parseMetadata(Buffer.from('Metadata-Version: 2.1\nName: Foo\nVersion: 2.0\n\n# Hello'));
  const [project, release] = pypiJsonPages(makeProject('foo', [{ version: '2.0', files: [WHEEL] }]), HERE, read);
  expect(JSON.parse((await project?.render()) ?? '').info.description).toBe('# Hello');
  expect(JSON.parse((await release?.render()) ?? '').info.description).toBeNull();
});

test('pypiJsonPages() has null for what is absent', async () => {
  const info = await renderInfo('');
  const absent = ['project_urls', 'requires_dist', 'provides_extra', 'license_files', 'platform', 'summary'];
  for (const key of absent) expect(info).toHaveProperty(key, null);
  expect(info.classifiers).toEqual([]);
});

test.each(['..', '.', 'json', 'JSON', 'a/b', '-x', 'a\\b', 'é', 'a b', 'x'.repeat(201), ''])(
  'pypiJsonPages() makes no folder of the legacy version %j',
  async (version) => {
    const pages = await renderAll(makeProject('foo', [{ version, files: [SDIST] }]));
    expect(Object.keys(pages)).toEqual(['pypi/foo/json']);
    expect(Object.keys(pages['pypi/foo/json'].releases)).toEqual([version]);
  },
);

test.each(['1!2.0.post1.dev0+a.b', '2004d', '1.0-final', '1.0_1'])(
  'pypiJsonPages() makes a folder of %j',
  (version) => {
    const [, page] = pypiJsonPages(makeProject('foo', [{ version, files: [SDIST] }]), HERE, readMetadata);
    expect(page?.path).toBe(`pypi/foo/${version}/json`);
  },
);

test('pypiJsonPages() of a project without releases makes none', () => {
  expect(pypiJsonPages(makeProject('foo', [], { status: 'quarantined' }), HERE, readMetadata)).toEqual([]);
});

test("pypiJsonPages() gives a release's page inputs that other releases do not change", () => {
  const inputs = (project: Project, context = HERE) =>
    pypiJsonPages(project, context, readMetadata).map((page) => page.inputs);
  const [ofProject, ofNew] = inputs(PROJECT);
  const [ofProjectAlone, ofNewAlone] = inputs(makeProject('foo', [NEW]));
  expect(ofNewAlone).toBe(ofNew);
  expect(ofProjectAlone).not.toBe(ofProject);
  expect(inputs(PROJECT, { ...HERE, siteUrl: 'https://host' })).not.toContain(ofNew);
  expect(inputs(PROJECT, { repository: 'musl' })).not.toContain(ofNew);
});
