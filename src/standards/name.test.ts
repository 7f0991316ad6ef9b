import { expect, test } from 'vitest';
import { processorMs } from '../../test/support/processor-time.ts';
import { FormatError } from '../problems.ts';
import { normalizeName } from './name.ts';

test.each([
  ['foo', 'foo'],
  ['Foo', 'foo'],
  ['friendly-bard', 'friendly-bard'],
  ['FRIENDLY-BARD', 'friendly-bard'],
  ['friendly.bard', 'friendly-bard'],
  ['friendly_bard', 'friendly-bard'],
  ['friendly--bard', 'friendly-bard'],
  ['FrIeNdLy-._.-bArD', 'friendly-bard'],
  ['zope.interface', 'zope-interface'],
  ['4', '4'],
  ['0-._.-0', '0-0'],
])('normalizeName() reads %j as %j', (text, normalized) => {
  expect(normalizeName(text)).toBe(normalized);
});

test.each([
  [''],
  ['-foo'],
  ['foo.'],
  ['_'],
  ['..'],
  ['a/b'],
  ['a\\b'],
  ['a b'],
  ['foo\n'],
  ['foo\0'],
  ['hạt'],
  ['\u017f'], // lower case of S for a regex that ignores case with Unicode rules
  ['\u212a'], // the Kelvin sign, likewise
  ['<script>'],
])('normalizeName() refuses %j', (text) => {
  expect(() => normalizeName(text)).toThrow(FormatError);
  expect(() => normalizeName(text)).toThrow('is no valid project name');
});

test('normalizeName() is not slowed down by a long hostile name', async () => {
  const act = () => {
    expect(() => normalizeName(`${'a-'.repeat(500_000)}!`)).toThrow(FormatError);
  };
  expect(await processorMs(act)).toBeLessThan(1000);
});
