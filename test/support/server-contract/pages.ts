import { expect } from 'vitest';
import { ask, askFollowing } from './ask.ts';
import { ACCEPT, type ContractCheck, HTML_TYPES, JSON_TYPE, listed, mediaType } from './check.ts';

const PROJECT = '/glibc/simple/foo-bar-baz/';
const LIST = '/glibc/simple/';

/** Accept, and whether JSON is the answer. */
const NEGOTIATION: [what: string, accept: string | undefined, json: boolean][] = [
  ['nothing', undefined, false],
  ['anything', ACCEPT.anything, false],
  ['text/html, as pip before 22.2', ACCEPT.pip22, false],
  ['what browsers send', ACCEPT.browser, false],
  ['the HTML type of the standard', 'application/vnd.pypi.simple.v1+html', false],
  ['what pip sends', ACCEPT.pip, true],
  ['what uv sends', ACCEPT.uv, true],
  ['what Poetry sends', ACCEPT.poetry, true],
  ['what micropip sends', ACCEPT.micropip, true],
  ['only JSON', JSON_TYPE, true],
  ['the latest JSON', 'application/vnd.pypi.simple.latest+json', true],
];

const negotiation = [LIST, PROJECT].flatMap((path) =>
  NEGOTIATION.map(
    ([what, accept, json]): ContractCheck => ({
      name: `${path} asked for ${what} is ${json ? 'JSON' : 'HTML'}`,
      async run(server) {
        const answer = await ask(server, path, accept === undefined ? {} : { headers: { Accept: accept } });
        expect(answer.status).toBe(200);
        expect(json ? [JSON_TYPE] : HTML_TYPES).toContain(mediaType(answer.headers['content-type']));
        expect(answer.text.trimStart().startsWith(json ? '{' : '<')).toBe(true);
        expect(listed(answer.headers['vary'])).toContain('accept');
      },
    }),
  ),
);

export const PAGE_CHECKS: ContractCheck[] = [
  ...negotiation,
  {
    name: 'q-values decide between the forms',
    needs: 'q-values',
    async run(server) {
      const table: [accept: string, type: string][] = [
        [`${JSON_TYPE};q=0.1, text/html`, 'text/html'],
        [`${JSON_TYPE};q=0, */*`, 'text/html'],
        [`text/html;q=0.2, ${JSON_TYPE};q=0.3`, JSON_TYPE],
        [`text/html, ${JSON_TYPE}`, JSON_TYPE],
        [`application/vnd.pypi.simple.v1+html, ${JSON_TYPE};q=0.9`, 'application/vnd.pypi.simple.v1+html'],
      ];
      for (const [accept, type] of table) {
        const answer = await ask(server, PROJECT, { headers: { Accept: accept } });
        expect([accept, mediaType(answer.headers['content-type'])]).toEqual([accept, type]);
      }
    },
  },
  {
    name: 'a page in no form that the client takes is 406',
    needs: 'q-values',
    async run(server) {
      const answer = await ask(server, PROJECT, { headers: { Accept: 'image/png' } });
      expect(answer.status).toBe(406);
      expect(listed(answer.headers['vary'])).toContain('accept');
    },
  },
  {
    name: 'both forms of a project say the same',
    async run(server) {
      const html = await ask(server, PROJECT, { headers: { Accept: ACCEPT.pip22 } });
      const json = JSON.parse((await ask(server, PROJECT, { headers: { Accept: ACCEPT.pip } })).text);
      const links = [...html.text.matchAll(/<a href="([^"#]*)#sha256=([0-9a-f]{64})"/g)].map(([, url, hash]) => [
        url,
        hash,
      ]);
      expect(links).toEqual(
        json.files.map((file: { url: string; hashes: { sha256: string } }) => [file.url, file.hashes.sha256]),
      );
      expect(links).toHaveLength(3);
    },
  },
  {
    name: 'each form has an ETag of its own, which gives 304 for that form only',
    async run(server) {
      for (const path of [LIST, PROJECT]) {
        const [html, json] = [
          await ask(server, path, { headers: { Accept: 'text/html' } }),
          await ask(server, path, { headers: { Accept: ACCEPT.pip } }),
        ];
        const [htmlTag, jsonTag] = [html.headers.etag ?? '', json.headers.etag ?? ''];
        expect(htmlTag).toMatch(/^(?:W\/)?"[^"]+"$/);
        expect(jsonTag).toMatch(/^(?:W\/)?"[^"]+"$/);
        expect(htmlTag).not.toBe(jsonTag);
        const again = (accept: string, tag: string) =>
          ask(server, path, { headers: { Accept: accept, 'If-None-Match': tag } });
        const unchanged = await again(ACCEPT.pip, jsonTag);
        expect([unchanged.status, unchanged.body.length, unchanged.headers.etag]).toEqual([304, 0, jsonTag]);
        expect((await again('text/html', htmlTag)).status).toBe(304);
        expect((await again('text/html', jsonTag)).status).toBe(200);
        expect((await again(ACCEPT.pip, `"x", ${jsonTag}`)).status).toBe(304);
      }
    },
  },
  {
    name: 'pages have a Last-Modified, which gives 304',
    async run(server) {
      const first = await ask(server, PROJECT);
      const modified = first.headers['last-modified'] ?? '';
      expect(Date.parse(modified)).toBeGreaterThan(0);
      expect((await ask(server, PROJECT, { headers: { 'If-Modified-Since': modified } })).status).toBe(304);
      const longAgo = { headers: { 'If-Modified-Since': 'Sun, 06 Nov 1994 08:49:37 GMT' } };
      expect((await ask(server, PROJECT, longAgo)).status).toBe(200);
    },
  },
  {
    name: 'pages are to be asked for again each time',
    async run(server) {
      for (const path of [LIST, PROJECT, '/glibc/pypi/plain/json', '/', '/glibc/']) {
        expect([path, listed((await ask(server, path)).headers['cache-control'])]).toEqual([path, ['no-cache']]);
      }
    },
  },
  {
    name: 'a page comes compressed to who takes that, under another ETag',
    needs: 'compression',
    async run(server) {
      const plain = await ask(server, PROJECT, { headers: { Accept: ACCEPT.pip } });
      const packed = await ask(server, PROJECT, {
        headers: { Accept: ACCEPT.pip, 'Accept-Encoding': 'gzip, deflate' },
      });
      expect([plain.headers['content-encoding'], packed.headers['content-encoding']]).toEqual([undefined, 'gzip']);
      expect(packed.body.length).toBeLessThan(plain.body.length);
      expect(packed.text).toBe(plain.text);
      expect(packed.headers.etag).not.toBe(plain.headers.etag);
      expect(listed(packed.headers['vary'])).toEqual(expect.arrayContaining(['accept', 'accept-encoding']));
    },
  },
  {
    name: 'the JSON API is application/json',
    async run(server) {
      for (const path of ['/glibc/pypi/foo-bar-baz/json', '/glibc/pypi/foo-bar-baz/1.0/json']) {
        const answer = await ask(server, path);
        expect([answer.status, mediaType(answer.headers['content-type'])]).toEqual([200, 'application/json']);
        expect(JSON.parse(answer.text).info.name).toMatch(/^foo[-_.]bar[-_.]baz$/i);
      }
    },
  },
  {
    name: 'front pages are HTML, checksums are text',
    async run(server) {
      for (const path of ['/', '/index.html', '/glibc/', '/glibc/index.html', '/glibc/simple/plain/index.html']) {
        const answer = await ask(server, path);
        expect([path, answer.status, mediaType(answer.headers['content-type'])]).toEqual([path, 200, 'text/html']);
      }
      const sums = await ask(server, '/glibc/SHA256SUMS');
      expect([sums.status, mediaType(sums.headers['content-type'])]).toEqual([200, 'text/plain']);
      expect(sums.text).toMatch(/^[0-9a-f]{64} [ *]packages\//m);
    },
  },
  {
    name: 'pages for people, their style, script and feeds come under their own types',
    async run(server) {
      const front = (await ask(server, '/glibc/')).text;
      const [, style = ''] = /<link rel="stylesheet" href="\.\.([^"]+)"/.exec(front) ?? [];
      const [, script = ''] = /<script src="\.\.([^"]+)"/.exec(front) ?? [];
      const table: [path: string, type: RegExp][] = [
        ['/glibc/project/plain/', /^text\/html$/],
        ['/glibc/project/plain/index.html', /^text\/html$/],
        ['/glibc/project/held.html', /^text\/html$/],
        ['/project/changes.html', /^text\/html$/],
        ['/project/all.html', /^text\/html$/],
        ['/project/search-all-1.js', /^text\/javascript$/],
        ['/project/changes.xml', /^application\/xml$/],
        ['/glibc/project/plain/changes.xml', /^application\/xml$/],
        ['/glibc/project/search-1.js', /^text\/javascript$/],
        [style, /^text\/css$/],
        [script, /^text\/javascript$/],
      ];
      for (const [path, type] of table) {
        const { status, headers } = await ask(server, path);
        expect([path, status]).toEqual([path, 200]);
        expect(mediaType(headers['content-type']), path).toMatch(type);
        const isKept = path === style || path === script;
        const keeping = isKept ? ['public', 'max-age=31536000', 'immutable'] : ['no-cache'];
        expect([path, listed(headers['cache-control'])]).toEqual([path, keeping]);
      }
      const gone = await ask(server, style.replace(/\w{10}(?=\.css$)/, '0123456789'));
      expect([gone.status, listed(gone.headers['cache-control'])]).toEqual([404, ['no-cache']]);
    },
  },
  {
    name: 'pages for people may use nothing but what the site has, and stand in no other page',
    async run(server) {
      for (const path of ['/glibc/project/plain/', '/glibc/project/held.html', '/project/changes.html']) {
        const { headers, text } = await ask(server, path);
        const own = /<meta http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(text)?.[1] ?? '';
        const policy = headers['content-security-policy'];
        expect([path, policy]).toEqual([path, `${own.replaceAll('&#39;', "'")}; frame-ancestors 'none'`]);
        expect(policy).not.toContain('unsafe');
      }
    },
  },
  {
    name: 'browsers of other sites may read pages and files, and guess no types',
    async run(server) {
      for (const path of [LIST, PROJECT, '/glibc/packages/plain-1.0-py3-none-any.whl']) {
        const { headers } = await ask(server, path, { headers: { Origin: 'https://example.org' } });
        expect(headers['access-control-allow-origin']).toBe('*');
        expect(headers['x-content-type-options']).toBe('nosniff');
      }
    },
  },
  {
    name: 'HEAD says what GET says, without the body',
    async run(server) {
      const paths = [LIST, PROJECT, '/', '/glibc/pypi/plain/json', '/glibc/packages/plain-1.0-py3-none-any.whl'];
      for (const path of paths) {
        const [get, head] = [await ask(server, path), await ask(server, path, { method: 'HEAD' })];
        const said = ({ status, headers }: typeof get) => [
          path,
          status,
          ...['content-type', 'content-length', 'etag', 'last-modified', 'cache-control', 'vary'].map(
            (name) => headers[name],
          ),
        ];
        expect(said(head)).toEqual(said(get));
        expect(head.headers['content-length']).toBe(String(get.body.length));
        expect(head.body).toHaveLength(0);
      }
      expect((await ask(server, '/glibc/simple/unknown/', { method: 'HEAD' })).status).toBe(404);
    },
  },
  {
    name: 'a query changes nothing',
    async run(server) {
      expect((await ask(server, `${PROJECT}?x=1`)).text).toBe((await ask(server, PROJECT)).text);
      const { answer } = await askFollowing(server, '/glibc/simple/foo_bar_baz?x=/../..');
      expect(answer.status).toBe(200);
    },
  },
];
