import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Credentials } from './credentials.ts';
import { readNetrc } from './netrc.ts';

const home = mkdtempSync(join(tmpdir(), 'kho-netrc-'));
writeFileSync(
  join(home, '.netrc'),
  'machine netrc.vn login me password s"ecret\nmachine a.vn login other password other\n',
);
const inWords = (headers: Record<string, string>) =>
  Object.values(headers).map((value) => Buffer.from(value.replace('Basic ', ''), 'base64').toString());

test.each<[what: string, index: string, asked: string, expected: string[]]>([
  ['in the address', 'https://a.vn/', 'https://me:p%40ss@a.vn/x', ['me:p@ss']],
  ['of the index, for its origin', 'https://me:pass@a.vn/simple/', 'https://a.vn/files/x.whl', ['me:pass']],
  ['for no other port', 'https://me:pass@b.vn/simple/', 'https://b.vn:8443/x.whl', []],
  ['for no other scheme', 'https://me:pass@b.vn/simple/', 'http://b.vn/x.whl', []],
  ['for no other host', 'https://me:pass@b.vn/simple/', 'https://files.b.vn/x.whl', []],
  ['of .netrc', 'https://b.vn/', 'https://netrc.vn/x.whl', ['me:s"ecret']],
  ['of the index before those of .netrc', 'https://me:pass@netrc.vn/', 'https://netrc.vn/x', ['me:pass']],
  ['without a name', 'https://:token@b.vn/', 'https://b.vn/x', [':token']],
  ['without a password', 'https://token@b.vn/', 'https://b.vn/x', ['token:']],
  ['with a % that nobody encoded', 'https://me:100%sure%2@b.vn/', 'https://b.vn/x', ['me:100%sure%2']],
  ['of letters that take several bytes', 'https://m%C3%A9:p@b.vn/', 'https://b.vn/x', ['mé:p']],
  ['that are no UTF-8', 'https://me:%ff@b.vn/', 'https://b.vn/x', ['me:\ufffd']],
  ['none', 'https://b.vn/', 'https://b.vn/x', []],
])('Credentials.headerFor() finds them: %s', (_what, index, asked, expected) => {
  const credentials = new Credentials({ HOME: home });
  credentials.remember(new URL(index));
  expect(inWords(credentials.headerFor(new URL(asked)))).toEqual(expected);
});

test('Credentials.headerFor() reads the file that NETRC names, and does without any', () => {
  writeFileSync(join(home, 'elsewhere'), 'default login any password one');
  const named = new Credentials({ HOME: home, NETRC: join(home, 'elsewhere') });
  expect(inWords(named.headerFor(new URL('https://netrc.vn/')))).toEqual(['any:one']);
  expect(new Credentials({ HOME: join(home, 'nobody') }).headerFor(new URL('https://netrc.vn/'))).toEqual({});
});

test.each<[text: string, entries: object]>([
  ['machine a login b password c machine d\n  login e\n  password f', { a: 'b:c', d: 'e:f' }],
  ['# machine x login y\nmachine a login "b c" password "d\\"e\\\\"', { a: 'b c:d"e\\' }],
  ['macdef init\nmachine no login no\n\nmachine a account z user b password c#d', { a: 'b:c#d' }],
  ['default login b password c', { '': 'b:c' }],
  ['login nobody password x\nmachine', { '': ':' }],
  ['machine a "unclosed', { a: ':' }],
])('readNetrc() of %j', (text, entries) => {
  const found = [...readNetrc(text)].map(([host, { login, password }]) => [host, `${login}:${password}`]);
  expect(Object.fromEntries(found)).toEqual(entries);
});
