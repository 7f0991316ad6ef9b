import { expect, test } from 'vitest';
import { poetryAllows, pythonMarkerOf, specifierSetsOf } from './poetry-constraint.ts';

test.each<[constraint: string, sets: string[] | undefined]>([
  ['*', ['']],
  ['1.2', ['==1.2']],
  ['1.*', ['==1.*']],
  ['^1.2.3', ['>=1.2.3,<2']],
  ['^0.2.3', ['>=0.2.3,<0.3']],
  ['^0.0.3', ['>=0.0.3,<0.0.4']],
  ['^0.0', ['>=0.0,<0.1']],
  ['~1.2.3', ['>=1.2.3,<1.3']],
  ['~1', ['>=1,<2']],
  ['~=1.2', ['~=1.2']],
  ['>= 1.0 , <2', ['>=1.0,<2']],
  ['>=1.0 <2', ['>=1.0,<2']],
  ['<1 || ^2', ['<1', '>=2,<3']],
  ['=1.0', ['==1.0']],
  ['^', undefined],
  ['whatever you like', undefined],
])('specifierSetsOf(%j)', (constraint, sets) => {
  expect(specifierSetsOf(constraint)).toEqual(sets);
});

test('poetryAllows() takes what one of the alternatives takes, and anything of what it cannot read', () => {
  expect(['0.9', '1.5', '2.1'].map((version) => poetryAllows('<1||^2', version))).toEqual([true, false, true]);
  expect(poetryAllows('newest', '1.0')).toBe(true);
});

test('pythonMarkerOf() asks for the full version', () => {
  expect(pythonMarkerOf('^3.8')).toMatchObject({ type: 'and', parts: [{ operator: '>=' }, { operator: '<' }] });
  expect(pythonMarkerOf('*')).toBeUndefined();
});
