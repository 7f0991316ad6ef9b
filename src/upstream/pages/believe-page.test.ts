import { expect, test } from 'vitest';
import { normalizeName } from '../../standards/name.ts';
import { believePage } from './believe-page.ts';

const OF = { upstream: 'public', index: 'https://index.example/simple/', project: normalizeName('foo') };
const SHA = 'a'.repeat(64);

test('believePage() takes what is understood, with whole addresses and without passwords', () => {
  const file = {
    filename: 'foo-1.0.0-py3-none-any.whl',
    url: '../../files/foo-1.0.0-py3-none-any.whl',
    hashes: { sha256: SHA.toUpperCase(), odd: 'x' },
    size: 7,
    'requires-python': '>=3.9',
    yanked: 'broken',
    'upload-time': '2026-01-02T03:04:05Z',
    'core-metadata': { sha256: SHA },
    provenance: '/integrity/foo',
    'something-new': true,
  };
  const body = {
    meta: { 'api-version': '1.4' },
    name: 'Foo',
    'project-status': { status: 'archived', reason: 'old' },
    files: [file, { filename: 'bar-1.0.tar.gz', url: 'bar-1.0.tar.gz', hashes: {} }, file],
  };
  const url = new URL('https://me:secret@index.example/simple/foo/');
  const raw = { bytes: Buffer.from(JSON.stringify(body)), contentType: 'application/json', url };
  expect(believePage(raw, OF)).toEqual({
    form: 'json',
    page: {
      ...OF,
      status: 'archived',
      statusReason: 'old',
      files: [
        {
          filename: 'foo-1.0.0-py3-none-any.whl',
          url: 'https://index.example/files/foo-1.0.0-py3-none-any.whl',
          sha256: SHA,
          hashes: { sha256: SHA },
          size: 7,
          version: '1.0.0',
          requiresPython: '>=3.9',
          yanked: 'broken',
          uploadTime: '2026-01-02T03:04:05Z',
          metadataSha256: SHA,
          provenance: 'https://index.example/integrity/foo',
        },
      ],
    },
  });
});
