import { expect, test } from 'vitest';
import { FormatError } from '../problems.ts';
import { checkUploadName } from './upload-name.ts';

test.each([
  ['foo-1.0-py3-none-any.whl', undefined],
  ['Foo.Bar_baz+1-1.0!2.tar.gz', undefined],
  ['kho_agent_with_a_long_name-1.0-py3-none-any.whl', undefined],
  ['', 'has no name'],
  ['../foo-1.0-py3-none-any.whl', 'letters, digits'],
  ['.foo-1.0-py3-none-any.whl', 'letters, digits'],
  ['-foo-1.0-py3-none-any.whl', 'letters, digits'],
  ['foo\0-1.0-py3-none-any.whl', 'letters, digits'],
  ['fóo-1.0-py3-none-any.whl', 'letters, digits'],
  ['foo-1.0.egg', 'of a kind'],
  ['foo-1.0.txt', 'neither a wheel nor an sdist'],
  [`${'f'.repeat(240)}-1.0.tar.gz`, 'more than 240'],
  [`kho_${'A'.repeat(49)}-1.0-py3-none-any.whl`, 'looks like a token'],
])('checkUploadName() of %j', (name, why) => {
  if (why === undefined) return expect(checkUploadName(name)).toBeUndefined();
  expect(() => checkUploadName(name)).toThrow(FormatError);
  expect(() => checkUploadName(name)).toThrow(why);
});
