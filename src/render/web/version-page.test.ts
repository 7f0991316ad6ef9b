import { expect, test } from 'vitest';
import { makeFile } from '../../../test/support/make-project.ts';
import type { SiteContext } from './model.ts';
import { type VersionPageData, versionPage } from './version-page.ts';

const SITE: SiteContext = {
  ...{ title: 'T', language: 'en', style: 's.css', script: 's.js', theme: 't.js', icon: 'i.svg', remoteImages: false },
  ...{ texts: { en: 'en.js', vi: 'vi.js' }, repositories: ['glibc'] },
};
const NOTHING = { added: [], removed: [] };

function linksOf(more: Partial<VersionPageData>): string[] {
  const page = versionPage(SITE, {
    ...{
      repository: 'glibc',
      project: 'foo',
      displayName: 'Foo',
      path: 'project/foo/2.0/index.html',
      machines: [],
      holes: [],
    },
    ...{ release: { version: '2.0', files: [makeFile('foo-2.0-py3-none-any.whl')] }, ...more },
  });
  return [...page.matchAll(/<p class="sub"><a href="([^"]+)">/g)].map(([, link = '']) => link);
}

test('versionPage() leads to the versions on both sides of it, where they have pages', () => {
  const changes = {
    ...{ since: '1.0', dependencies: NOTHING, entryPoints: NOTHING, platforms: NOTHING },
    ...{ pythons: undefined, glibc: undefined },
  };
  expect(linksOf({ newer: '3.0', changes })).toEqual([
    '../../../project/foo/3.0/index.html',
    '../../../project/foo/1.0/index.html',
  ]);
  expect(linksOf({})).toEqual([]);
  expect(linksOf({ newer: 'no folder of that name', changes: { ...changes, since: '..' } })).toEqual([]);
});
