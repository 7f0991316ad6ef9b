import { expect, test } from 'vitest';
import { PROBLEM_HINTS } from '../problems.ts';
import { faultText } from './refusals.ts';

test.each([
  ['move it to musl/packages/', 'upload it to musl/upload/'],
  ['move it to a/packages/, b/packages/ or c/packages/', 'upload it to a/upload/, b/upload/ or c/upload/'],
  ['move it to packages/', 'upload it to upload/'],
  ['build it for glibc 2.28', 'build it for glibc 2.28'],
  [PROBLEM_HINTS['wrong-platform'], 'upload it to a repository for its platform'],
])('faultText() turns "%s" into "%s"', (hint, told) => {
  const text = faultText('farm-1.0-py3-none-any.whl', { code: 'wrong-platform', what: 'is for musl', hint });
  expect(text).toBe(`farm-1.0-py3-none-any.whl is for musl. What to do: ${told} [wrong-platform]`);
});
