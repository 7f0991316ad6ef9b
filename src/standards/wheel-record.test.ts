import { expect, test } from 'vitest';
import { changeRecord } from './wheel-record.ts';

const HELLO = 'sha256=LPJNul-wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ,5';

test.each([
  ['a line', 'a,sha256=x,1\nfoo/WHEEL,sha256=y,2\nRECORD,,\n', `a,sha256=x,1\nfoo/WHEEL,${HELLO}\nRECORD,,\n`],
  ['a quoted one', 'a,x,1\r\n"foo/WHEEL",y,2\r\n', `a,x,1\r\n"foo/WHEEL",${HELLO}\r\n`],
  ['the last, without an end', 'foo/WHEEL,y,2', `foo/WHEEL,${HELLO}`],
  ['nothing of longer names', 'x/foo/WHEEL,y,2\nfoo/WHEEL2,y,2\n', 'x/foo/WHEEL,y,2\nfoo/WHEEL2,y,2\n'],
  ['nothing of a quoted comma', '"foo/WHEEL,y",y,2\n"a""b",y,3\n', '"foo/WHEEL,y",y,2\n"a""b",y,3\n'],
  ['one to leave out', 'foo/gone,,\nb,y,2\n', 'b,y,2\n'],
])('changeRecord() changes %s', (_what, record, expected) => {
  const changes = new Map([
    ['foo/WHEEL', Buffer.from('hello')],
    ['foo/gone', undefined],
  ]);
  expect(changeRecord(Buffer.from(record), changes).toString()).toBe(expected);
});

test('changeRecord() keeps bytes that are no UTF-8, and finds names beyond ASCII', () => {
  const record = Buffer.concat([Buffer.from([0xe9]), Buffer.from(',x,1\nä/WHEEL,y,2\n')]);
  const changed = changeRecord(record, new Map([['ä/WHEEL', Buffer.from('hello')]]));
  expect(changed).toEqual(Buffer.concat([Buffer.from([0xe9]), Buffer.from(`,x,1\nä/WHEEL,${HELLO}\n`)]));
});
