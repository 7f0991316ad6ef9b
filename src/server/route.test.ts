import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ATTACKS } from '../../test/support/server-contract/safety.ts';
import { HIDDEN } from '../../test/support/server-contract/site.ts';
import { route } from './route.ts';

const SITE = { repositories: new Set(['glibc', 'kho vui', 'metrics']) };
const ALONE = { repositories: new Set(['.']) };

test.each([
  ['/', { kind: 'page', repository: '.', path: 'index.html' }],
  ['/index.html', { kind: 'page', repository: '.', path: 'index.html' }],
  ['/?x=1', { kind: 'page', repository: '.', path: 'index.html' }],
  ['http://host:80/glibc/', { kind: 'page', repository: 'glibc', path: 'index.html' }],
  ['/healthz', { kind: 'health' }],
  ['/metrics', { kind: 'metrics' }],
  ['/metrics/', { kind: 'page', repository: 'metrics', path: 'index.html' }],
  ['/glibc/', { kind: 'page', repository: 'glibc', path: 'index.html' }],
  ['/glibc/SHA256SUMS', { kind: 'page', repository: 'glibc', path: 'SHA256SUMS' }],
  ['/kho%20vui/simple/', { kind: 'simple', repository: 'kho vui' }],
  ['/glibc/simple/foo/', { kind: 'simple', repository: 'glibc', project: 'foo' }],
  ['/%67libc/simpl%65/f%6fo/', { kind: 'simple', repository: 'glibc', project: 'foo' }],
  ['/glibc/simple/index.json', { kind: 'page', repository: 'glibc', path: 'simple/index.json' }],
  [
    '/glibc/simple/foo/index.html',
    { kind: 'page', repository: 'glibc', path: 'simple/foo/index.html', project: 'foo' },
  ],
  ['/glibc/pypi/foo/json', { kind: 'page', repository: 'glibc', path: 'pypi/foo/json', project: 'foo' }],
  ['/glibc/pypi/foo/1.0%2Bx/json', { kind: 'page', repository: 'glibc', path: 'pypi/foo/1.0+x/json', project: 'foo' }],
  ['/glibc/project/foo/', { kind: 'page', repository: 'glibc', path: 'project/foo/index.html' }],
  ['/glibc/project/foo/1.0/a.whl.html', { kind: 'page', repository: 'glibc', path: 'project/foo/1.0/a.whl.html' }],
  ['/glibc/packages/a-1%2Bb.whl', { kind: 'package', repository: 'glibc', path: 'a-1+b.whl' }],
  ['/glibc/packages/a-1+b.whl', { kind: 'package', repository: 'glibc', path: 'a-1+b.whl' }],
  ['/glibc/sync/head.json', { kind: 'synced', repository: 'glibc', path: 'sync/head.json' }],
  [
    `/glibc/sync/${'a'.repeat(64)}.jsonl.br`,
    { kind: 'synced', repository: 'glibc', path: `sync/${'a'.repeat(64)}.jsonl.br` },
  ],
  ['/glibc/sync/other', { kind: 'missing', repository: 'glibc' }],
  ['/glibc/sync/head.json/', { kind: 'missing', repository: 'glibc' }],
  ['/glibc/packages/sub/a.whl.metadata', { kind: 'package', repository: 'glibc', path: 'sub/a.whl.metadata' }],
])('route() reads %s', (target, action) => {
  expect(route(target, SITE)).toEqual(action);
});

test.each([
  ['/simple/', { kind: 'simple', repository: '.' }],
  ['/packages/a.whl', { kind: 'package', repository: '.', path: 'a.whl' }],
  ['/SHA256SUMS', { kind: 'page', repository: '.', path: 'SHA256SUMS' }],
  ['/simple', { kind: 'redirect', location: './simple/' }],
  ['/glibc/', { kind: 'missing', repository: '.' }],
])('route() reads %s of a site that is a repository itself', (target, action) => {
  expect(route(target, ALONE)).toEqual(action);
});

test.each([
  ['/glibc', '/glibc/'],
  ['/glibc?a=1', '/glibc/?a=1'],
  ['/kho%20vui', '/kho%20vui/'],
  ['/glibc/simple', '/glibc/simple/'],
  ['/glibc/simple/foo', '/glibc/simple/foo/'],
  ['/glibc/simple/Foo_Bar/', '/glibc/simple/foo-bar/'],
  ['/glibc/simple/Foo_Bar', '/glibc/simple/foo-bar/'],
  ['/glibc/simple/f%4F%6f.bar', '/glibc/simple/foo-bar/'],
  ['/glibc/simple/a--b__c/index.json?x', '/glibc/simple/a-b-c/index.json?x'],
  ['/glibc//simple/foo/', '/glibc/simple/foo/'],
  ['//glibc/simple/foo/', '/glibc/simple/foo/'],
  ['///glibc///simple///foo///', '/glibc/simple/foo/'],
  ['//', '/'],
  ['/glibc/packages//a%2Bb.whl', '/glibc/packages/a%2Bb.whl'],
  ['/glibc/pypi/Foo/json', '/glibc/pypi/foo/json'],
  ['/glibc/pypi/foo/json/', '/glibc/pypi/foo/json'],
  ['/glibc/pypi/Foo/1.0/json/', '/glibc/pypi/foo/1.0/json'],
])('route() leads %s to %s, under any prefix', (target, expected) => {
  const action = route(target, SITE);
  if (action.kind !== 'redirect') throw new Error(`${target} is ${action.kind}`);
  for (const prefix of ['http://host', 'https://host:8443/some/prefix']) {
    expect(new URL(action.location, prefix + target).href).toBe(prefix + expected);
  }
});

test.each([
  '/unknown/',
  '/simple/',
  '/glibc/packages',
  '/glibc/packages/',
  '/glibc/packages/a.whl/',
  '/glibc/pypi/',
  '/glibc/pypi/foo/',
  '/glibc/pypi/foo/1.0/',
  '/glibc/pypi/foo/1.0/2/json',
  '/glibc/pypi//json',
  '/glibc/simple/-foo/',
  '/glibc/simple/foo bar/',
  '/glibc/simple/foo/bar/',
  '/glibc/simple/foo/index.html/',
  '/glibc/simple/foo/index.html.gz',
  '/glibc/index.html/',
  '/glibc/kho.toml',
  '/glibc/SHA256SUMS/',
  '/healthz/',
  ...HIDDEN.map((path) => `/${path}`),
])('route() finds nothing at %s', (target) => {
  expect(route(target, SITE).kind).toBe('missing');
});

test.each([
  '',
  '*',
  'glibc/',
  'file:///etc/passwd',
  'host:443',
  '/glibc/simple/%',
  '/glibc/simple/%zz/',
  '/%c0%ae%c0%ae/',
])('route() finds no path in %j', (target) => {
  expect(route(target, SITE).kind).toBe('malformed');
});

/** A way out must be refused here: what is behind takes paths as they come. */
function isSafe(target: string, site: typeof SITE): boolean {
  const action = route(target, site);
  if (action.kind === 'redirect') return /^\.{1,2}\/[\w.~!/%?=+&;-]*$/.test(action.location.split('?', 1)[0] ?? '');
  if (action.kind !== 'page' && action.kind !== 'package') return true;
  if (action.path.split('/').some((segment) => segment === '' || segment.startsWith('.'))) return false;
  if (/[\x00-\x1f\\]/.test(action.path)) return false;
  return action.kind === 'package' || /^(?:index\.html|SHA256SUMS|simple\/|pypi\/|project(?:\/|$))/.test(action.path);
}

test.each(ATTACKS)('route() gives %s no way out', (target) => {
  for (const site of [SITE, ALONE]) expect(isSafe(target, site)).toBe(true);
});

test('route() gives no path a way out', () => {
  const piece = fc.constantFrom(
    ...[
      '/',
      '//',
      '.',
      '..',
      '%2e',
      '%2f',
      '%5c',
      '%00',
      '\\',
      '%',
      '?',
      '#',
      ':',
      '@',
      'http://x',
      'glibc',
      'simple',
      'pypi',
    ],
    ...[
      'json',
      'packages',
      'project',
      'index.html',
      'a',
      'A_b',
      '+',
      '%2B',
      '%C3%A9',
      'é',
      ' ',
      ';',
      'kho.toml',
      '.kho',
    ],
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), fc.boolean(), (pieces, isAlone) => {
      return isSafe(`/${pieces.join('')}`, isAlone ? ALONE : SITE);
    }),
    { numRuns: 1000 },
  );
});

test.each([
  ['/project/kho.abc.css', { kind: 'page', repository: '.', path: 'project/kho.abc.css' }],
  ['/project/changes.html', { kind: 'page', repository: '.', path: 'project/changes.html' }],
])('route() finds %s of a site that is no repository itself', (target, expected) => {
  expect(route(target, { repositories: new Set(['glibc']) })).toEqual(expected);
});
