import { expect } from 'vitest';
import { ask, askFollowing, follow } from './ask.ts';
import { ACCEPT, type ContractCheck, mediaType } from './check.ts';

const PROJECT = '/glibc/simple/foo-bar-baz/';

/** Any spelling of a project's page, and where it must lead. */
const SPELLINGS: [path: string, target: string][] = [
  ['/glibc', '/glibc/'],
  ['/glibc/simple', '/glibc/simple/'],
  ['/glibc/simple/foo-bar-baz', PROJECT],
  ['/glibc/simple/Foo_Bar.baz/', PROJECT],
  ['/glibc/simple/Foo_Bar.baz', PROJECT],
  ['/glibc/simple/FOO-BAR-BAZ/', PROJECT],
  ['/glibc/simple/foo--bar_.-baz/', PROJECT],
  ['/glibc/simple/foo.bar.baz', PROJECT],
  ['/glibc/simple/PLAIN/', '/glibc/simple/plain/'],
  ['/glibc//simple/foo-bar-baz/', PROJECT],
  ['/glibc/simple//foo-bar-baz/', PROJECT],
  ['/glibc/simple///foo-bar-baz//', PROJECT],
  ['/glibc/simple//Foo.Bar_baz', PROJECT],
];

const UNKNOWN = [
  '/glibc/simple/unknown/',
  '/glibc/simple/unknown',
  '/glibc/simple/Un_Known/',
  '/glibc/simple/unknown/index.html',
  '/glibc/pypi/unknown/json',
  '/glibc/pypi/plain/9.9/json',
  '/glibc/pypi/plain/1.0.1/json',
  '/glibc/packages/unknown-1.0-py3-none-any.whl',
  '/glibc/packages/unknown-1.0.tar.gz',
  '/glibc/packages/plain-1.0-py3-none-any.whl/',
  '/glibc/packages/',
  '/glibc/packages',
  '/glibc/packages/sub/',
  '/glibc/pypi/',
  '/glibc/pypi/plain/',
  '/unknown/simple/plain/',
  '/unknown',
  '/simple/',
  '/simple/plain/',
  '/packages/plain-1.0-py3-none-any.whl',
  '/glibc/simple/plain/more/',
  '/glibc/simple/plain/plain-1.0-py3-none-any.whl',
  '/favicon.ico',
];

export const NAME_CHECKS: ContractCheck[] = [
  ...SPELLINGS.map(
    ([path, target]): ContractCheck => ({
      name: `${path} leads to ${target}`,
      async run(server) {
        for (const accept of [ACCEPT.pip, ACCEPT.pip22]) {
          const first = await ask(server, path, { headers: { Accept: accept } });
          expect([301, 302, 307, 308]).toContain(first.status);
          follow(server, path, first.headers.location ?? '');
          const end = await askFollowing(server, path, { headers: { Accept: accept } });
          expect([end.path, end.answer.status]).toEqual([target, 200]);
          const expected = await ask(server, target, { headers: { Accept: accept } });
          expect(end.answer.text).toBe(expected.text);
        }
      },
    }),
  ),
  {
    name: 'a path may encode more than it must',
    async run(server) {
      for (const path of ['/glibc/simple/pl%61in/', '/%67libc/simple/plain/']) {
        const { answer } = await askFollowing(server, path);
        expect([path, answer.status]).toEqual([path, 200]);
      }
    },
  },
  {
    name: 'the JSON API knows other spellings of a name',
    needs: 'names in pypi/',
    async run(server) {
      for (const path of [
        '/glibc/pypi/Foo_Bar.baz/json',
        '/glibc/pypi/Foo_Bar.baz/1.0/json',
        '/glibc/pypi/foo-bar-baz/json/',
      ]) {
        const { answer, hops } = await askFollowing(server, path);
        expect([path, answer.status, hops]).toEqual([path, 200, 1]);
      }
    },
  },
  {
    name: 'the JSON API knows other spellings of a version, as PyPI does',
    needs: 'equal versions',
    async run(server) {
      for (const [asked, release] of [
        ['plain/1/json', 'plain/1.0/json'],
        ['plain/v1.0.0/json', 'plain/1.0/json'],
        ['plain/1.00/json/', 'plain/1.0/json'],
        ['Foo_Bar.baz/2.0%2BCPU-1/json', 'foo-bar-baz/2.0%2Bcpu.1/json'],
        ['foo-bar-baz/2+cpu.1/json', 'foo-bar-baz/2.0%2Bcpu.1/json'],
      ]) {
        const { answer, path } = await askFollowing(server, `/glibc/pypi/${asked}`);
        expect([asked, path, answer.status]).toEqual([asked, `/glibc/pypi/${release}`, 200]);
      }
    },
  },
  ...UNKNOWN.map(
    (path): ContractCheck => ({
      name: `${path} is 404`,
      async run(server) {
        for (const accept of [ACCEPT.pip, ACCEPT.pip22]) {
          const { answer } = await askFollowing(server, path, { headers: { Accept: accept } });
          expect(answer.status).toBe(404);
          expect(answer.text).not.toMatch(/Index of|Error:|node:|\bat .*:\d+/);
        }
      },
    }),
  ),
  {
    name: 'who opens a page that is not there is led back, and who installs is told the bare fact',
    async run(server) {
      for (const path of ['/glibc/project/unknown/', '/glibc/project/unknown.html', '/unknown/', '/a/b/c']) {
        const lost = await ask(server, path, { headers: { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } });
        expect([path, lost.status, mediaType(lost.headers['content-type'])]).toEqual([path, 404, 'text/html']);
        expect(lost.text).toContain('data-page="lost"');
        expect(lost.headers['content-security-policy']).toContain("frame-ancestors 'none'");
      }
      const pip = await ask(server, '/glibc/simple/unknown/', { headers: { Accept: ACCEPT.pip } });
      expect([pip.status, pip.text.includes('data-page')]).toEqual([404, false]);
    },
  },
  {
    name: '404 says what is not there, in JSON to who reads JSON',
    needs: 'helpful 404',
    async run(server) {
      const text = await ask(server, '/glibc/simple/unknown/', { headers: { Accept: 'text/html' } });
      expect(text.text).toContain('unknown');
      expect(text.text).toContain('glibc');
      expect(mediaType(text.headers['content-type'])).toBe('text/plain');
      const json = await ask(server, '/glibc/simple/unknown/', { headers: { Accept: ACCEPT.uv } });
      expect(mediaType(json.headers['content-type'])).toBe('application/problem+json');
      expect(JSON.parse(json.text)).toMatchObject({
        status: 404,
        title: expect.any(String),
        detail: expect.stringContaining('unknown'),
      });
    },
  },
];
