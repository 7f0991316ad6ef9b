import { expect, test } from 'vitest';
import { sentAs } from './sent-as.ts';

const KEEP = 'public, max-age=31536000, immutable';
const ASK = 'no-cache';
const HASH = 'a'.repeat(64);

test.each([
  ['glibc/packages/a-1-py3-none-any.whl', 'application/octet-stream', ASK],
  ['packages/a-1.tar.gz', 'application/octet-stream', ASK],
  ['glibc/packages/a-1-py3-none-any.whl.metadata', 'text/plain; charset=utf-8', ASK],
  ['glibc/packages/a-1-py3-none-any.whl.asc', 'application/pgp-signature', ASK],
  ['glibc/simple/index.json', 'application/vnd.pypi.simple.v1+json', ASK],
  ['glibc/simple/a/index.html', 'text/html; charset=utf-8', ASK],
  ['glibc/pypi/a/1.0/json', 'application/json', ASK],
  ['glibc/SHA256SUMS', 'text/plain; charset=utf-8', ASK],
  ['project/changes.xml', 'application/xml', ASK],
  ['project/kho.0123456789.css', 'text/css; charset=utf-8', KEEP],
  ['glibc/project/kho.0123456789.css', 'text/css; charset=utf-8', ASK],
  ['glibc/sync/head.json', 'application/json', ASK],
  ['sync/head.json', 'application/json', ASK],
  ['glibc/sync/index.html', 'text/html; charset=utf-8', ASK],
  ['glibc/simple/index.html', 'text/html; charset=utf-8', ASK],
  ['glibc/packages/a-1.tar.gz.provenance', 'application/vnd.pypi.integrity.v1+json', ASK],
  ['glibc/notes.v1/readme', 'text/plain; charset=utf-8', ASK],
  [`glibc/sync/${HASH}.jsonl.br`, 'application/octet-stream', KEEP],
])('sentAs() says of %s: %s, %s', (path, type, cache) => {
  expect(sentAs(path, false)).toEqual({ type, cache });
});

test('sentAs() has packages kept where kho.toml says that they stay as they are', () => {
  expect(sentAs('glibc/packages/a-1-py3-none-any.whl', true).cache).toBe(KEEP);
  expect(sentAs('glibc/simple/a/index.html', true).cache).toBe(ASK);
});
