import { parse } from 'parse5';
import { expect, test } from 'vitest';
import { isReplaceableIndex, repositoryIndexPage, siteIndexPage } from './listing.ts';

const EVIL = `<script>alert("1")</script> & 'co'`;
const PROJECTS = [
  { name: 'foo-bar', displayName: 'Foo.Bar', latest: '1!2.0+x', files: 3 },
  { name: 'none', displayName: 'none', files: 1 },
];

/** Fails on whatever an HTML5 validator calls a parse error. */
function strictly(text: string | Promise<string>): string {
  const errors: string[] = [];
  parse(text as string, { onParseError: ({ code }) => errors.push(code) });
  expect(errors).toEqual([]);
  return text as string;
}

test('repositoryIndexPage() lists projects, and says how to install', () => {
  const page = repositoryIndexPage('Team', PROJECTS, { repository: 'glibc', siteUrl: 'https://host/p' });
  const text = strictly(page.render());
  expect(page.path).toBe('index.html');
  expect(text).toContain('<a href="simple/foo-bar/index.html">Foo.Bar</a></td><td>1!2.0+x</td><td>3</td>');
  expect(text).toContain('2 projects, 4 files');
  expect(text).toContain('pip install --index-url https://host/p/glibc/simple/ <i>PROJECT</i>');
});

test.each([
  ['http://10.0.0.1:8080/p', 'simple/ --trusted-host 10.0.0.1:8080 <i>'],
  [undefined, '<i>address of this folder</i>/simple/ <i>'],
])('siteIndexPage() gives a line that pip takes, with the url %s', (siteUrl, line) => {
  expect(strictly(siteIndexPage('Team', siteUrl, [], PROJECTS).render())).toContain(line);
});

test('siteIndexPage() lists repositories with their counts', () => {
  const page = siteIndexPage('Team', undefined, [{ name: 'my repo', projects: 2, files: 7 }]);
  const text = strictly(page.render());
  expect(text).toContain('<a href="my%20repo/index.html">my repo</a></td><td>2</td><td>7</td>');
  expect(text).not.toContain('pip install');
});

test.each([
  ['an empty site', siteIndexPage('Team', undefined, [])],
  ['an empty repository', repositoryIndexPage('Team', [], { repository: 'glibc' })],
  ['hostile titles', siteIndexPage(EVIL, undefined, [{ name: EVIL, projects: 1, files: 1 }])],
  [
    'hostile names',
    repositoryIndexPage(EVIL, [{ name: 'x', displayName: EVIL, latest: EVIL, files: 1 }], { repository: EVIL }),
  ],
])('pages of %s are valid HTML that runs nothing', (_what, page) => {
  expect(strictly(page.render())).not.toContain('<script>');
});

test.each([
  ['the url', siteIndexPage('Team', 'https://a', []), siteIndexPage('Team', 'https://b', [])],
  ['the title', siteIndexPage('Team', undefined, []), siteIndexPage('T', undefined, [])],
  ['own projects', siteIndexPage('Team', undefined, []), siteIndexPage('Team', undefined, [], [])],
  [
    'a latest version',
    repositoryIndexPage('T', PROJECTS, { repository: 'a' }),
    repositoryIndexPage('T', PROJECTS.slice(1), { repository: 'a' }),
  ],
])('pages depend on %s', (_what, one, other) => {
  expect(one.inputs).not.toBe(other.inputs);
});

test.each([
  ['kho', siteIndexPage('Team', undefined, []).render() as string],
  [
    'dumb-pypi 1.15',
    '<!doctype html>\n<html>\n<head>\n<title>x</title></head><body><div class="header">\n<div style="display: table-row">\n<div class="title">\n   <h1>x</h1></div>\n' +
      '<div class="searchbox">\n<input id="search"></div><div class="packages width" id="packages">\n</div></body></html>',
  ],
  [
    'an early dumb-pypi',
    '<head></head><div class="title"><h1>x</h1></div><div class="searchbox"></div><div class="packages"></div>',
  ],
])('isReplaceableIndex() knows a page of %s', (_who, text) => {
  expect(isReplaceableIndex(text)).toBe(true);
});

test.each([
  ['a page that a person wrote', '<!doctype html><title>Ours</title><h1>Welcome</h1>'],
  ['a page that only talks of kho', '<head></head><body>&lt;meta name="generator" content="kho"&gt;</body>'],
  ['a page that quotes kho', '<head></head><body><pre><meta name="generator" content="kho"></pre></body>'],
  ['a page of another generator', '<head><meta name="generator" content="Hugo"></head><div class="searchbox"></div>'],
  ['an empty page', ''],
])('isReplaceableIndex() leaves alone %s', (_what, text) => {
  expect(isReplaceableIndex(text)).toBe(false);
});
