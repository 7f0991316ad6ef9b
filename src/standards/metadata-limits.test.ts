import { expect, test } from 'vitest';
import { parseMetadata } from './metadata.ts';
import { checkMetadataLimits } from './metadata-limits.ts';
import { TEXT_LIMITS } from './text-limits.ts';

const check = (fields: string) =>
  checkMetadataLimits(parseMetadata(Buffer.from(`Metadata-Version: 2.1\nName: a\nVersion: 1\n${fields}\n`)));
const lines = (count: number, header: string) => Array.from({ length: count }, (_, n) => `${header}: a${n}`).join('\n');
const line = (length: number, header: string) => `${header}: ${'a'.repeat(length)}`;

test.each([
  ['Requires-Dist', TEXT_LIMITS.requirements, '100,001 lines of Requires-Dist in its metadata, more than the 100,000'],
  ['Provides-Extra', TEXT_LIMITS.listedFields, '10,001 lines of Provides-Extra in its metadata, more than the 10,000'],
  ['Classifier', TEXT_LIMITS.listedFields, '10,001 lines of Classifier'],
  ['Project-URL', TEXT_LIMITS.listedFields, '10,001 lines of Project-URL'],
  ['Platform', TEXT_LIMITS.listedFields, '10,001 lines of Platform'],
  ['License-File', TEXT_LIMITS.listedPaths, '100,001 lines of License-File'],
])('checkMetadataLimits() takes so many lines of %s, and no more', (header, most, why) => {
  expect(() => check(lines(most, header))).not.toThrow();
  expect(() => check(lines(most + 1, header))).toThrow(why);
});

test.each([
  ['Requires-Dist', TEXT_LIMITS.listedFieldLength, '65,537 characters in one line of Requires-Dist'],
  [
    'Summary',
    TEXT_LIMITS.fieldLength,
    '262,145 characters in one line of Summary in its metadata, more than the 262,144',
  ],
  ['Author-email', TEXT_LIMITS.fieldLength, '262,145 characters in one line of Author-email'],
])('checkMetadataLimits() takes a %s so long, and no longer', (header, longest, why) => {
  expect(() => check(line(longest, header))).not.toThrow();
  expect(() => check(line(longest + 1, header))).toThrow(why);
});

test('checkMetadataLimits() takes licences and descriptions as long as the file', () => {
  expect(() => check(`${line(3_000_000, 'License')}\n\n${'a'.repeat(1_000_000)}`)).not.toThrow();
});
