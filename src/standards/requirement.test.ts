import { expect, test } from 'vitest';
import { parseRequirement } from './requirement.ts';

const PLAIN = { extras: [], specifiers: '' };

test.each([
  ['Foo_Bar', { name: 'foo-bar', ...PLAIN }],
  ['foo [B, a_x,b] >=1.0 , <2', { name: 'foo', extras: ['a-x', 'b'], specifiers: '>=1.0 , <2' }],
  ['foo (==1.*)', { name: 'foo', extras: [], specifiers: '==1.*' }],
  ['foo @ https://a.vn/foo-1.tar.gz', { name: 'foo', ...PLAIN, url: 'https://a.vn/foo-1.tar.gz' }],
])('parseRequirement() reads %j', (text, expected) => {
  expect(parseRequirement(text)).toEqual(expected);
});

test.each(['foo>=1;os_name=="nt"', 'foo @ https://a.vn/x.whl ; os_name == "nt"', 'foo[a];os_name=="nt"'])(
  'parseRequirement() reads the marker of %j',
  (text) => {
    expect(parseRequirement(text).marker).toMatchObject({ type: 'comparison', operator: '==' });
  },
);

test.each([
  ['', 'it must start with the name'],
  ['-foo', 'it must start with the name'],
  ['foo[a', 'what follows the name'],
  ['foo[a b]', 'its extras must be names'],
  ['foo>=1,,<2', 'what follows the name'],
  ['foo 1.0', 'what follows the name'],
  ['foo>=1 # x', 'what follows the name'],
  ['foo @ a b', 'there may be nothing after it'],
  ['foo;', 'is no valid marker'],
])('parseRequirement() refuses %j: %s', (text, why) => {
  expect(() => parseRequirement(text)).toThrow(why);
});
