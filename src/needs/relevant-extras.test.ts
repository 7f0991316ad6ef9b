import { expect, test } from 'vitest';
import { evaluateMarker, type MarkerEnvironment, parseMarker } from '../standards/marker.ts';
import { relevantExtras } from './relevant-extras.ts';

const EXTRAS = new Set(['a', 'b-c', 'd', 'e']);

test.each([
  ['os_name == "nt"', ['a']],
  ['extra == "d"', ['d', 'a']],
  ['extra == "B_C" or "a" == extra', ['b-c', 'a', 'd']],
  ['extra != "x"', ['a']],
  ['extra in "a d"', ['a', 'b-c', 'd', 'e']],
])('relevantExtras() of %j', (marker, expected) => {
  expect(relevantExtras(parseMarker(marker), EXTRAS)).toEqual(expected);
});

test.each([
  ...[
    'extra == "a"',
    'extra == "x"',
    'extra != "a"',
    'extra != "x" and extra != "d"',
    'extra in "e"',
    '"B.C" == extra',
  ],
  ...['extra == "a" and os_name == "nt"', 'extra == "a" or os_name == "posix"', 'extra != "a" and extra != "b-c"'],
])('%s holds for one of relevantExtras() when it does for any', (text) => {
  const marker = parseMarker(text);
  const holds = (extra: string) => evaluateMarker(marker, { os_name: 'posix', extra } as unknown as MarkerEnvironment);
  expect(relevantExtras(marker, EXTRAS).some(holds)).toBe([...EXTRAS].some(holds));
});
