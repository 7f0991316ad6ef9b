import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseAddress, parseResolve, readCertificates } from './doctor-options.ts';

test.each<[written: string, asked: string, found: [string, string][]]>([
  ['A.vn:192.0.2.7', 'https://a.vn/', [['a.vn', '192.0.2.7']]],
  ['a.vn:443:192.0.2.7', 'https://a.vn/', [['a.vn', '192.0.2.7']]],
  ['a.vn:80:192.0.2.7', 'https://a.vn/', []],
  ['a.vn:*:192.0.2.7', 'https://a.vn:8443/', [['a.vn', '192.0.2.7']]],
  ['a.vn:2001:db8::7', 'https://a.vn/', [['a.vn', '2001:db8::7']]],
  ['a.vn:[2001:db8::7]', 'https://a.vn/', [['a.vn', '2001:db8::7']]],
  ['a.vn:8443:[::1]', 'https://a.vn:8443/', [['a.vn', '::1']]],
])('parseResolve() reads %j for %s', (written, asked, found) => {
  expect([...parseResolve([written], new URL(asked))]).toEqual(found);
});

test.each(['a.vn', '192.0.2.7', 'a.vn:', 'a.vn:b.vn', 'a.vn:443', ':192.0.2.7'])(
  'parseResolve() refuses %j',
  (written) => {
    expect(() => parseResolve([written], new URL('https://a.vn/'))).toThrow('is not a host and an IP address');
  },
);

test('parseAddress() refuses what is none, and shows no password', () => {
  expect(() => parseAddress('ftp://me:secret@a.vn/')).toThrow('Cannot look at "ftp://a.vn/": it is no address');
});

test('readCertificates() refuses what holds none', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'kho-ca-')), 'ca.der');
  writeFileSync(path, Buffer.from([0x30, 0x82]));
  expect(() => readCertificates(path)).toThrow('holds no certificate in PEM');
  expect(() => readCertificates(`${path}.gone`)).toThrow('Cannot read');
});
