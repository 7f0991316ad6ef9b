import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { copySite } from '../../test/support/crash-site.ts';
import { makeWheel } from '../../test/support/make-package.ts';
import { TestSite } from '../../test/support/site.ts';
import { surveySite } from '../build-site.ts';
import { loadSite } from '../config/load-config.ts';
import { checkSite } from './check-site.ts';

const FOO = 'musl/packages/foo-1.0-py3-none-any.whl';
const FOO_PAGE = 'musl/simple/foo/index.json';
const LATER = new Date('2026-02-02T00:00:00Z');

let original: TestSite;
let site: TestSite;

/** Two repositories of which one includes the other: wheels, an sdist, a local version, a yanked file, a quarantined project. */
beforeAll(async () => {
  original = new TestSite();
  original.put(
    'kho.toml',
    'url = "https://host/p"\n[repositories.musl]\ninclude = ["common"]\n' +
      '[repositories.musl.projects.bad]\nstatus = "quarantined"\nreason = "looked <at>"\n',
  );
  original.wheel('musl', { name: 'foo', version: '1.0' });
  original.wheel('musl', { name: 'foo', version: '2.0+x' });
  original.put(`${FOO}.yanked`, 'does not & will not work');
  original.wheel('musl', { name: 'bad', version: '1.0' });
  original.sdist('common', { name: 'bar', version: '1.0' });
  await original.build();
});
beforeEach(() => {
  site = new TestSite();
  copySite(original, site);
});
afterEach(() => site.close());
afterAll(() => original.close());

async function check(): Promise<string[]> {
  const { config } = await loadSite(site.root);
  const drifts = await checkSite(config, await surveySite(config));
  return drifts.map(({ file, what }) => `${file} ${what}`);
}

/** Changes a text on disk; its size may change, its times do. */
function edit(path: string, from: string | RegExp, to: string): void {
  const before = site.read(path);
  const after = before.replace(from, to);
  expect(after).not.toBe(before);
  writeFileSync(join(site.root, path), after);
}

test('checkSite() finds nothing on a site that was just built, with and without .kho, and changes nothing', async () => {
  const before = site.snapshot();
  expect(await check()).toEqual([]);
  site.remove('.kho');
  expect(await check()).toEqual([]);
  expect(existsSync(join(site.root, '.kho'))).toBe(false);
  expect(site.snapshot()).toEqual(before);
});

test('checkSite() tells how far it is', async () => {
  const { config } = await loadSite(site.root);
  const progress: unknown[] = [];
  await checkSite(config, await surveySite(config), {
    onProgress: (step) => progress.push({ ...step }),
  });
  expect(progress.at(-1)).toEqual({ stage: 'check', done: 3, total: 3 });
});

test.each<[string, () => void, string[]]>([
  [
    'a page that is missing',
    () => site.remove('musl/simple/foo/index.html'),
    ['musl/simple/foo/index.html is missing'],
  ],
  [
    'a page for people that is missing',
    () => site.remove('musl/project/foo/index.html'),
    ['musl/project/foo/index.html is missing', 'musl/index.html links to nothing: "project/foo/index.html"'],
  ],
  [
    'a page for people that somebody changed',
    () => void site.put('musl/project/foo/index.html', `${site.read('musl/project/foo/index.html')}<p>More`),
    ['musl/project/foo/index.html is not the page that kho would make'],
  ],
  [
    'a page for people that nobody links to',
    () => void site.put('project/old.html', 'old'),
    ['project/old.html is no page of the site (any more)'],
  ],
  ['a page that is no JSON', () => edit(FOO_PAGE, /\}\s*$/, ''), [`${FOO_PAGE} is not JSON`]],
  ['a page without files', () => edit(FOO_PAGE, '"files"', '"f"'), [`${FOO_PAGE} has no list of files`]],
  [
    'a page that lists nothing',
    () => edit(FOO_PAGE, /"files":\[/, '"files":[null,'),
    ['lists something without a filename'],
  ],
  ['a page cut in the middle', () => edit('musl/simple/foo/index.html', /"[^"]*$/, ''), ['index.html has a <']],
  [
    'a page of HTML that says less',
    () => edit('musl/simple/foo/index.html', ' data-yanked', ' data-x'),
    ['lacks files[0].yanked, as index.json beside it says'],
  ],
  [
    'another hash in HTML',
    () => edit('musl/simple/foo/index.html', /sha256=./, 'sha256=x'),
    ['says files[0].sha256 is "x'],
  ],
  [
    'another reason',
    () => edit(FOO_PAGE, 'will not', 'will'),
    ['says yanked is "does not & will work" instead of "does not & will not work" (of "foo-1.0-py3-none-any.whl")'],
  ],
  [
    'another version of the API',
    () => edit(FOO_PAGE, '"1.4"', '"1.5"'),
    ['says meta.api-version is "1.5" instead of "1.4"'],
  ],
  [
    'a hash that is wrong',
    () => edit(FOO_PAGE, /"sha256":"./, '"sha256":"x'),
    [`${FOO_PAGE} gives a hash of "foo-1.0-py3-none-any.whl" that is not`],
  ],
  [
    'a hash of metadata that is wrong',
    () => edit(FOO_PAGE, /"core-metadata":\{"sha256":"./, '"core-metadata":{"sha256":"x'),
    [`${FOO_PAGE} gives a hash of the metadata of "foo-1.0`],
  ],
  [
    'a link to another file',
    () => edit(FOO_PAGE, 'packages/foo-1.0', 'packages/foo-2.0'),
    [`${FOO_PAGE} links "foo-1.0-py3-none-any.whl" to "../../packages/foo-2.0`],
  ],
  [
    'a link to nothing',
    () => edit(FOO_PAGE, 'packages/foo-1.0', 'sackages/foo-1.0'),
    [`${FOO_PAGE} names "foo-1.0-py3-none-any.whl", which is not there`],
  ],
  [
    'a link out of the site',
    () => edit(FOO_PAGE, '../../packages/foo-1.0', '../../../../../packages/foo-1.0'),
    ['where it cannot be'],
  ],
  [
    'a link to a stranger',
    () => edit(FOO_PAGE, '../../packages/foo-1.0', 'https://evil/foo-1.0'),
    ['where it cannot be'],
  ],
  [
    'a file listed twice',
    () => edit(FOO_PAGE, /("files":\[)(\{.*?\}),\{/, '$1$2,$2,{'),
    [`${FOO_PAGE} lists a file twice`],
  ],
  [
    'metadata that is missing',
    () => site.remove(`${FOO}.metadata`),
    [`${FOO}.metadata is missing, though pages advertise it`],
  ],
  [
    'metadata that is not of the file',
    () => site.put(`${FOO}.metadata`, 'x'),
    [`${FOO}.metadata is not the metadata in the package`],
  ],
  [
    'metadata of a file that is gone',
    () => site.put('musl/packages/x-1.0-py3-none-any.whl.metadata', 'x'),
    ['is the metadata of a file that is gone'],
  ],
  [
    'metadata that is not advertised',
    () => {
      edit(FOO_PAGE, /"core-metadata":/, '"x":');
      edit('musl/simple/foo/index.html', /data-core-metadata/, 'data-x');
    },
    [`${FOO_PAGE} does not say that "foo-1.0-py3-none-any.whl" has its metadata beside it`],
  ],
  [
    'a file that is new',
    () => void site.wheel('musl', { name: 'foo', version: '3.0' }),
    [
      `${FOO_PAGE} does not list "foo-3.0-py3-none-any.whl"`,
      'musl/SHA256SUMS does not list "musl/packages/foo-3.0-py3-none-any.whl"',
      'musl/pypi/foo/3.0/json is missing',
    ],
  ],
  [
    'a project that is new',
    () => void site.wheel('musl', { name: 'new', version: '1' }),
    [
      'musl/simple/new/index.json is missing',
      'musl/simple/index.html does not list "new"',
      'musl/project/new/index.html is missing',
      'musl/index.html is not the page that kho would make',
    ],
  ],
  [
    'a file that is gone',
    () => site.remove(FOO),
    [
      `${FOO_PAGE} names "foo-1.0-py3-none-any.whl", which is not there`,
      'lists "foo-1.0-py3-none-any.whl", which does not belong there',
      'musl/pypi/foo/1.0/json is no page of the site',
    ],
  ],
  [
    'an included file that is gone',
    () => site.remove('common/packages/bar-1.0.tar.gz'),
    [
      'musl/simple/bar/index.html is no page of the site',
      'musl/SHA256SUMS lists "common/packages/bar-1.0.tar.gz", which does not',
      'musl/simple/index.html lists "bar", which does not',
    ],
  ],
  [
    'a file with other bytes',
    () => void site.put(FOO, 'x', LATER),
    ['lists "foo-1.0-py3-none-any.whl", which does not belong there'],
  ],
  [
    'a yanked file that is no longer',
    () => site.remove(`${FOO}.yanked`),
    [`${FOO_PAGE} has yanked, which should not be there (of "foo-1.0-py3-none-any.whl")`],
  ],
  [
    'a list that lacks a project',
    () => edit('musl/simple/index.json', '{"name":"bar"},', ''),
    ['musl/simple/index.json says projects[0].name is "foo" instead of "bar"'],
  ],
  [
    'a list that shows a quarantined project',
    () => edit('musl/simple/index.html', '<a', '<a href="bad/">bad</a><a'),
    ['musl/simple/index.html lists "bad", which does not belong there'],
  ],
  [
    'a list that links elsewhere',
    () => edit('musl/simple/index.html', 'href="foo/"', 'href="bar/"'),
    ['musl/simple/index.html does not list "foo"'],
  ],
  ['a wrong checksum', () => edit('musl/SHA256SUMS', /^......../m, 'deadbeef'), ['gives a hash of']],
  ['a line that is none', () => edit('musl/SHA256SUMS', /^/, '\n'), ['musl/SHA256SUMS has a line that is none: ""']],
  [
    'another address in the JSON API',
    () => edit('musl/pypi/foo/json', /host/g, 'ghost'),
    ['musl/pypi/foo/json says info.package_url is "https://ghost'],
  ],
  [
    'another latest version',
    () => edit('musl/pypi/foo/json', '"version":"2.0+x"', '"version":"1.0"'),
    ['musl/pypi/foo/json says info.version is "1.0" instead of "2.0+x"'],
  ],
  [
    'a page of the JSON API that is missing',
    () => site.remove('musl/pypi/foo/2.0+x'),
    ['musl/pypi/foo/2.0+x/json is missing'],
  ],
  [
    'a page of a project that is gone',
    () => void site.put('musl/simple/old/index.html', ''),
    ['musl/simple/old/index.html is no page of the site'],
  ],
  ['the front page of a site', () => site.remove('index.html'), ['index.html is missing']],
  [
    'a repository that was never published',
    () => void site.wheel('new', { name: 'foo', version: '1.0' }),
    ['new/simple is not there: the repository is not published yet'],
  ],
])('checkSite() reports %s', async (_what, damage, expected) => {
  damage();
  const drifts = (await check()).join('\n');
  for (const drift of expected) expect(drifts).toContain(drift);
  expect(drifts).not.toMatch(/undefined|\[object/);
});

test('checkSite() reads each file anew, whatever the survey remembers of it', async () => {
  const { config } = await loadSite(site.root);
  const survey = await surveySite(config);
  site.put(FOO, makeWheel({ name: 'foo', version: '1.0', description: 'other' }));
  const drifts = await checkSite(config, survey);
  expect(drifts.map(({ file, what }) => `${file} ${what}`)).toEqual([
    'musl/SHA256SUMS gives a hash of "musl/packages/foo-1.0-py3-none-any.whl" that is not the hash of its bytes',
    `${FOO} has other bytes than when kho looked last`,
    `${FOO}.metadata is not the metadata in the package`,
    'musl/project/foo/1.0/foo-1.0-py3-none-any.whl.html is not the page that kho would make',
    `${FOO_PAGE} gives a hash of "foo-1.0-py3-none-any.whl" that is not the hash of its bytes`,
  ]);
});

test('checkSite() tells of pages that the web server may not read', async () => {
  chmodSync(join(site.root, FOO_PAGE), 0o600);
  expect(await check()).toEqual([`${FOO_PAGE} can be read by its owner or group only: the web server may answer 403`]);
});

test('checkSite() leaves a front page alone that somebody else wrote', async () => {
  site.put('musl/index.html', '<h1>Ours, with <a href=anything>links</a>');
  expect(await check()).toEqual([]);
});

test('checkSite() holds what was published elsewhere against the site that it comes from', async () => {
  const copy = new TestSite();
  onTestFinished(() => copy.close());
  await site.build({ out: copy.root });
  const { config } = await loadSite(site.root);
  const checkCopy = async () =>
    (await checkSite(config, await surveySite(config), { out: copy.root })).map(({ file, what }) => `${file} ${what}`);
  expect(await checkCopy()).toEqual([]);
  copy.put(FOO, makeWheel({ name: 'foo', version: '1.0', description: 'other' }));
  copy.put('musl/packages/gone-1.0-py3-none-any.whl.metadata', 'x');
  const drifts = await checkCopy();
  expect(drifts).toContain(`${FOO} has other bytes than when kho looked last`);
  expect(drifts).toContain('musl/packages/gone-1.0-py3-none-any.whl.metadata is the metadata of a file that is gone');
  expect(await check()).toEqual([]);
});

test('checkSite() says first that settings changed, and what to type, here and with --out', async () => {
  const copy = new TestSite();
  onTestFinished(() => copy.close());
  await site.build({ out: copy.root });
  edit('kho.toml', 'https://host/p', 'https://host/q');
  const { config } = await loadSite(site.root);
  for (const [out, command] of [
    [undefined, `kho build ${site.root}`],
    [copy.root, `kho build ${site.root} --out ${copy.root}`],
  ] as const) {
    const drifts = await checkSite(config, await surveySite(config, out), { ...(out !== undefined && { out }) });
    expect(drifts[0]?.what).toMatch(/^settings have changed since the last build/);
    expect(drifts.length).toBeGreaterThan(2);
    expect(new Set(drifts.map(({ hint }) => hint))).toEqual(new Set([`type: ${command}`]));
  }
  edit('kho.toml', 'https://host/q', 'https://host/p');
  expect(await check()).toEqual([]);
});

test('checkSite() is content after the next build', async () => {
  site.remove(FOO);
  site.wheel('common', { name: 'new', version: '1' });
  site.put('common/simple/old/index.html', '');
  expect(await check()).not.toEqual([]);
  await site.build();
  expect(await check()).toEqual([]);
});
