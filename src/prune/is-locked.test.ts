import { expect, test } from 'vitest';
import { isFileLocked } from './is-locked.ts';

const LOCKED = { sha256s: new Set(['a'.repeat(64)]), releases: new Set(['farm-kit==1.0']) };

test.each([
  ['other-1.0-py3-none-any.whl', 'a', true, 'its hash'],
  ['farm_kit-1.0-py3-none-any.whl', 'b', true, 'project and version'],
  ['farm-kit-1.0.tar.gz', 'b', true, 'one reading of an old name'],
  ['farm_kit-1.0-1-py3-none-any.whl', 'b', true, 'project and version, whatever build'],
  ['farm_kit-1.1-py3-none-any.whl', 'b', false, 'another version'],
  ['farm-1.0.tar.gz', 'b', false, 'another project'],
  ['no package', 'b', false, 'what is none'],
])('isFileLocked() of %s with the hash %s…: %s, by %s', (filename, digit, is) => {
  expect(isFileLocked(LOCKED, { filename, sha256: digit.repeat(64) })).toBe(is);
});
