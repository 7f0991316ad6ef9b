import { expect, test } from 'vitest';
import { isFromThisMachine } from './may-read-metrics.ts';

test.each([
  ['this machine', '127.0.0.1', { host: '127.0.0.1:8080' }, true],
  ['this machine by name', '::1', { host: 'localhost' }, true],
  ['this machine, as a socket for both families shows it', '::ffff:127.0.0.1', { host: '[::1]:8080' }, true],
  ['another machine', '192.0.2.1', { host: 'localhost' }, false],
  ['a unix socket', undefined, { host: 'localhost' }, false],
  ['a proxy here that keeps the host', '127.0.0.1', { host: 'packages.example.org' }, false],
  ['a proxy here that names the client', '127.0.0.1', { host: 'localhost', 'x-forwarded-for': '192.0.2.1' }, false],
  ['a proxy here that names itself', '127.0.0.1', { host: 'localhost', via: '1.1 cache' }, false],
  ['a page that has its name lead here', '127.0.0.1', { host: 'rebound.example' }, false],
  ['nobody', '127.0.0.1', {}, false],
])('isFromThisMachine() of a request from %s', (_what, remoteAddress, headers, expected) => {
  expect(isFromThisMachine({ headers, socket: { remoteAddress } })).toBe(expected);
});
