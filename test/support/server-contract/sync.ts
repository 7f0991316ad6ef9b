import { createHash } from 'node:crypto';
import { brotliDecompressSync } from 'node:zlib';
import { expect } from 'vitest';
import { cataloguePath } from '../../../src/sync-format/catalogue.ts';
import { readHead } from '../../../src/sync-format/head.ts';
import { ask, type Server } from './ask.ts';
import { type ContractCheck, listed, mediaType } from './check.ts';

const HEAD = '/glibc/sync/head.json';
const PACKED = { 'Accept-Encoding': 'gzip, deflate, br, zstd' };
const KEPT = ['public', 'max-age=31536000', 'immutable'];

async function catalogueOf(server: Server) {
  const { text } = await ask(server, HEAD);
  const { catalogue } = readHead(text);
  return { ...catalogue, path: `/glibc/${cataloguePath(catalogue.sha256)}` };
}

export const SYNC_CHECKS: ContractCheck[] = [
  {
    name: 'the head of a repository that is followed is asked for each time, and costs who knows it a 304',
    async run(server) {
      const head = await ask(server, HEAD, { headers: PACKED });
      expect([head.status, mediaType(head.headers['content-type'])]).toEqual([200, 'application/json']);
      expect(listed(head.headers['cache-control'])).toEqual(['no-cache']);
      expect(head.headers['content-encoding']).toBeUndefined();
      const again = await ask(server, HEAD, { headers: { 'If-None-Match': String(head.headers.etag) } });
      expect([again.status, again.body.length]).toEqual([304, 0]);
    },
  },
  {
    name: 'its catalogue comes as it is, whole and in parts, and may be kept for ever; packed, by its own name',
    async run(server) {
      const { path, sha256, size } = await catalogueOf(server);
      const whole = await ask(server, path, { headers: PACKED });
      expect([whole.status, whole.body.length, whole.headers['content-encoding']]).toEqual([200, size, undefined]);
      expect(createHash('sha256').update(whole.body).digest('hex')).toBe(sha256);
      const packed = await ask(server, `${path}.br`, { headers: PACKED });
      expect(brotliDecompressSync(packed.body)).toEqual(whole.body);
      expect(packed.headers['content-encoding']).toBeUndefined();
      for (const { headers } of [whole, packed]) {
        expect(listed(headers['cache-control'])).toEqual(KEPT);
        expect(mediaType(headers['content-type'])).toBe('application/octet-stream');
      }
      const part = await ask(server, path, { headers: { Range: 'bytes=5-9' } });
      expect([part.status, part.text]).toEqual([206, whole.text.slice(5, 10)]);
    },
  },
  {
    name: 'nothing else of sync/ is there, and what is not there may come',
    async run(server) {
      const { path, sha256 } = await catalogueOf(server);
      const other = `/glibc/${cataloguePath('0'.repeat(64))}`;
      for (const address of [
        '/glibc/sync/',
        '/glibc/sync/other.json',
        `${path}.gz`,
        other,
        `/glibc/sync/${sha256}`,
        '/common/sync/head.json',
      ]) {
        const { status, headers } = await ask(server, address);
        expect([address, status]).toEqual([address, 404]);
        expect(listed(headers['cache-control'])).toEqual(['no-cache']);
      }
    },
  },
];
