import { chmodSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderTree } from '../../test/support/folder-tree.ts';
import { loadSettings } from '../config/load-settings.ts';
import { platformsOfName } from '../standards/platforms/platform.ts';
import { initSite } from './init-site.ts';
import { starterSettings } from './starter-settings.ts';

const below = (folder: string) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();

test('initSite() makes a folder for each repository, and kho.toml', () => {
  const root = folderTree({});
  const report = initSite({ site: join(root, 'srv/PyPI'), names: ['glibc', 'common', 'glibc'] });
  expect(below(join(root, 'srv/PyPI'))).toEqual(['common', 'common/packages', 'glibc', 'glibc/packages', 'kho.toml']);
  expect(report).toEqual({
    site: join(root, 'srv/PyPI'),
    repositories: ['glibc', 'common'],
    made: ['', '/glibc', '/glibc/packages', '/common', '/common/packages', '/kho.toml'].map(
      (path) => `${root}/srv/PyPI${path}`,
    ),
    kept: [],
    shared: [],
    toAdd: '',
  });
});

test('initSite() without names makes the site itself a repository', () => {
  const root = folderTree({});
  expect(initSite({ site: root, names: [] }).repositories).toEqual(['.']);
  expect(below(root)).toEqual(['kho.toml', 'packages']);
});

test('initSite() without names, on a site that is there, means the repositories that it has', () => {
  const root = folderTree({ 'kho.toml': '', 'glibc/packages/x': '', 'musl/packages/x': '' });
  const { repositories, shared } = initSite({ site: root, names: [], groupId: process.getgid?.() ?? 0 });
  expect(repositories).toEqual(['glibc', 'musl']);
  expect(shared).toEqual(['glibc/packages', 'musl/packages', 'incoming'].map((path) => join(root, path)));
  expect(readdirSync(root).sort()).toEqual(['glibc', 'incoming', 'kho.toml', 'musl']);
  expect(readdirSync(join(root, 'incoming')).sort()).toEqual(['glibc', 'musl']);
});

test('initSite() on a site that "kho init" made says how "common" gets included', () => {
  const root = folderTree({});
  initSite({ site: root, names: ['glibc'] });
  expect(initSite({ site: root, names: ['common'] }).toAdd).toBe('[repositories.glibc]\ninclude = ["common"]\n');
});

test('initSite() leaves alone what is there', () => {
  const root = folderTree({ 'kho.toml': '# mine\n', 'glibc/packages/foo.whl': 'wheel' });
  const report = initSite({ site: root, names: ['glibc', 'musl'] });
  expect(report.kept).toEqual([root, `${root}/glibc`, `${root}/glibc/packages`, `${root}/kho.toml`]);
  expect(report.made).toContain(`${root}/musl/packages`);
  expect(readFileSync(join(root, 'kho.toml'), 'utf8')).toBe('# mine\n');
  expect(readFileSync(join(root, 'glibc/packages/foo.whl'), 'utf8')).toBe('wheel');
});

const SHARED = ['glibc/packages', 'incoming', 'incoming/glibc'];

test('initSite() lets a group write into packages/ and incoming/ only', () => {
  const root = folderTree({});
  const groupId = process.getgid?.() ?? 0;
  const { shared } = initSite({ site: join(root, 'site'), names: ['glibc'], groupId });
  expect(shared).toEqual(['glibc/packages', 'incoming'].map((path) => join(root, 'site', path)));
  for (const path of ['.', 'kho.toml', 'glibc', ...SHARED]) {
    const { mode, gid } = statSync(join(root, 'site', path));
    const expected = path === 'kho.toml' ? 0o644 : SHARED.includes(path) ? 0o2775 : 0o755;
    expect([path, mode & 0o7777, gid]).toEqual([path, expected, groupId]);
  }
});

test('initSite() shares folders that are there already, those below them too, and follows no link', () => {
  const root = folderTree({
    'glibc/packages/sub/deep/foo.whl': 'wheel',
    'incoming/boards/x.whl': '',
    'other/y.whl': '',
  });
  symlinkSync(join(root, 'other'), join(root, 'glibc/packages/link'));
  for (const path of ['glibc/packages/sub/deep', 'incoming/boards', 'other']) chmodSync(join(root, path), 0o755);
  initSite({ site: root, names: ['glibc'], groupId: process.getgid?.() ?? 0 });
  const mode = (path: string) => statSync(join(root, path)).mode & 0o7777;
  for (const path of [...SHARED, 'glibc/packages/sub', 'glibc/packages/sub/deep', 'incoming/boards']) {
    expect([path, mode(path)]).toEqual([path, 0o2775]);
  }
  expect(mode('other')).toBe(0o755);
});

test('initSite() says what a kho.toml that is there lacks for "common" to be of use', () => {
  const before = '[repositories.glibc]\nplatforms = ["glibc"]\n';
  const root = folderTree({ 'kho.toml': before, 'glibc/packages/x': '', 'musl/packages/x': '' });
  expect(initSite({ site: root, names: ['common'] }).toAdd).toBe(
    ['glibc', 'musl'].map((name) => `[repositories.${name}]\ninclude = ["common"]\n`).join(''),
  );
  expect(readFileSync(join(root, 'kho.toml'), 'utf8')).toBe(before);
});

test('initSite() lets repositories that are there include "common"', () => {
  const root = folderTree({ 'glibc/packages/x': '' });
  initSite({ site: root, names: ['common'] });
  const { repositories } = loadSettings(readFileSync(join(root, 'kho.toml')));
  expect(repositories.get('glibc')?.include).toMatchObject([{ name: 'common' }]);
});

test.each([
  ['url', { url: 'https://a.example' }],
  ['title', { title: 'A' }],
])('initSite() refuses a %s that the kho.toml that is there would not get', (what, settings) => {
  const root = folderTree({ 'kho.toml': '' });
  expect(() => initSite({ site: root, names: ['glibc'], ...settings })).toThrow(
    expect.objectContaining({ code: 'USAGE', hint: expect.stringContaining(`${what} = `) }),
  );
  expect(below(root)).toEqual(['kho.toml']);
});

test.each([
  [{ names: ['simple'] }, 'are taken by kho'],
  [{ names: ['../up'] }, 'may not'],
  [{ names: ['.'] }, 'leave the name out'],
  [{ names: [], url: 'ftp://x' }, 'must start with https:// or http://'],
  [{ names: [], title: 'two\nlines' }, 'one line'],
])('initSite() refuses %j', (options, why) => {
  const root = folderTree({});
  expect(() => initSite({ site: join(root, 'site'), ...options })).toThrow(why);
  expect(below(root)).toEqual([]);
});

test.each([
  ['one repository', ['glibc']],
  ['none but the site itself', []],
  ['a shared one', ['glibc', 'musl', 'common']],
  ['odd names', ['a b', 'x.y', "kho's é", 'common']],
  ['only the shared one', ['common']],
])('starterSettings() for %s is understood, also with its comments as settings', (_what, names) => {
  const text = starterSettings({ names, url: 'https://packages.example.org', title: 'A "title" \\ of it' });
  const settings = loadSettings(Buffer.from(text));
  expect(settings.faults).toEqual([]);
  expect(settings).toMatchObject({ url: 'https://packages.example.org', title: 'A "title" \\ of it' });
  const includes = names.includes('common') ? names.filter((name) => name !== 'common') : [];
  const known = names.filter((name) => includes.includes(name) || platformsOfName(name));
  expect([...settings.repositories.keys()]).toEqual(known);
  for (const name of names) {
    const { platforms } = settings.repositories.get(name) ?? {};
    expect(platforms).toEqual(platformsOfName(name)); // what the name says, so that no build has to guess
  }
  for (const name of includes) {
    expect(settings.repositories.get(name)?.include).toMatchObject([{ name: 'common' }]);
  }
  const bold = loadSettings(Buffer.from(starterSettings({ names }).replace(/^# (?=[a-z[]+.*[="\]])/gm, '')));
  expect(bold.faults).toEqual([]);
  expect(bold.title).toBe('Python packages');
  expect(bold.repositories.size).toBeGreaterThan(0);
  expect(bold.upstreams.get('public')?.cooldownMs).toBe(7 * 86_400_000);
});
