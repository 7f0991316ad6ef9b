import { expect, test } from 'vitest';
import { requirementsText } from './requirements-text.ts';

const TEXT = 'foo==1 # phở\r\nbar\r\n';
const utf32 = (text: string, isBigEndian: boolean) => {
  const bytes = Buffer.alloc(text.length * 4);
  [...text].forEach((letter, index) => {
    if (isBigEndian) bytes.writeUInt32BE(letter.codePointAt(0)!, index * 4);
    else bytes.writeUInt32LE(letter.codePointAt(0)!, index * 4);
  });
  return bytes;
};

test.each<[what: string, bytes: Uint8Array, text?: string]>([
  ['UTF-8', Buffer.from(TEXT)],
  ['UTF-8 with a mark', Buffer.from(`\ufeff${TEXT}`)],
  ['UTF-16, little-endian', Buffer.from(`\ufeff${TEXT}`, 'utf16le')],
  ['UTF-16, big-endian', Buffer.from(`\ufeff${TEXT}`, 'utf16le').swap16()],
  ['UTF-32, little-endian', utf32(`\ufeff${TEXT}`, false)],
  ['UTF-32, big-endian', utf32(`\ufeff${TEXT}`, true)],
  [
    'latin-1 by a comment',
    Buffer.from('# -*- coding: latin-1 -*-\nfoo # \xe9', 'latin1'),
    '# -*- coding: latin-1 -*-\nfoo # é',
  ],
  ['cp1258 by a comment in line 2', Buffer.from('#\n#coding=cp1258\n# \xe1', 'latin1'), '#\n#coding=cp1258\n# á'],
  ['no comment in line 3', Buffer.from('#\n#\n#coding=cp1258\n# á'), '#\n#\n#coding=cp1258\n# á'],
])('requirementsText() reads %s', (_what, bytes, text = TEXT) => {
  expect(requirementsText(bytes)).toBe(text);
});

test('requirementsText() names an encoding that it does not know', () => {
  expect(() => requirementsText(Buffer.from('# coding: klingon\nfoo'))).toThrow('"klingon", which kho cannot read');
});
