/** A colleague makes folders that kho may not look into: what was listed from them stays listed, it is told of, and the rest is published. */
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bundleAsUser } from '../support/bundle-as-user.ts';
import { makeWheel } from '../support/make-package.ts';
import { TestSite } from '../support/site.ts';
import { Watched } from '../support/watched.ts';

/** Only root can be others; CI is. */
const IS_ROOT = process.getuid?.() === 0;
const GROUP = 54_420;
const KHO = 54_422;
const COLLEAGUE = 54_421;

const kho = bundleAsUser({ uid: KHO, gid: GROUP });
const DEEP = 'glibc/packages/sub/deep-1.0-py3-none-any.whl';

let site: TestSite;
let out: string;
beforeEach(() => {
  if (!IS_ROOT) return;
  site = new TestSite();
  out = mkdtempSync(join(tmpdir(), 'kho-out-'));
  chownSync(out, KHO, GROUP);
  chmodSync(site.root, 0o755);
  for (const name of ['bar', 'foo']) site.wheel('glibc', { name, version: '1.0' });
  site.put(DEEP, makeWheel({ name: 'deep', version: '1.0' }));
  site.put('glibc/packages/sub/foo-0.9-py3-none-any.whl', makeWheel({ name: 'foo', version: '0.9' }));
  const newest = { name: 'foo', version: '2.0', metadata: 'Summary: short', description: 'Words of the newest' };
  site.put('glibc/packages/sub/foo-2.0-py3-none-any.whl', makeWheel(newest));
  for (const path of ['', ...readdirSync(site.root, { recursive: true, encoding: 'utf8' })])
    chownSync(join(site.root, path), KHO, GROUP);
  ofColleague('glibc/packages/sub', 0o2775);
});
afterEach(() => {
  if (!IS_ROOT) return;
  site.close();
  rmSync(out, { recursive: true });
});

function ofColleague(path: string, mode: number, group = GROUP): void {
  chownSync(join(site.root, path), COLLEAGUE, group);
  chmodSync(join(site.root, path), mode);
}

function put(path: string, name: string, version: string): void {
  site.put(path, makeWheel({ name, version }));
  chownSync(join(site.root, dirname(path)), KHO, GROUP);
}

interface Report {
  problems: { code: string; file: string; what: string; hint: string }[];
  notes: { code: string }[];
  written: number;
  removed: number;
}

function build(...words: string[]): Report {
  const { status, stdout, stderr } = kho.run('build', site.root, '--json', ...words);
  expect([status, stderr]).toEqual([0, '']);
  return JSON.parse(stdout);
}

/** Of the index alone: pages for people tell of problems too. */
const index = (folder = site.root) =>
  Object.fromEntries(
    Object.entries(site.snapshot(folder)).filter(([path]) => /(?:^|\/)(?:simple|pypi)\/|SHA256SUMS/.test(path)),
  );

test.runIf(IS_ROOT).each([
  ['may not be listed', 0o2700],
  ['may be listed, and not entered', 0o2744],
])('what was listed from a folder that %s stays listed, and the rest is published', (_what, mode) => {
  build();
  const before = index();
  ofColleague('glibc/packages/sub', mode);
  for (let run = 0; run < 2; run++) {
    const { problems, removed, written } = build();
    expect(problems).toMatchObject([{ code: 'not-readable', file: 'glibc/packages/sub/' }]);
    expect(problems[0]?.hint).toContain(`as user ${COLLEAGUE} or root: chmod g+rx glibc/packages/sub`);
    expect([removed, run > 0 && written]).toEqual([0, run > 0 && 0]);
    expect(index()).toEqual(before);
  }

  put('glibc/packages/foo-1.1-py3-none-any.whl', 'foo', '1.1');
  put('glibc/packages/new-1.0-py3-none-any.whl', 'new', '1.0');
  site.remove('glibc/packages/bar-1.0-py3-none-any.whl');
  expect(build().problems).toHaveLength(1);
  expect(site.listed('glibc', 'foo')).toEqual(
    [0.9, '1.0', 1.1, '2.0'].map((version) => `foo-${version}-py3-none-any.whl`),
  );
  const [old] = site.json('glibc/simple/foo/index.json').files;
  expect(old).toMatchObject({ url: '../../packages/sub/foo-0.9-py3-none-any.whl', 'core-metadata': {} });
  expect(site.json('glibc/simple/index.json').projects).toEqual(['deep', 'foo', 'new'].map((name) => ({ name })));
  expect(existsSync(join(site.root, `${DEEP}.metadata`))).toBe(true);
  const wheel = join(site.root, DEEP);
  for (const words of [
    ['check', site.root],
    ['show', '--site', site.root, 'deep'],
    ['show', wheel],
    ['list', site.root],
    ['retag', wheel],
  ]) {
    const { status, stdout, stderr } = kho.run(...words);
    expect([words[0], status, stdout + stderr]).not.toEqual([words[0], 70, expect.anything()]);
    expect(stdout).not.toContain('is not the page');
  }

  const [, line = ''] = /root: (.*)/.exec(build().problems[0]?.hint ?? '') ?? [];
  expect(spawnSync('sh', ['-c', line], { cwd: site.root, uid: COLLEAGUE, gid: GROUP }).status).toBe(0);
  expect(build().problems).toEqual([]);
  const opened = site.snapshot();
  expect(site.read('glibc/project/foo/index.html')).toContain('Words of the newest');
  rmSync(join(site.root, '.kho'), { recursive: true });
  build();
  expect(site.snapshot()).toEqual(opened);
});

test.runIf(IS_ROOT)('a folder of which the disk gives an error is told of as such, and loses nothing', () => {
  build();
  const before = index();
  const inject = [
    '-f',
    '-o',
    '/dev/null',
    '-P',
    join(site.root, 'glibc/packages/sub'),
    '-e',
    'inject=getdents64:error=EIO',
  ];
  const words = [process.execPath, kho.path(), 'build', site.root, '--json'];
  const { status, stdout } = spawnSync('strace', [...inject, ...words], {
    ...{ encoding: 'utf8', cwd: '/', uid: KHO, gid: GROUP },
  });
  expect(status).toBe(0);
  expect(JSON.parse(stdout).problems).toMatchObject([
    { code: 'not-readable', file: 'glibc/packages/sub/', hint: expect.stringContaining('look after its disk') },
  ]);
  expect(index()).toEqual(before);
});

test.runIf(IS_ROOT)('kho watch goes on beside a closed folder, and sees files in it once it is opened', async () => {
  const watched = await Watched.start(site.root, { bundle: kho.path(), uid: KHO, gid: GROUP });
  try {
    const sees = (file: string) =>
      watched.event((event) => event.event === 'file' && event.became === 'listed' && event.file === file);
    ofColleague('glibc/packages/sub', 0o2700);
    await watched.event(({ event }) => event === 'problem');
    put('glibc/packages/new-1.0-py3-none-any.whl', 'new', '1.0');
    await sees('glibc/packages/new-1.0-py3-none-any.whl');
    expect(site.listed('glibc', 'foo')).toHaveLength(3);
    put('glibc/packages/sub/late-1.0-py3-none-any.whl', 'late', '1.0');
    ofColleague('glibc/packages/sub', 0o2775);
    await sees('glibc/packages/sub/late-1.0-py3-none-any.whl');
    put('glibc/packages/sub/later-1.0-py3-none-any.whl', 'later', '1.0');
    await sees('glibc/packages/sub/later-1.0-py3-none-any.whl');
  } finally {
    await watched.stop(); // before the site goes, which it would write in
  }
});

test.runIf(IS_ROOT)('what kho may not remove from a folder of somebody else stops nobody', () => {
  build();
  ofColleague('glibc/packages/sub', 0o2755);
  site.remove(DEEP);
  site.put(
    'glibc/packages/sub/foo-0.9-py3-none-any.whl',
    makeWheel({ name: 'foo', version: '0.9', description: 'new' }),
  );
  site.put('glibc/packages/sub/gone-1.0-py3-none-any.whl.metadata', '');
  put('glibc/packages/new-1.0-py3-none-any.whl', 'new', '1.0');
  build();
  expect(site.json('glibc/simple/index.json').projects).toEqual(['bar', 'foo', 'new'].map((name) => ({ name })));
  expect(build()).toMatchObject({ problems: [], written: 0, removed: 0 });
  ofColleague('glibc/packages/sub', 0o2775);
  build();
  expect(readdirSync(join(site.root, 'glibc/packages/sub')).sort()).toEqual(
    ['0.9', '2.0'].flatMap((version) => ['', '.metadata'].map((suffix) => `foo-${version}-py3-none-any.whl${suffix}`)),
  );
});

test.runIf(IS_ROOT)('a folder that could never be looked into holds nothing, and keeps nobody waiting', () => {
  ofColleague('glibc/packages/sub', 0o700, COLLEAGUE);
  const { problems } = build();
  expect(problems).toMatchObject([{ code: 'not-readable', file: 'glibc/packages/sub/' }]);
  expect(problems[0]?.hint).toContain(
    `as user ${COLLEAGUE} or root: chgrp --reference=glibc/packages glibc/packages/sub && chmod g+rx glibc/packages/sub`,
  );
  expect(site.json('glibc/simple/index.json').projects).toEqual([{ name: 'bar' }, { name: 'foo' }]);
});

test.runIf(IS_ROOT)('copies of what lies in a closed folder stay where --out put them', () => {
  build('--out', out);
  const simple = () => Object.entries(index(out)).filter(([path]) => !path.includes('/pypi/')); // which may lack descriptions meanwhile
  const before = simple();
  ofColleague('glibc/packages/sub', 0o2700);
  put('glibc/packages/foo-1.1-py3-none-any.whl', 'foo', '1.1');
  expect(build('--out', out).problems).toHaveLength(1);
  expect(existsSync(join(out, DEEP))).toBe(true);
  site.remove('glibc/packages/foo-1.1-py3-none-any.whl');
  build('--out', out);
  expect(simple()).toEqual(before);
});

test.runIf(IS_ROOT)('where kho has forgotten what lies in a closed folder, nothing leaves the index', () => {
  build();
  const before = index();
  ofColleague('glibc/packages/sub', 0o2700);
  rmSync(join(site.root, '.kho'), { recursive: true });
  const { status, stderr } = kho.run('build', site.root);
  expect(status).toBe(2);
  expect(stderr).toMatch(/Cannot look into ".*sub" \(EACCES\), and what kho knew of it is lost \[READ\]/);
  expect(stderr).toContain(`as user ${COLLEAGUE} or root: chmod g+rx ${site.root}/glibc/packages/sub`);
  expect(index()).toEqual(before);

  mkdirSync(join(site.root, 'glibc/packages/other'));
  ofColleague('glibc/packages/other', 0o2700);
  ofColleague('glibc/packages/sub', 0o2750);
  expect(build().problems).toMatchObject([{ file: 'glibc/packages/other/' }]); // nothing of it was ever published
  expect(index()).toEqual(before);
});

test.runIf(IS_ROOT)('a closed folder in incoming/, and a closed file, are told of with the right user and bits', () => {
  mkdirSync(join(site.root, 'incoming/mine'), { recursive: true });
  chownSync(join(site.root, 'incoming'), KHO, GROUP);
  site.put('incoming/mine/in-1.0-py3-none-any.whl', makeWheel({ name: 'in', version: '1.0' }));
  ofColleague('incoming/mine', 0o2700);
  ofColleague('glibc/packages/bar-1.0-py3-none-any.whl', 0o600);
  const { problems } = build();
  expect(problems.map(({ code, file }) => [code, file])).toEqual([
    ['not-readable', 'glibc/packages/bar-1.0-py3-none-any.whl'],
    ['not-readable', 'incoming/mine'],
  ]);
  expect(problems[0]?.hint).toContain(
    `as user ${COLLEAGUE} or root: chmod g+r glibc/packages/bar-1.0-py3-none-any.whl`,
  );
  const [, line = ''] = /or root: (.*)/.exec(problems[1]?.hint ?? '') ?? [];
  expect(spawnSync('sh', ['-c', line], { uid: COLLEAGUE, gid: GROUP }).status).toBe(0);
  expect(build().problems).toMatchObject([{ file: 'glibc/packages/bar-1.0-py3-none-any.whl' }]); // and kho may take it out
  expect(site.listed('glibc', 'in')).toHaveLength(1);
  expect(site.listed('glibc', 'foo')).toHaveLength(3);
});
