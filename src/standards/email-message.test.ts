import { expect, test } from 'vitest';
import { processorMs } from '../../test/support/processor-time.ts';
import { type EmailMessage, parseEmailMessage } from './email-message.ts';

const parse = (text: string, encoding: 'utf8' | 'latin1' = 'utf8') => parseEmailMessage(Buffer.from(text, encoding));

test.each<[what: string, text: string, headers: EmailMessage['headers'], body: string]>([
  ['nothing', '', [], ''],
  ['a header without an end of line', 'Name: a', [['Name', ' a']], ''],
  [
    'headers and a body',
    'Name: a\nVersion:1\n\nbody\n\nmore',
    [
      ['Name', ' a'],
      ['Version', '1'],
    ],
    'body\n\nmore',
  ],
  ['CRLF', 'Name: a\r\n  b\r\n\r\nbody\r\nmore', [['Name', ' a\n  b']], 'body\r\nmore'],
  ['CR', 'Name: a\r\rbody', [['Name', ' a']], 'body'],
  ['a body at once', '\nName: a\n', [], 'Name: a\n'],
  [
    'a continuation',
    'Name: a\n b\n\tc\nVersion: 1\n',
    [
      ['Name', ' a\n b\n\tc'],
      ['Version', ' 1'],
    ],
    '',
  ],
  [
    'a line of blanks as a continuation',
    'Name: a\n \nVersion: 1\n',
    [
      ['Name', ' a\n '],
      ['Version', ' 1'],
    ],
    '',
  ],
  ['a continuation of nothing', ' x\nName: a\n', [['Name', ' a']], ''],
  [
    'a header without a name',
    'Name: a\n: b\n c\nVersion: 1\n',
    [
      ['Name', ' a'],
      ['Version', ' 1'],
    ],
    '',
  ],
  ['an mbox line', 'From here\n x\nName: a\n', [['Name', ' a']], ''],
  ['a body without an empty line', 'Name: a\nno header\nVersion: 1\n', [['Name', ' a']], 'no header\nVersion: 1\n'],
  ['a blank in a header name', 'Name: a\nMy Version: 1\n', [['Name', ' a']], 'My Version: 1\n'],
  ['no other ends of line', 'Name: a\x0bB: 1\x0cC: 2\u2028D: 3\n', [['Name', ' a\x0bB: 1\x0cC: 2\u2028D: 3']], ''],
  ['a byte order mark, which makes it all body', '\ufeffName: a\n', [], '\ufeffName: a\n'],
  ['NUL', 'Name: a\0b\n', [['Name', ' a\0b']], ''],
  ['UTF-8', 'Author: Nguyễn 😀\n\nhạt giống', [['Author', ' Nguyễn 😀']], 'hạt giống'],
])('parseEmailMessage() reads %s', (_what, text, headers, body) => {
  expect(parse(text)).toEqual({ headers, body });
});

test('parseEmailMessage() reads as Windows-1252 only what is no UTF-8', () => {
  const mixed = Buffer.concat([
    Buffer.from('Author: Nguyễn\nMaintainer: Ren'),
    Buffer.from([0xe9]),
    Buffer.from('\n\nquotes: '),
    Buffer.from([0x93, 0x94, 0x81, 0x80, 0xff]),
  ]);
  expect(parseEmailMessage(mixed)).toEqual({
    headers: [
      ['Author', ' Nguyễn'],
      ['Maintainer', ' René'],
    ],
    body: 'quotes: “”\x81€ÿ',
  });
});

test('parseEmailMessage() gives each byte a meaning', () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  const { body } = parseEmailMessage(Buffer.concat([Buffer.from('\n'), bytes]));
  expect(new Set(body).size).toBe(256);
});

test('parseEmailMessage() is not slowed down by hostile messages', async () => {
  const act = () => {
    parse(`Name: a\n${' \n'.repeat(500_000)}`);
    parse('x'.repeat(2_000_000));
    parse(':\n'.repeat(500_000));
    parse(`Name:${' '.repeat(2_000_000)}\n`);
  };
  expect(await processorMs(act)).toBeLessThan(3000);
});
