import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderTree } from '../../test/support/folder-tree.ts';
import { loadSettings } from '../config/load-settings.ts';
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
  });
});

test('initSite() without names makes the site itself a repository', () => {
  const root = folderTree({});
  expect(initSite({ site: root, names: [] }).repositories).toEqual(['.']);
  expect(below(root)).toEqual(['kho.toml', 'packages']);
});

test('initSite() leaves alone what is there', () => {
  const root = folderTree({ 'kho.toml': '# mine\n', 'glibc/packages/foo.whl': 'wheel' });
  const report = initSite({ site: root, names: ['glibc', 'musl'], groupId: process.getgid?.() ?? 0 });
  expect(report.kept).toEqual([root, `${root}/glibc`, `${root}/glibc/packages`, `${root}/kho.toml`]);
  expect(readFileSync(join(root, 'kho.toml'), 'utf8')).toBe('# mine\n');
  expect(statSync(join(root, 'glibc/packages')).mode & 0o7000).toBe(0);
  expect(readFileSync(join(root, 'glibc/packages/foo.whl'), 'utf8')).toBe('wheel');
});

test('initSite() lets a group work in what it makes', () => {
  const root = folderTree({});
  const groupId = process.getgid?.() ?? 0;
  initSite({ site: join(root, 'site'), names: ['glibc'], groupId });
  for (const path of ['site', 'site/glibc', 'site/glibc/packages']) {
    const { mode, gid } = statSync(join(root, path));
    expect([path, mode & 0o7777, gid]).toEqual([path, 0o2775, groupId]);
  }
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
  expect([...settings.repositories.keys()]).toEqual(includes);
  for (const name of includes) {
    expect(settings.repositories.get(name)?.include).toMatchObject([{ name: 'common' }]);
  }
  const bold = loadSettings(Buffer.from(starterSettings({ names }).replace(/^# (?=[a-z[]+.*[="\]])/gm, '')));
  expect(bold.faults).toEqual([]);
  expect(bold.title).toBe('Python packages');
  expect(bold.repositories.size).toBeGreaterThan(0);
});
