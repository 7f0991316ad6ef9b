import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import { SERVED_SIDE_FILES, SIDE_FILE_KINDS } from '../../../src/standards/side-files.ts';
import { ask, follow } from './ask.ts';
import { ACCEPT, type ContractCheck, listed, mediaType } from './check.ts';

const WHEEL = '/glibc/packages/Foo_Bar.baz-1.0-cp311-cp311-linux_x86_64.whl';
const SDIST = '/glibc/packages/foo_bar_baz-1.5.tar.gz';
const PLUS = [
  '/glibc/packages/foo_bar_baz-2.0%2Bcpu.1-py3-none-any.whl',
  '/glibc/packages/foo_bar_baz-2.0+cpu.1-py3-none-any.whl',
];

interface File {
  url: string;
  hashes: { sha256: string };
  size: number;
  'core-metadata'?: { sha256: string };
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

export const FILE_CHECKS: ContractCheck[] = [
  {
    name: 'every link of every page leads to the bytes it promises',
    async run(server) {
      let files = 0;
      for (const repository of ['glibc', 'common']) {
        const headers = { Accept: ACCEPT.pip };
        const list = JSON.parse((await ask(server, `/${repository}/simple/`, { headers })).text);
        for (const { name } of list.projects) {
          const page = `/${repository}/simple/${name}/`;
          const detail = JSON.parse((await ask(server, page, { headers })).text);
          for (const file of detail.files as File[]) {
            const path = follow(server, page, file.url);
            const { status, body } = await ask(server, path);
            expect([path, status, body.length, sha256(body)]).toEqual([path, 200, file.size, file.hashes.sha256]);
            files++;
            if (!file['core-metadata']) continue;
            const metadata = await ask(server, `${path}.metadata`);
            expect([metadata.status, sha256(metadata.body)]).toEqual([200, file['core-metadata'].sha256]);
          }
        }
      }
      expect(files).toBe(10);
    },
  },
  {
    name: 'files come as they are: never compressed, never under a type that invites to unpack them',
    async run(server) {
      for (const path of [WHEEL, SDIST, ...PLUS, `${WHEEL}.metadata`, '/common/packages/plain-0.9.zip']) {
        const { headers, status } = await ask(server, path, {
          headers: { 'Accept-Encoding': 'gzip, deflate, br, zstd' },
        });
        expect([path, status, headers['content-encoding']]).toEqual([path, 200, undefined]);
        expect(headers['accept-ranges']).toBe('bytes');
        expect(mediaType(headers['content-type'])).toMatch(
          path.endsWith('.metadata') ? /^text\/plain$/ : /^application\/(?:octet-stream|zip|gzip|x-gzip|x-tar)$/,
        );
      }
    },
  },
  {
    name: 'what stands beside a file comes under its own type',
    async run(server) {
      for (const side of SERVED_SIDE_FILES) {
        const { headers, status } = await ask(server, `/glibc/packages/plain-1.0-py3-none-any.whl.${side}`);
        expect([side, status, mediaType(headers['content-type'])]).toEqual([
          side,
          200,
          SIDE_FILE_KINDS[side].mediaType,
        ]);
      }
    },
  },
  {
    name: 'files are to be asked for again, and have an ETag that gives 304',
    async run(server) {
      for (const path of [WHEEL, SDIST, `${WHEEL}.metadata`]) {
        const { headers } = await ask(server, path);
        expect(listed(headers['cache-control'])).toEqual(['no-cache']);
        expect(headers.etag).toMatch(/^"[^"]+"$/);
        const etag = headers.etag ?? '';
        for (const tag of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
          const again = await ask(server, path, { headers: { 'If-None-Match': tag } });
          expect([tag, again.status, again.body.length]).toEqual([tag, 304, 0]);
        }
        expect((await ask(server, path, { headers: { 'If-None-Match': '"x"' } })).status).toBe(200);
        const since = headers['last-modified'] ?? '';
        expect((await ask(server, path, { headers: { 'If-Modified-Since': since } })).status).toBe(304);
      }
    },
  },
  {
    name: 'ranges: from a to b, to the end, from the end',
    async run(server) {
      const whole = (await ask(server, WHEEL)).body;
      const size = whole.length;
      const table: [range: string, start: number, end: number][] = [
        ['bytes=0-0', 0, 1],
        ['bytes=10-19', 10, 20],
        [`bytes=${size - 100}-`, size - 100, size],
        ['bytes=-10000', size - 10_000, size],
        [`bytes=${size - 1}-${size + 1000}`, size - 1, size],
        [`bytes=-${size + 1}`, 0, size],
        [`bytes=${size - 10_240}-${size - 1}`, size - 10_240, size],
      ];
      for (const [range, start, end] of table) {
        const part = await ask(server, WHEEL, { headers: { Range: range } });
        expect([range, part.status, part.headers['content-range']]).toEqual([
          range,
          206,
          `bytes ${start}-${end - 1}/${size}`,
        ]);
        expect(part.headers['content-length']).toBe(String(end - start));
        expect(part.body.equals(whole.subarray(start, end))).toBe(true);
      }
    },
  },
  {
    name: 'ranges that cannot be answered',
    async run(server) {
      const size = (await ask(server, WHEEL)).body.length;
      for (const range of [`bytes=${size}-`, `bytes=${size + 5}-${size + 10}`]) {
        const answer = await ask(server, WHEEL, { headers: { Range: range } });
        expect([range, answer.status, answer.headers['content-range']]).toEqual([range, 416, `bytes */${size}`]);
      }
      const several = await ask(server, WHEEL, { headers: { Range: 'bytes=0-9,20-29' } });
      expect([200, 206]).toContain(several.status);
      if (several.status === 200) expect(several.body).toHaveLength(size);
      else expect(mediaType(several.headers['content-type'])).toBe('multipart/byteranges');
    },
  },
  {
    name: 'If-Range: the part of what is still the same, else the whole',
    async run(server) {
      const { headers, body } = await ask(server, WHEEL);
      const ask5 = (condition: string) =>
        ask(server, WHEEL, { headers: { Range: 'bytes=5-9', 'If-Range': condition } });
      const same = await ask5(headers.etag ?? '');
      expect([same.status, same.body.length]).toEqual([206, 5]);
      for (const stale of ['"other"', 'Sun, 06 Nov 1994 08:49:37 GMT']) {
        const answer = await ask5(stale);
        expect([stale, answer.status, answer.body.length]).toEqual([stale, 200, body.length]);
      }
    },
  },
  {
    name: 'HEAD of a file tells what range requests need to know',
    async run(server) {
      const size = (await ask(server, WHEEL)).body.length;
      const { headers, status } = await ask(server, WHEEL, {
        method: 'HEAD',
        headers: { 'Accept-Encoding': 'identity' },
      });
      expect([status, headers['accept-ranges'], headers['content-length']]).toEqual([200, 'bytes', String(size)]);
    },
  },
];
