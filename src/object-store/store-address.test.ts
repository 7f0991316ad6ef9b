import { expect, test } from 'vitest';
import { isStoreAddress, parseStoreAddress } from './store-address.ts';

test.each([
  ['a bucket alone', 's3://team-packages', 'team-packages', '', 's3://team-packages'],
  ['a slash behind it', 's3://team-packages/', 'team-packages', '', 's3://team-packages'],
  ['a prefix', 's3://team-packages/python', 'team-packages', 'python', 's3://team-packages/python'],
  ['a prefix in parts, and a slash', 's3://b.c-1/a/b+c é/', 'b.c-1', 'a/b+c é', 's3://b.c-1/a/b+c é'],
  ['capitals of the scheme', 'S3://Team_Packages/x', 'Team_Packages', 'x', 's3://Team_Packages/x'],
])('parseStoreAddress() reads %s', (_what, text, bucket, prefix, name) => {
  expect(parseStoreAddress(text)).toEqual({ bucket, prefix, name });
  expect(isStoreAddress(text)).toBe(true);
});

test.each([
  ['https://bucket/x', 'does not begin with s3://'],
  ['s3:/bucket', 'does not begin with s3://'],
  ['s3://', 'names no bucket'],
  ['s3:///x', 'names no bucket'],
  ['s3://key:secret@bucket/x', 'credentials'],
  ['s3://localhost:9000/x', '--endpoint-url'],
  ['s3://ab/x', '3 to 63'],
  [`s3://${'a'.repeat(64)}/x`, '3 to 63'],
  ['s3://büro/x', '3 to 63'],
  ['s3://-ab/x', 'begins and ends'],
  ['s3://ab./x', 'begins and ends'],
  ['s3://a..b/x', 'two dots'],
  ['s3:/bucket/x', 'does not begin with s3://'],
  ['s3://bucket//', 'empty part'],
  ['s3://bucket//x', 'empty part'],
  ['s3://bucket/x//y', 'empty part'],
  ['s3://bucket/x//', 'empty part'],
  ['s3://bucket/../x', '. or ..'],
  ['s3://bucket/x/.', '. or ..'],
  ['s3://bucket/x/.kho/y', '.kho'],
  ['s3://bucket/x?y', 'a ? or a #'],
  ['s3://bucket/x#y', 'a ? or a #'],
  ['s3://bucket/x\\y', 'backslash'],
  ['s3://bucket/x\ny', 'control character'],
  ['s3://bucket/x\ud800', 'control character'],
  ['s3://bucket/ x', 'space'],
  [`s3://bucket/${'é'.repeat(201)}`, '400 bytes'],
])('parseStoreAddress() refuses %j: %s', (text, why) => {
  expect(() => parseStoreAddress(text)).toThrow(why);
});

test('parseStoreAddress() shows no password', () => {
  expect(() => parseStoreAddress('s3://me:secret@bucket/x')).toThrow(/^Cannot use "s3:\/\/bucket\/x" /);
});

test.each(['/srv/out', 'out', 's3', 's3:x', 'C:\\x'])('isStoreAddress() knows that %j is none', (text) => {
  expect(isStoreAddress(text)).toBe(false);
});
