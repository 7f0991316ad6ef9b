import { expect, test } from 'vitest';
import { expandTags } from './tags.ts';

test.each([
  ['one tag', ['py3', 'none', 'any'], ['py3-none-any']],
  ['a set of pythons', ['py2.py3', 'none', 'any'], ['py2-none-any', 'py3-none-any']],
  ['a set out of order', ['cp311', 'cp311', 'b_1.a_2'], ['cp311-cp311-b_1', 'cp311-cp311-a_2']],
  ['the full product', ['a.b', 'c.d', 'e.f'], ['a-c-e', 'a-c-f', 'a-d-e', 'a-d-f', 'b-c-e', 'b-c-f', 'b-d-e', 'b-d-f']],
  ['upper case and repetition', ['PY3.py3', 'None', 'any'], ['py3-none-any']],
] as const)('expandTags() spells out %s', (_what, [python, abi, platform], tags) => {
  expect(expandTags(python, abi, platform)).toEqual(tags);
});
