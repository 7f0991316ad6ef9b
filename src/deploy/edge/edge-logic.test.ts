import { isDeepStrictEqual } from 'node:util';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { seededRandom } from '../../../test/support/seeded-random.ts';
import { ACCEPT } from '../../../test/support/server-contract/check.ts';
import { ATTACKS } from '../../../test/support/server-contract/safety.ts';
import { route, type SiteShape } from '../../server/route.ts';
import { PAGE_TYPES } from '../../standards/http/media-types.ts';
import { isPackageName } from '../../standards/package-suffixes.ts';
import { servedSideOf } from '../../standards/side-files.ts';
import { chooseForm, formNamed } from '../../standards/simple-api/negotiate.ts';
import { UNPUBLISHED } from '../address-shapes.ts';
import { edgeLogic } from './edge-logic.ts';
import type { EdgeSite } from './edge-site.ts';

interface Found {
  status: number;
  key?: string;
  location?: string;
  form?: string;
}

function load(hidden: string[] = [], prefix = '', keyPrefix = ''): (target: string, accept?: string) => Found {
  const site = { prefix } as EdgeSite['site'];
  const locate = runInNewContext(`'use strict';${edgeLogic({ site, keyPrefix, hidden })};locate`);
  return (target, accept = '') => {
    const [path = '', query] = target.split(/\?(.*)/s);
    return locate(path, query === undefined ? '' : `?${query}`, accept);
  };
}

const locate = load();

/** At the edge, any folder may be a repository, and the site itself one. */
const ANY: SiteShape = {
  repositories: {
    has: (name: string) =>
      !['simple', 'pypi', 'packages', 'project', 'index.html', 'SHA256SUMS', ...UNPUBLISHED].includes(name),
  } as ReadonlySet<string>,
};

/** What `kho serve` would do, said as the edge says it. */
function served(target: string, accept: string): Found {
  const action = route(target, ANY);
  const missing = { status: 404 };
  switch (action.kind) {
    case 'malformed':
      return { status: 400 };
    case 'redirect': {
      // To what is no package nobody need be led.
      const isNothing = served(pathOf(target, action.location), accept).status === 404;
      return isNothing ? missing : redirected(target, action.location);
    }
    case 'simple': {
      const named = new URLSearchParams((target.split(/(\?.*)/s)[1] ?? '').replaceAll('+', '%2B')).get('format');
      const form = (named !== null && formNamed(named)) || chooseForm(accept);
      const page = `simple/${action.project === undefined ? '' : `${action.project}/`}index.${form === 'json' ? 'json' : 'html'}`;
      return form === undefined ? { status: 406 } : { status: 200, key: below(action.repository, page), form };
    }
    case 'package': {
      const isThere =
        isPackageName(action.path) ||
        isPackageName(action.path.replace(/\.[a-z]+$/, (end) => (servedSideOf(end) ? '' : end)));
      return isThere ? { status: 200, key: below(action.repository, `packages/${action.path}`) } : missing;
    }
    case 'page': {
      const { repository, path } = action;
      if (/^project/.test(path) && !Object.keys(PAGE_TYPES).some((end) => path.endsWith(`.${end}`))) {
        return redirected(target, `${path.slice(path.lastIndexOf('/') + 1)}/`);
      }
      return { status: 200, key: below(repository, path) };
    }
    case 'synced':
      return { status: 200, key: below(action.repository, action.path) };
    default:
      return missing;
  }
}

const below = (repository: string, path: string) => (repository === '.' ? path : `${repository}/${path}`);

/** Without what only tells how it was found. */
function atEdge(target: string, accept: string): Found {
  const { status, key, location, form } = locate(target, accept);
  if (location !== undefined) return redirected(target, location);
  return { status, ...(key !== undefined && { key }), ...(form !== undefined && { form }) };
}

/** Folders of pages for people are found in one step at the edge, and in two by `kho serve`. */
function redirected(target: string, location: string): Found {
  const path = pathOf(target, location);
  return {
    status: 301,
    location: /\/project(?:\/|$)/.test(path) ? decodeURIComponent(path).replace(/\/$/, '') : location,
  };
}

function pathOf(target: string, location: string): string {
  return new URL(location, `http://x${target.split('?')[0]}`).pathname;
}

/** `kho serve` has something of its own there, or knows that a site has no such repository. */
const OF_SERVE = /^\/+(?:healthz|metrics|favicon\.ico|robots\.txt|sync\/+[^/?]*)(?:\?|$)/;

const NAMED = 'application/vnd.pypi.simple.v1';
const TARGETS = [
  ...[
    '/',
    '/index.html',
    '/SHA256SUMS',
    '/glibc',
    '/glibc/',
    '/glibc/index.html',
    '/glibc/SHA256SUMS',
    '/glibc/SHA256SUMS/',
  ],
  ...['/simple/', '/simple', '/glibc/simple', '/glibc/simple/', '/glibc/simple/index.html', '/glibc/simple/index.json'],
  ...[
    '/glibc/simple/foo-bar/',
    '/glibc/simple/foo-bar',
    '/glibc/simple/Foo_Bar.baz/',
    '/glibc/simple/Foo__bar',
    '/simple/PLAIN',
  ],
  ...[
    '/glibc/simple/foo/index.html',
    '/glibc/simple/Foo/index.json',
    '/glibc/simple/foo/index.json/',
    '/glibc/simple/foo/x',
  ],
  ...[
    '/glibc/simple/-foo/',
    '/glibc/simple/foo-/',
    '/glibc/simple/f%20o/',
    '/glibc/simple/f%C3%A9/',
    '/glibc/simple/pl%61in/',
  ],
  ...[
    '/glibc/pypi/foo/json',
    '/glibc/pypi/Foo_Bar/json',
    '/glibc/pypi/foo/1.0/json',
    '/glibc/pypi/foo/1.0%2Bcpu/json/',
    '/pypi/foo/json',
  ],
  ...['/glibc/pypi/foo/1.0', '/glibc/pypi/', '/glibc/pypi/foo/1/2/json', '/glibc/pypi/foo/json?x=1'],
  ...[
    '/glibc/packages/foo-1.0%2Bcpu-py3-none-any.whl',
    '/glibc/packages/foo-1.0+cpu-py3-none-any.whl',
    '/packages/a-1!2.tar.gz',
  ],
  ...[
    '/glibc/packages/a%20b/%C3%A9-1.0.tar.gz',
    '/glibc/packages/a.whl.metadata',
    '/glibc/packages/a.whl.yanked',
    '/glibc/packages/a.txt',
  ],
  ...[
    '/glibc/packages/',
    '/glibc/packages',
    '/glibc/packages/a.whl/',
    '/glibc/packages//a.whl',
    '/packages/a.whl.asc.asc',
  ],
  ...[
    '/glibc/sync/head.json',
    '/glibc/sync/',
    '/glibc/sync/x.json',
    `/glibc/sync/${'a'.repeat(64)}.jsonl.br`,
    '/glibc/sync/head.json/',
  ],
  ...[
    '/project/',
    '/project',
    '/glibc/project/plain/',
    '/glibc/project/plain',
    '/glibc/project/plain/1.0',
    '/glibc/project/page-2.html',
  ],
  ...[
    '/project/kho.0123456789.css',
    '/glibc/project/plain/1.0/plain-1.0-py3-none-any.whl.html',
    '/glibc/project/plain/changes.xml',
  ],
  ...[
    '/%67libc/simple/plain/',
    '/a%2fb/',
    '/a%5cb/',
    '/a%00/',
    '/%',
    '/%zz/',
    '/%ff/',
    '/.kho/site',
    '/glibc/.kho/x',
    '/incoming/a.whl',
  ],
  ...[
    '/originals',
    '/originals/x/',
    '/constructor/',
    '/__proto__/simple/',
    '/glibc/simple/constructor/',
    '/toString',
    '//',
    '///simple//x//',
  ],
  ...[
    '/glibc//simple/foo/',
    '//kho.toml',
    '/glibc/simple/foo//',
    '/(a)/',
    "/it's*",
    '/a+b',
    '/%C3%A9',
    '/a%3Fb/',
    '/a:b@c;d/',
  ],
  ...[
    `/glibc/simple/foo/?format=${NAMED}+json`,
    `/glibc/simple/?x=1&format=${NAMED}%2Bhtml`,
    '/glibc/simple/?format=text/html',
    '/glibc/simple/?format=x',
  ],
  ...[
    `/glibc/simple/?format=${NAMED}%2Bjson&format=text/html`,
    '/glibc/simple/?xformat=text/html',
    '/glibc/simple/Foo?a=/../b',
    '/simple?',
  ],
  ...ATTACKS.filter((path) => !/[#\\<>]/.test(path)),
];

const ACCEPTS = [
  ...Object.values(ACCEPT),
  ...[
    '',
    ' ',
    'text/*',
    '*',
    'image/png',
    ';;;,q=',
    ',',
    'TEXT/HTML',
    `${NAMED}+HTML`,
    `${NAMED}+json;q=0`,
    `${NAMED}+json;q=0, */*`,
  ],
  ...[
    `${NAMED}+json;q=0.1, text/html`,
    `text/html;q=0.2, ${NAMED}+json;q=0.3`,
    `${NAMED}+html, ${NAMED}+json;q=0.9`,
    `text/html, ${NAMED}+html`,
  ],
  ...[
    'application/vnd.pypi.simple.latest+json',
    'application/vnd.pypi.simple.latest+html;q=0.5, text/html; q = 0.4',
    'text/html;q=0, */*',
  ],
  ...[
    'text/html;level=1;q=0.2, text/html',
    'text/html;q=2',
    'text/html;q=.5, */*;q=1.0',
    'text/*;q=0, */*',
    '__proto__;q=0.5, constructor',
    'text/html;q=0.1234, */*',
  ],
  ...[`${'a/b;q=0.9,'.repeat(31)}${NAMED}+json`, `${'a/b;q=0.9,'.repeat(32)}${NAMED}+json`, 'a'.repeat(8000)],
];

test('the edge does with each address what kho serve does', () => {
  for (const target of TARGETS.filter((each) => !OF_SERVE.test(each))) {
    expect([target, atEdge(target, ACCEPT.pip)]).toEqual([target, served(target, ACCEPT.pip)]);
  }
});

test('the edge chooses the form of a page as kho serve does', () => {
  for (const accept of ACCEPTS) {
    for (const target of ['/glibc/simple/', '/simple/foo/', `/simple/foo/?format=${NAMED}+json`]) {
      expect([accept, atEdge(target, accept)]).toEqual([accept, served(target, accept)]);
    }
  }
});

test('the edge does as kho serve with thousands of addresses that nobody thought of', () => {
  const random = seededRandom(22);
  const pieces = [
    '/',
    '/',
    '/',
    '//',
    ...TARGETS.flatMap((target) => target.split(/(?=[/?])|(?<=[/.])/)),
    '%2B',
    '+',
    '_',
    '-',
    '.',
    'A',
    '%41',
    '%',
  ];
  const one = <T>(all: readonly T[]) => all[Math.floor(random() * all.length)] as T;
  const seen = new Set<number>();
  for (let round = 0; round < 20_000; round++) {
    const target = `/${Array.from({ length: 1 + Math.floor(random() * 7) }, () => one(pieces)).join('')}`;
    if (OF_SERVE.test(target) || /^[^?]*\?.*format/.test(target)) continue;
    const accept = one(ACCEPTS);
    const expected = served(target, accept);
    seen.add(expected.status);
    const found = atEdge(target, accept);
    if (!isDeepStrictEqual(found, expected)) expect([target, accept, found]).toEqual([target, accept, expected]);
  }
  expect([...seen].sort()).toEqual([200, 301, 400, 404, 406]);
});

test.each([
  ['/favicon.ico', { status: 200, key: 'favicon.ico' }],
  ['/sync/head.json', { status: 200, key: 'sync/head.json' }],
  ['/sync/simple/', { status: 200, key: 'sync/simple/index.html' }],
  ['/sync/x', { status: 404 }],
  ['/healthz', { status: 301, location: './healthz/' }],
])('the edge passes %s on, of which kho serve thinks otherwise', (target, expected) => {
  expect(locate(target)).toMatchObject(expected);
});

test('the edge hands out nothing of private repositories, however they are written', () => {
  const hiding = load(['lab', 'Thí nghiệm', 'it\'s "x" \\ </script>']);
  for (const target of [
    '/lab',
    '/lab/',
    '/lab/simple/',
    '/l%61b/simple/x/',
    '//lab//simple/',
    '/lab/packages/a-1-py3-none-any.whl',
    '/lab/SHA256SUMS',
    '/Th%C3%AD%20nghi%E1%BB%87m/simple/',
  ]) {
    expect([target, hiding(target, ACCEPT.pip).status]).toEqual([target, 404]);
  }
  expect(hiding('/labs/simple/').status).toBe(200);
  expect(hiding('/glibc/simple/lab/').status).toBe(200);
});

test('the edge knows what comes before the site in its addresses, and asks for nothing beside it', () => {
  const below = load([], '/a.b/pypi');
  expect(below('/a.b/pypi')).toEqual({ status: 301, location: './pypi/' });
  expect(below('/a.b/pypi?x=1')).toEqual({ status: 301, location: './pypi/?x=1' });
  expect(below('/a.b/pypi/glibc/simple/')).toMatchObject({ status: 200, key: 'glibc/simple/index.html' });
  expect(below('/a.b/pypi/glibc/simple/Foo_Bar')).toEqual({ status: 301, location: '../../glibc/simple/foo-bar/' });
  for (const target of ['/', '/glibc/simple/', '/a.b/pypix/', '/aXb/pypi/', '/a.b/'])
    expect(below(target).status).toBe(404);
});

test('the edge asks for no key that a store has no room for', () => {
  const longest = load([], '', 'team/python/');
  const room = 1024 - 'team/python/glibc/packages/.whl'.length;
  expect(longest(`/glibc/packages/${'a'.repeat(room)}.whl`).status).toBe(200);
  expect(longest(`/glibc/packages/${'a'.repeat(room + 1)}.whl`).status).toBe(404);
  expect(longest(`/glibc/packages/${'%C3%A9'.repeat(Math.floor(room / 2))}.whl`).status).toBe(200);
  expect(longest(`/glibc/packages/${'%C3%A9'.repeat(Math.floor(room / 2) + 1)}.whl`).status).toBe(404);
  expect(longest(`/${'a/'.repeat(60)}`).status).toBe(404);
});
