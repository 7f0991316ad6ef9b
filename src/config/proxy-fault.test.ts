import { expect, test } from 'vitest';
import { proxyFault } from './proxy-fault.ts';

test.each(['10.0.0.1', '10.0.0.0/8', '::1', 'fe80::/10', '0.0.0.0/0'])('proxyFault() takes %s', (text) => {
  expect(proxyFault(text)).toBeUndefined();
});

test.each([
  ['example.org', 'an address like'],
  ['10.0.0', 'an address like'],
  ['10.0.0.0/8/8', 'an address like'],
  ['10.0.0.0/33', 'from 0 to 32'],
  ['::/129', 'from 0 to 128'],
  ['10.0.0.0/', 'from 0 to 32'],
  ['', 'an address like'],
])('proxyFault() refuses %j: %s', (text, why) => {
  expect(proxyFault(text)).toContain(why);
});
