import { expect, test } from 'vitest';
import { TrustedProxies } from './forwarded.ts';

const PROXIES = new TrustedProxies(['10.0.0.1', '192.168.0.0/16', '2001:db8::/32']);
const PROXY = '10.0.0.1';
const STRANGER = '203.0.113.9';

function read(peer: string | undefined, headers: Record<string, string>, encrypted = false) {
  return PROXIES.read({ headers, host: headers['host'], socket: { remoteAddress: peer, encrypted } });
}

test.each([
  [PROXY, true],
  ['::ffff:10.0.0.1', true],
  ['10.0.0.2', false],
  ['192.168.200.7', true],
  ['2001:db8:1::5', true],
  ['2001:db9::5', false],
  ['127.0.0.1', false],
  ['nonsense', false],
  [undefined, true],
])('TrustedProxies trusts %s: %s', (address, expected) => {
  expect(PROXIES.trusts(address)).toBe(expected);
});

test.each([
  ['nothing', {}, PROXY],
  ['one client', { 'x-forwarded-for': STRANGER }, STRANGER],
  ['a client that made up one more', { 'x-forwarded-for': `1.2.3.4, ${STRANGER}` }, STRANGER],
  ['a second proxy of ours', { 'x-forwarded-for': `${STRANGER}, 192.168.1.1` }, STRANGER],
  ['proxies only', { 'x-forwarded-for': '192.168.1.2, 192.168.1.1' }, '192.168.1.2'],
  ['nonsense', { 'x-forwarded-for': 'unknown' }, PROXY],
  ['IPv6', { 'x-forwarded-for': '2001:db9::1' }, '2001:db9::1'],
])('TrustedProxies.read() finds the client behind %s', (_what, headers, address) => {
  expect(read(PROXY, headers).address).toBe(address);
});

test.each([
  ['its Host', {}, 'http://a.example:8080'],
  ['the proto of the proxy', { 'x-forwarded-proto': 'https' }, 'https://a.example:8080'],
  ['the host of the proxy', { 'x-forwarded-host': 'b.example' }, 'http://b.example'],
  ['the last of several', { 'x-forwarded-host': 'evil.example, b.example' }, 'http://b.example'],
  ['its prefix', { 'x-forwarded-prefix': '/pypi/' }, 'http://a.example:8080/pypi'],
  ['no odd proto', { 'x-forwarded-proto': 'javascript' }, 'http://a.example:8080'],
  ['no host that is none', { 'x-forwarded-host': 'a/b"<' }, undefined],
  ['no prefix that climbs', { 'x-forwarded-prefix': '/a/../b' }, 'http://a.example:8080'],
  ['no prefix of another site', { 'x-forwarded-prefix': '//evil.example' }, 'http://a.example:8080'],
  ['no prefix of 15 kB', { 'x-forwarded-prefix': `/${'a'.repeat(15_000)}` }, 'http://a.example:8080'],
  ['no host of 15 kB', { 'x-forwarded-host': 'a'.repeat(15_000) }, undefined],
  ['no prefix with a line break', { 'x-forwarded-prefix': '/a\r\nb' }, 'http://a.example:8080'],
])('TrustedProxies.read() makes the address of the site from %s', (_what, headers, siteUrl) => {
  expect(read(PROXY, { host: 'a.example:8080', ...headers }).siteUrl).toBe(siteUrl);
});

test('TrustedProxies.read() believes nobody else', () => {
  const headers = {
    host: 'a.example',
    'x-forwarded-for': '1.2.3.4',
    'x-forwarded-proto': 'http',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-prefix': '/evil',
  };
  expect(read(STRANGER, headers, true)).toEqual({
    ...{ address: STRANGER, prefix: '', siteUrl: 'https://a.example', isEncrypted: true },
  });
});

test('TrustedProxies.read() takes who may open the unix socket for a proxy', () => {
  const found = read(undefined, { host: 'localhost', 'x-forwarded-for': STRANGER, 'x-forwarded-prefix': '/p' });
  expect(found).toEqual({ address: STRANGER, prefix: '/p', siteUrl: 'http://localhost/p', isEncrypted: false });
});
