import { expect, test } from 'vitest';
import { fileAnswer } from './package-answer.ts';

const STATS = {
  size: 1000,
  mtimeMs: Date.parse('2026-11-22T10:00:00.900Z'),
  ctimeMs: Date.parse('2026-11-22T11:00:00Z'),
  ino: 7,
};

function head(path: string, headers = {}, stats = STATS, isImmutable = false) {
  const answer = fileAnswer(path, stats, headers, isImmutable);
  const named = new Map<string, string>();
  for (let place = 0; place < answer.headers.length; place += 2) {
    named.set(String(answer.headers[place]), String(answer.headers[place + 1]));
  }
  return { ...answer, named };
}

test.each([
  ['a.whl', 'application/octet-stream'],
  ['a.tar.gz', 'application/octet-stream'],
  ['a.zip', 'application/octet-stream'],
  ['a.whl.metadata', 'text/plain; charset=utf-8'],
  ['a.whl.asc', 'application/pgp-signature'],
  ['a.whl.provenance', 'application/vnd.pypi.integrity.v1+json'],
])('fileAnswer() sends %s as %s, and never as something encoded', (path, type) => {
  const { named, status, range } = head(path);
  expect([status, named.get('Content-Type'), named.get('Content-Encoding')]).toEqual([200, type, undefined]);
  expect(range).toEqual({ start: 0, end: 1000 });
});

test('fileAnswer() of a part', () => {
  const { status, named, range } = head('a.whl', { range: 'bytes=-100' });
  expect([status, range]).toEqual([206, { start: 900, end: 1000 }]);
  expect([named.get('Content-Length'), named.get('Content-Range')]).toEqual(['100', 'bytes 900-999/1000']);
});

test('fileAnswer() of a part that the file does not have', () => {
  const { status, named, range } = head('a.whl', { range: 'bytes=1000-' });
  expect([status, named.get('Content-Range'), range.end]).toEqual([416, 'bytes */1000', 0]);
});

test('fileAnswer() resumes only what is still the same', () => {
  const etag = head('a.whl').named.get('ETag');
  expect(head('a.whl', { range: 'bytes=5-', 'if-range': etag }).status).toBe(206);
  expect(head('a.whl', { range: 'bytes=5-', 'if-range': '"other"' }).status).toBe(200);
});

test('fileAnswer() tells bytes written over in place, even when the time of modification was put back', () => {
  const etag = head('a.whl').named.get('ETag');
  expect(head('a.whl').named.get('ETag')).toBe(etag);
  for (const change of [{ ctimeMs: STATS.ctimeMs + 0.01 }, { size: 1001 }, { ino: 8 }]) {
    expect(head('a.whl', {}, { ...STATS, ...change }).named.get('ETag')).not.toBe(etag);
  }
});

test('fileAnswer() says 304 without a body, and with what caches need', () => {
  const etag = head('a.whl').named.get('ETag');
  const { status, named, range } = head('a.whl', { 'if-none-match': etag, range: 'bytes=0-5' });
  expect([status, range.end, named.get('ETag'), named.get('Cache-Control')]).toEqual([304, 0, etag, 'no-cache']);
  expect(named.has('Content-Length')).toBe(false);
});

test('fileAnswer() says for how long a file may be kept', () => {
  expect(head('a.whl').named.get('Cache-Control')).toBe('no-cache');
  expect(head('a.whl', {}, STATS, true).named.get('Cache-Control')).toContain('immutable');
});

test('fileAnswer() of an empty file', () => {
  const { status, range, named } = head('a.asc', {}, { ...STATS, size: 0 });
  expect([status, range, named.get('Content-Length')]).toEqual([200, { start: 0, end: 0 }, '0']);
});
