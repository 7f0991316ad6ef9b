import { expect, test } from 'vitest';
import { beginsAt, type FileState, partOf, rangeHeaders, setValidator, totalOf } from './range-request.ts';

const reply = (status: number, headers: Record<string, string> = {}) => ({
  ...{ status, headers: new Map(Object.entries(headers)), url: new URL('http://a.example/') },
  ...{ body: (async function* () {})(), discard: () => {} },
});
const part = (text: string, status = 206) => reply(status, { 'content-range': text });

test('rangeHeaders() asks for a part, and for all of it where it is another file by now', () => {
  expect(rangeHeaders(7, {})).toEqual({ Range: 'bytes=7-' });
  expect(rangeHeaders(7, { validator: '"a"' }, 9)).toEqual({ Range: 'bytes=7-9', 'If-Range': '"a"' });
});

test.each<[headers: Record<string, string>, validator: string | undefined]>([
  [{ etag: '"a"', 'last-modified': 'Mon' }, '"a"'],
  [{ etag: 'W/"a"', 'last-modified': 'Mon' }, 'Mon'],
  [{ etag: 'W/"a"' }, undefined],
  [{}, undefined],
])('setValidator() takes of %j what tells byte for byte', (headers, validator) => {
  const state: FileState = { validator: 'before' };
  setValidator(state, reply(200, headers));
  expect(state).toEqual(validator === undefined ? {} : { validator });
});

test.each([
  ['bytes 0-9/10', 206, { from: 0, to: 9, total: 10 }],
  ['bytes 10-19/100', 206, { from: 10, to: 19, total: 100 }],
  ['bytes 10-19/100', 200, undefined],
  ['bytes 10-19/*', 206, undefined],
  ['bytes */100', 206, undefined],
  ['xbytes 10-19/100', 206, undefined],
  ['bytes 10-19/100x', 206, undefined],
  ['', 206, undefined],
])('partOf() %j with %d', (text, status, expected) => {
  expect(partOf(part(text, status))).toEqual(expected);
});

test.each([
  ['bytes 10-19/100', 206, true],
  ['bytes 10-19/*', 206, true],
  ['bytes 100-199/200', 206, false],
  ['bytes 9-19/100', 206, false],
  ['bytes 10-19/100', 200, false],
])('beginsAt() %j with %d after ten bytes', (text, status, expected) => {
  expect(beginsAt(part(text, status), 10)).toBe(expected);
});

test('beginsAt() of a part that says nothing', () => {
  expect(beginsAt(reply(206), 0)).toBe(false);
});

test.each([
  [part('bytes 0-9/100'), 100],
  [part('bytes 0-9/*'), undefined],
  [part('bytes'), undefined],
  [reply(206, { 'content-length': '10' }), undefined],
  [reply(200, { 'content-length': '10', 'content-range': 'bytes 0-9/100' }), 10],
  [reply(200, { 'content-length': '1234567890123456' }), undefined],
  [reply(200), undefined],
])('totalOf() knows how long the whole file is: %#', (answer, expected) => {
  expect(totalOf(answer)).toBe(expected);
});
