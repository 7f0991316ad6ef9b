import { expect, test } from 'vitest';
import { checkIdentityFields } from './identity-fields.ts';

const check = (text: string) => checkIdentityFields(Buffer.from(text));

test.each([
  'Name: foo\nVersion: 1.0\n',
  'Metadata-Version: 2.1\nname:\tfoo\r\nVersion: 1.0 \r\n',
  'Name:foo\nVersion:1.0',
])('checkIdentityFields() takes %j', (text) => expect(check(text)).toEqual([]));

test.each([
  'Name: foo \nVersion: 1.0\n',
  'Name: foo\t\nVersion: 1.0\n',
  'Name: foo\u00a0\nVersion: 1.0\n',
  'Name: \u00a0foo\nVersion: 1.0\n',
  'Name: foo\n \nVersion: 1.0\n',
  'Name:\n foo\nVersion: 1.0\n',
])('checkIdentityFields() says that new pips pass over %j', (text) => {
  expect(check(text)).toEqual([
    { isPassedOver: true, what: expect.stringContaining('pip from 25.0 on passes it over') },
  ]);
});

test.each([
  ['Name: foo\nVersion: 1.0\u00a0\n', 'uv refuses it'],
  ['Name: foo\nVersion: 1.0\x0b\n', 'uv refuses it'],
  ['Name: foo\nVersion:\n 1.0\n', 'pip on a Python before 3.11 refuses it'],
])('checkIdentityFields() says who refuses %j', (text, who) => {
  expect(check(text)).toEqual([{ isPassedOver: false, what: expect.stringContaining(who) }]);
});
