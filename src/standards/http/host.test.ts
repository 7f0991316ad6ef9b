import { expect, test } from 'vitest';
import { isHost, readRequestTarget } from './host.ts';

test.each([
  'localhost',
  'a.example',
  'a.example:8080',
  'a_b.example:',
  '127.0.0.1:80',
  '[::1]:8080',
  '[2001:db8::1]',
  'xn--bcher-kva.example',
  'a%20b',
  'a'.repeat(255),
  `${'a'.repeat(255)}:65535`,
])('isHost() takes %j', (text) => {
  expect(isHost(text)).toBe(true);
});

test.each([
  '',
  ':80',
  'a b',
  'a/b',
  'a@b',
  'user:word@a.example',
  'a"b',
  "a'b",
  'a<b',
  'a\\b',
  'a?b',
  'a#b',
  'a,b',
  'a%2',
  'bücher.example',
  'a.example:123456',
  'a.example:http',
  '[::1',
  '[]',
  '::1',
  '[::1]x',
  'a\r\nb',
  'a'.repeat(262),
])('isHost() refuses %j', (text) => {
  expect(isHost(text)).toBe(false);
});

const A = ['Accept', '*/*', 'Host', 'a.example'];

test.each([
  ['a path', '/simple/?x=1', A, '1.1', { host: 'a.example', path: '/simple/?x=1' }],
  [
    'a whole address, whose host counts',
    'http://b.example:81/simple/',
    A,
    '1.1',
    { host: 'b.example:81', path: '/simple/' },
  ],
  ['a whole address in capitals', 'HTTPS://B.example/x', A, '1.1', { host: 'B.example', path: '/x' }],
  ['a whole address without a path', 'http://b.example', A, '1.1', { host: 'b.example', path: '/' }],
  ['a whole address with a query only', 'http://b.example?x', A, '1.1', { host: 'b.example', path: '/?x' }],
  ['all of the server', '*', A, '1.1', { host: 'a.example', path: '*' }],
  ['no Host in HTTP/1.0', '/', ['Accept', '*/*'], '1.0', { path: '/' }],
  ['an empty Host', '/', ['hOST', ''], '1.1', { path: '/' }],
])('readRequestTarget() reads %s', (_what, target, headers, version, expected) => {
  expect(readRequestTarget(target, headers, version)).toEqual(expected);
});

test.each([
  ['no Host in HTTP/1.1', '/', [], '1.1'],
  ['two Hosts', '/', ['Host', 'a.example', 'host', 'b.example'], '1.1'],
  ['the same Host twice', '/', ['Host', 'a.example', 'HOST', 'a.example'], '1.0'],
  ['a Host that is none', '/', ['Host', 'a/b'], '1.1'],
  ['a Host of 15 kB', '/', ['Host', 'a'.repeat(15_000)], '1.1'],
  ['a whole address with a name of a user', 'http://me@b.example/', A, '1.1'],
  ['a whole address without a host', 'http:///simple/', A, '1.1'],
  ['an address of another scheme', 'ftp://b.example/', A, '1.1'],
  ['what is no path', 'simple/', A, '1.1'],
  ['a host and a port', 'b.example:443', A, '1.1'],
])('readRequestTarget() refuses %s', (_what, target, headers, version) => {
  expect(readRequestTarget(target, headers, version)).toBe('malformed');
});
