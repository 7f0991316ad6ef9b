import { expect } from 'vitest';
import { ask, askFollowing, talk } from './ask.ts';
import type { ContractCheck } from './check.ts';
import { HELD, HIDDEN, SECRET } from './site.ts';

/** Paths as sent on the wire, each a way out of the site or to what was not published. */
export const ATTACKS = [
  '/../etc/passwd',
  '/../../../../../../etc/passwd',
  '/glibc/../kho.toml',
  '/glibc/packages/../../kho.toml',
  '/glibc/packages/../../.kho/manifest',
  '/glibc/simple/../packages/../../kho.toml',
  '/%2e%2e/etc/passwd',
  '/glibc/packages/%2e%2e/%2e%2e/kho.toml',
  '/glibc/packages/%2E%2E/%2E./kho.toml',
  '/glibc/packages/..%2f..%2fkho.toml',
  '/glibc/packages/%2e%2e%2f%2e%2e%2fkho.toml',
  '/glibc/packages/%252e%252e/%252e%252e/kho.toml',
  '/glibc/packages/..\\..\\kho.toml',
  '/glibc/packages/..%5c..%5ckho.toml',
  '/glibc/packages/....//....//kho.toml',
  '/glibc/packages/..;/..;/kho.toml',
  '/glibc/packages/.%00./.%00./kho.toml',
  '/glibc/packages/plain-1.0-py3-none-any.whl%00.metadata',
  '/kho.toml%00.whl',
  '/kho.toml',
  '/kho.toml/',
  '/KHO.TOML',
  '/%6bho.toml',
  '/./kho.toml',
  '//kho.toml',
  '/glibc/%2e/packages/.hidden-1.0-py3-none-any.whl',
  '/.kho/manifest',
  '/%2ekho/manifest',
  '/.kho',
  '/.kho/',
  '/glibc/packages/%c0%ae%c0%ae/%c0%ae%c0%ae/kho.toml',
  '/glibc/packages/%u002e%u002e/kho.toml',
  '/glibc/simple/%2e%2e/packages/',
  '/glibc/simple/..%2f..%2fkho.toml/',
  '/glibc/simple/%00/',
  '/glibc/simple/<script>alert(1)</script>/',
  '/glibc/simple/%3Cscript%3Ealert(1)%3C%2Fscript%3E/',
  '/glibc/simple/a%0d%0aSet-Cookie:%20x=1/',
  '/glibc/simple/A%0d%0aSet-Cookie:%20x=1',
  '/glibc/simple/%ff%fe/',
  '/glibc/simple/%',
  '/glibc/simple/%zz/',
  '/proc/self/environ',
  '/incoming/',
  '/incoming',
  '/originals/',
  '/glibc/index.json%20',
  '/constructor/',
  '/__proto__/simple/',
  '/glibc/simple/__proto__/',
];

/** Whole requests that no client sends. */
const ODD_REQUESTS: [what: string, request: string][] = [
  ['no version', 'GET /kho.toml\r\n\r\n'],
  ['an unknown method', 'BREW /glibc/ HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['no Host', 'GET /kho.toml HTTP/1.1\r\n\r\n'],
  ['a star', 'GET * HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['a whole address', 'GET http://x/kho.toml HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['another scheme', 'GET file:///etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['CONNECT', 'CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['no HTTP at all', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n'],
  [
    'two lengths',
    'POST /glibc/ HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /kho.toml HTTP/1.1\r\n\r\n',
  ],
  ['a header without end', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(100_000)}\r\n\r\n`],
];

const refuse = (path: string): ContractCheck => ({
  name: `${path} is refused`,
  async run(server) {
    for (const method of ['GET', 'HEAD']) {
      const { answer } = await askFollowing(server, path, { method });
      expect([400, 403, 404, 414]).toContain(answer.status);
      expect(answer.headers['set-cookie']).toBeUndefined();
      expect(answer.text).not.toContain(SECRET);
      expect(answer.text).not.toMatch(
        /root:|<script(?! src="[^"]*\/project\/(?:kho|theme)\.[\w-]+\.js")|alert\(|node:|\bat .*:\d+/,
      );
    }
  },
});

const missing = (path: string, needs?: 'held files'): ContractCheck => ({
  name: `/${path} is 404`,
  ...(needs && { needs }),
  async run(server) {
    for (const method of ['GET', 'HEAD']) {
      const { answer } = await askFollowing(server, `/${path}`, { method });
      expect(answer.status).toBe(404);
      expect(answer.text).not.toContain(SECRET);
    }
  },
});

/** Before an answer, and after it where the connection stays open, in milliseconds. */
const SILENCE_MS = 1500;
const AFTER_MS = 300;

export const SAFETY_CHECKS: ContractCheck[] = [
  ...ATTACKS.map(refuse),
  ...HIDDEN.map((path) => missing(path)),
  ...HELD.map((path) => missing(path, 'held files')),
  ...ODD_REQUESTS.map(
    ([what, request]): ContractCheck => ({
      name: `a request with ${what} shows nothing and breaks nothing`,
      async run(server) {
        const received = await talk(server, Buffer.from(request, 'latin1'), SILENCE_MS, AFTER_MS);
        expect(received).not.toMatch(/^HTTP\/1\.[01] [25]/);
        expect(received).not.toContain(SECRET);
        expect((await ask(server, '/glibc/simple/')).status).toBe(200);
      },
    }),
  ),
  {
    name: 'nothing can be changed',
    async run(server) {
      for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'TRACE', 'PROPFIND', 'MKCOL', 'MOVE']) {
        const { status } = await ask(server, '/glibc/simple/plain/', { method });
        expect([method, Math.floor(status / 100)]).toEqual([method, 4]);
      }
      expect((await ask(server, '/glibc/simple/plain/')).status).toBe(200);
    },
  },
  {
    name: 'a path longer than any is refused',
    async run(server) {
      const { status } = await ask(server, `/glibc/simple/${'a'.repeat(40_000)}/`);
      expect([400, 404, 414, 431]).toContain(status);
    },
  },
  {
    name: 'requests on one connection are answered in their order',
    async run(server) {
      const { host, pathname } = new URL(server.url);
      const prefix = pathname.replace(/\/$/, '');
      const get = (path: string, more = '') => `GET ${prefix}${path} HTTP/1.1\r\nHost: ${host}\r\n${more}\r\n`;
      const received = await talk(
        server,
        get('/glibc/SHA256SUMS') +
          get('/glibc/simple/unknown/') +
          get('/glibc/pypi/plain/json') +
          get('/', 'Connection: close\r\n'),
      );
      expect([...received.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => status)).toEqual([
        '200',
        '404',
        '200',
        '200',
      ]);
    },
  },
];
