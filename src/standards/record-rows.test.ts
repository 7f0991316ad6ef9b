import { expect, test } from 'vitest';
import { checkRecord } from './record-rows.ts';

const check = (text: string) => checkRecord(Buffer.from(text));

test.each([
  '',
  'a.py,sha256=x,1\n',
  'a.py,,\r\nb.py,sha256=x,22',
  '"a,b.py",sha256=x,1\n',
  '"a\nb",,\n',
  '"a""b",,1\n',
  'a"b.py,,\n',
  ',,\n',
])('checkRecord() takes %j', (text) => expect(check(text)).toBeUndefined());

test.each(['a.py\n', 'a.py,\n', 'a.py,,,\n', 'a.py,,x\n', 'a.py,,-1\n', 'a.py,, 1\n', 'path,hash,size\n', '"a.py,,\n'])(
  'checkRecord() knows that uv refuses %j',
  (text) => expect(check(text)).toContain('uv refuses it'),
);

test.each(['\na.py,,\n', 'a.py,,\n\n', 'a.py,,\r\n\r\nb.py,,\n'])(
  'checkRecord() refuses the empty line in %j',
  (text) => {
    expect(() => check(text)).toThrow(expect.objectContaining({ code: 'cannot-install' }));
  },
);

test('checkRecord() refuses what is not UTF-8, and notes a NUL', () => {
  expect(() => checkRecord(Buffer.from('\xe9,,\n', 'latin1'))).toThrow('is not UTF-8');
  expect(check('a\0,,\n')).toContain('pip on a Python before 3.11');
});
