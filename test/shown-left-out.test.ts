/** Pages for people tell which files of other indexes do not come in, and why: from what is kept, and nothing of what only some may know. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { surveySite } from '../src/build-site.ts';
import { checkSite } from '../src/check/check-site.ts';
import { loadSite } from '../src/config/load-config.ts';
import { type KeptFileOptions, keepUpstreamPage } from './support/keep-upstream-page.ts';
import { advisoryZip, osvRecord } from './support/make-advisories.ts';
import { runCommand } from './support/run-command.ts';
import { TestSite } from './support/site.ts';

let site: TestSite;
beforeEach(() => {
  site = new TestSite();
});
afterEach(() => {
  vi.useRealTimers();
  site.close();
});

const UPSTREAM = '[upstreams.public]\nurl = "https://index.example/simple/"\n';
const wheel = (version: string) => `foo-${version}-py3-none-any.whl`;
const OLD = '2026-01-02T03:04:05Z';
const YOUNG = '2999-01-01T00:00:00Z';

function settings(top: string, upstream = '', repositories = '[repositories.a]\nupstreams = ["public"]\n'): void {
  site.put('kho.toml', `${top}\n${UPSTREAM}${upstream}\n${repositories}`);
}

const keep = (...files: KeptFileOptions[]) => keepUpstreamPage(site, 'foo', files);
const textOf = (path: string) =>
  site
    .read(path)
    .replace(/<(?:script|style).*?<\/(?:script|style)>/gs, '')
    .replaceAll('<wbr>', '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');
/** From its heading to the end of the section. */
const elsewhere = (repository = 'a') =>
  / From other indexes Machines .*? For one machine/.exec(textOf(`${repository}/project/foo/index.html`))?.[0] ?? '';

async function drifts() {
  const { config } = await loadSite(site.root);
  return checkSite(config, await surveySite(config));
}

test('a page tells of each kind of reason which files are not let in, and from when on they are', async () => {
  site.put('osv.zip', advisoryZip(osvRecord('MAL-1', 'foo', { versions: ['1.2'] })));
  settings('shared = ["foo"]\n[advisories]\nfrom = "osv.zip"', 'cooldown = "7d"\ndeny = ["foo==1.1"]');
  site.wheel('a', { name: 'foo', version: '0.9' });
  await site.build();
  keep(
    { version: '0.9', uploadTime: OLD },
    { version: '1.0', uploadTime: OLD },
    { version: '1.1', uploadTime: OLD },
    { version: '1.2', uploadTime: OLD },
    { version: '1.3', uploadTime: YOUNG },
    { version: '1.0', tag: 'cp313-cp313-musllinux_1_2_x86_64', uploadTime: YOUNG },
    { version: '1.4', uploadTime: OLD, sha256: undefined },
  );
  await site.build();
  const text = elsewhere();
  expect(text).toContain(
    'Not let in from public Known malware 1.2 1 file Never listed, and never sent. 1.2 MAL-1 foo-1.2-',
  );
  expect(text).toContain(`1.3 listed from 2999-01-08 00:00 UTC on ${wheel('1.3')}`);
  expect(text).toContain('1.0 added later than the rest: listed from 2999-01-08 00:00 UTC on foo-1.0-cp313');
  expect(text).toContain(`1.1 deny: ==1.1 ${wheel('1.1')}`);
  expect(text).toMatch(/Without a hash 1\.4 1 file .*? foo-1\.4-/);
  expect(text).toMatch(/Other bytes under the same name 0\.9 1 file .*? foo-0\.9-/);
  expect(text).not.toContain(wheel('1.0'));
  expect(await drifts()).toEqual([]);
  expect((await site.build()).written).toBe(0);
});

test('only what was approved: versions by number, other bytes by their name', async () => {
  settings('shared = ["foo"]', 'allow_from = ["ok.txt"]');
  site.put('ok.txt', `foo==1.0 --hash=sha256:${'c'.repeat(64)}\n`);
  site.wheel('a', { name: 'foo', version: '0.9' });
  const versions = Array.from({ length: 30 }, (_, number) => `2.${number}`);
  keep({ version: '1.0', uploadTime: OLD }, ...versions.map((version) => ({ version, uploadTime: OLD })));
  await site.build();
  const text = elsewhere();
  expect(text).toContain('Not approved 2.29, 2.28, 2.27, … 31 files');
  expect(text).toContain(`2.22 ${wheel('2.22')} and 23 more versions`);
  settings('shared = ["foo"]', 'allow_from = ["ok.txt"]\ndeny = ["foo>=2"]');
  await site.build();
  expect(elsewhere()).toContain(`1.0 the version is approved, but with other bytes ${wheel('1.0')}`);
});

test('a page says which version comes in, and that machines take it before what stands here', async () => {
  settings(
    'shared = ["foo"]',
    'cooldown = "7d"',
    '[repositories.a]\nupstreams = ["public"]\nplatforms = ["glibc-x86_64"]\n',
  );
  site.wheel('a', { name: 'foo', version: '1.0', tag: 'cp312-cp312-manylinux_2_17_x86_64' });
  keep(
    { version: '1.9', uploadTime: OLD },
    { version: '1.10', uploadTime: OLD },
    { version: '1.11', uploadTime: OLD, yanked: 'broken' },
    { version: '2.0rc1', uploadTime: OLD },
    { version: '2.0', uploadTime: YOUNG },
  );
  await site.build();
  expect(elsewhere()).toContain('Of what public has, 1.10 is the newest version that comes in. Not let in');
  const newer = 'public has 1.10, which is newer than what stands here';
  expect(textOf('a/project/foo/index.html')).toContain(newer);
  site.wheel('a', { name: 'foo', version: '1.10', build: '1', tag: 'cp312-cp312-manylinux_2_17_x86_64' });
  await site.build();
  expect(textOf('a/project/foo/index.html')).not.toContain(newer);
  expect(await drifts()).toEqual([]);
});

test('thousands of files make a page that is little longer', async () => {
  settings('shared = ["foo"]', 'cooldown = "7d"');
  site.wheel('a', { name: 'foo', version: '0.9' });
  await site.build();
  const before = site.read('a/project/foo/index.html').length;
  const tags = Array.from({ length: 100 }, (_, number) => `cp3${number}-cp3${number}-manylinux_2_17_x86_64`);
  const versions = Array.from({ length: 50 }, (_, number) => `2.${number}`);
  keep(...versions.flatMap((version) => tags.map((tag) => ({ version, tag, uploadTime: YOUNG }))));
  await site.build();
  expect(elsewhere()).toMatch(/Too young 2\.49, 2\.48, 2\.47, … 5,000 files .* 94 more .* and 42 more versions/);
  expect(site.read('a/project/foo/index.html').length - before).toBeLessThan(16_000);
});

test('what was too young is not told of once it is old enough, and the check knows when pages were made', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-12-01T00:00:00Z') });
  settings('shared = ["foo"]', 'cooldown = "7d"');
  site.wheel('a', { name: 'foo', version: '0.9' });
  keep({ version: '1.0', uploadTime: '2026-11-28T10:00:00Z' });
  await site.build();
  expect(elsewhere()).toContain('1.0 listed from 2026-12-05 10:00 UTC on');
  vi.setSystemTime(Date.parse('2026-12-05T10:00:00Z'));
  expect(await drifts()).toEqual([]);
  expect((await site.build()).written).toBe(1);
  expect(elsewhere()).toContain('All that public lists of it is let in.');
});

test('what nobody has a time of counts from when its page came, also in builds that follow', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-12-01T00:00:00Z') });
  settings('shared = ["foo"]', 'cooldown = "7d"');
  site.wheel('a', { name: 'foo', version: '0.9' });
  keepUpstreamPage(site, 'foo', [{ version: '1.0' }], { changedMs: Date.parse('2026-11-30T12:00:00Z') });
  await site.build();
  expect(elsewhere()).toContain('1.0 listed from 2026-12-07 12:00 UTC on');
  vi.setSystemTime(Date.parse('2026-12-02T00:00:00Z'));
  expect((await site.build()).written).toBe(0);
});

test('a page is judged anew where rules, lists, advisories or the page of the index have changed, and where what is remembered is lost', async () => {
  settings('shared = ["foo"]', 'deny = ["foo==1.0"]');
  site.wheel('a', { name: 'foo', version: '0.9' });
  keep({ version: '1.0', uploadTime: OLD });
  await site.build();
  expect(elsewhere()).toContain('deny: ==1.0');
  settings('shared = ["foo"]', 'allow_from = ["ok.txt"]');
  site.put('ok.txt', 'foo==1.0\n');
  await site.build();
  expect(elsewhere()).toContain('All that public lists of it is let in.');
  site.put('ok.txt', 'foo==0.9\n', new Date(1));
  await site.build();
  expect(elsewhere()).toContain('Not approved 1.0 1 file');
  keep({ version: '1.0', uploadTime: OLD }, { version: '1.1', uploadTime: OLD });
  await site.build();
  expect(elsewhere()).toContain('Not approved 1.1, 1.0 2 files');
  rmSync(join(site.root, '.kho/left-out'));
  expect((await site.build()).written).toBe(0);
  expect(site.read('.kho/left-out')).toContain('public/foo');
});

test('a project in quarantine there, and one that is gone there, are told of', async () => {
  settings('shared = ["foo"]');
  site.wheel('a', { name: 'foo', version: '0.9' });
  keepUpstreamPage(site, 'foo', [{ version: '1.0', uploadTime: OLD }], {}, { status: 'quarantined' });
  await site.build();
  expect(elsewhere()).toContain('In quarantine 1.0 1 file');
  site.put(`upstream/public/packages/foo/${wheel('1.0')}`, 'x');
  const two = [
    { version: '1.0', uploadTime: OLD },
    { version: '1.1', uploadTime: OLD },
  ];
  keepUpstreamPage(site, 'foo', two, { goneMs: Date.parse('2026-11-01T00:00:00Z') });
  await site.build();
  expect(elsewhere()).toMatch(/Gone 1\.1 1 file .*? 1\.1 since 2026-11-01/);
});

test('a page says so where nothing of the other index is known yet', async () => {
  settings('shared = ["foo"]');
  site.wheel('a', { name: 'foo', version: '0.9' });
  await site.build();
  expect(elsewhere()).toContain('Nothing of this project is known from there');
  expect(elsewhere()).toContain('kho refresh foo');
});

test('nothing is told of own names, and on no public page of what a private repository passes on too', async () => {
  const both = '[repositories.a]\nupstreams = ["public"]\n[repositories.b]\nprivate = true\nupstreams = ["public"]\n';
  settings('shared = ["foo"]', 'deny = ["foo==1.0"]', both);
  for (const repository of ['a', 'b']) site.wheel(repository, { name: 'foo', version: '0.9' });
  await site.build();
  const unasked = elsewhere();
  keep({ version: '1.0', uploadTime: OLD });
  await site.build();
  expect(elsewhere('b')).toContain(`1.0 deny: ==1.0 ${wheel('1.0')}`);
  expect(elsewhere()).toBe(unasked);
  expect(elsewhere()).not.toMatch(/Not let in|asked for|kept here|foo-1\.0/);
  settings('own = ["foo"]', 'deny = ["foo==1.0"]');
  await site.build();
  expect(textOf('a/project/foo/index.html')).not.toMatch(/Not let in|From other indexes/);
});

test('of several upstreams, the first of which a page is kept is told of', async () => {
  settings(
    'shared = ["foo"]',
    'deny = ["foo==1.0"]\n[upstreams.arm]\nurl = "https://arm.example/simple/"\ndeny = ["foo==1.0"]',
    '[repositories.a]\nupstreams = ["arm", "public"]\n',
  );
  site.wheel('a', { name: 'foo', version: '0.9' });
  keep({ version: '1.0', uploadTime: OLD });
  await site.build();
  expect(elsewhere()).toContain('Not let in from public');
});

test('where nobody can tell what is malware, nothing is told', async () => {
  settings('shared = ["foo"]\n[advisories]\nfrom = "missing.zip"', 'deny = ["foo==1.0"]');
  site.wheel('a', { name: 'foo', version: '0.9' });
  keep({ version: '1.0', uploadTime: OLD });
  await site.build();
  expect(elsewhere()).not.toMatch(/Not let in|asked for/);
});

test('in Vietnamese too', async () => {
  settings('language = "vi"\nshared = ["foo"]', 'cooldown = "7d"');
  site.wheel('a', { name: 'foo', version: '0.9' });
  keep({ version: '1.3', uploadTime: YOUNG });
  await site.build();
  expect(textOf('a/project/foo/index.html')).toMatch(
    /Không được vào từ public Còn quá mới 1\.3 1 tệp .*? 1\.3 được liệt kê từ 2999-01-08 00:00 UTC/,
  );
});

test('who looks for a project of another index is told where it is told of', async () => {
  settings('own = ["foo"]');
  site.wheel('a', { name: 'foo', version: '0.9' });
  await site.build();
  expect(textOf('project/404.html')).toContain('have no pages of their own: install them all the same');
  const { talk } = await runCommand(['show', 'requests', '--site', site.root]);
  expect(talk).toContain('"kho list" says what there is, and "kho why" what comes of a project from other indexes');
  process.exitCode = undefined;
});
