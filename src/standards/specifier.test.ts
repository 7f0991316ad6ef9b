import { expect, test } from 'vitest';
import { processorMs } from '../../test/support/processor-time.ts';
import { isValidSpecifierSet, specifierSetContains } from './specifier.ts';

test.each([
  [''],
  [' , '],
  ['>=3.8'],
  [' >= 3.8 , <4 ,'],
  ['==1.0.*'],
  ['!=1!1.*'],
  ['==v1.0+local.1'],
  ['~=1.4.5a4'],
  ['===anything!goes'],
  ['==='],
  ['>1.0.post1.dev2'],
])('isValidSpecifierSet() reads %j', (text) => {
  expect(isValidSpecifierSet(text)).toBe(true);
});

test.each([
  ['3.8'],
  ['=3.8'],
  ['=>3.8'],
  ['>='],
  ['>=3.8 <4'],
  ['>=3.8;<4'],
  ['>=3.*'],
  ['~=1'],
  ['~=1.4.*'],
  ['==1.0.dev1.*'],
  ['==1.0+x.*'],
  ['==1.*.*'],
  ['==1 .*'],
  ['<=1.0+local'],
  ['>=2004d'],
  ['===a b'],
  ['===a)'],
  ['>=3.8, bogus'],
])('isValidSpecifierSet() refuses %j', (text) => {
  expect(isValidSpecifierSet(text)).toBe(false);
  expect(() => specifierSetContains(text, '1.0')).toThrow('is no valid version specifier');
});

test.each<[specifiers: string, inside: string[], outside: string[]]>([
  ['', ['1.0', '1.0a1', 'legacy'], []],
  ['>=3.8,!=3.9.*,<4', ['3.8', '3.10.1', '3.14.0rc1'], ['3.7.9', '3.9', '3.9.1', '4.0', '4.0a1']],
  ['==1.0', ['1', '1.0.0', '1.0+local'], ['1.0.1', '1.0.post1', '1.0a1']],
  ['==1.0+a', ['1.0.0+A'], ['1.0', '1.0+a.1']],
  ['!=1.0', ['1.1', '1.0.post1'], ['1', '1.0+local']],
  ['!=1.0+a', ['1.0', '1.0+b'], ['1.0+a']],
  ['==1.0.*', ['1', '1.0.9', '1.0a1', '1.0.dev0', '1.0.post1', '1.0+x'], ['1.1.dev0', '1!1.0', '10.0']],
  ['==1!1.*', ['1!1.5'], ['1.5']],
  ['~=2.2', ['2.2', '2.10', '2.2.post3', '2.3a1'], ['2.1', '3.0', '3.0.dev0', '2.2a1']],
  ['~=1.4.5', ['1.4.5', '1.4.10+x'], ['1.4', '1.5', '1.5a1']],
  ['~=2.2.post3', ['2.2.post3', '2.3'], ['2.2', '3']],
  ['<1.0', ['0.9', '0.9+x'], ['1.0', '1.0a1', '1.0.dev0']],
  ['<1.0a2', ['1.0a1', '1.0.dev5', '1.0a1+x'], ['1.0a2']],
  ['<1.0.post1', ['1.0', '1.0+x', '1.0a1'], ['1.0.post1.dev0', '1.0.post1']],
  ['<=1.0', ['1.0', '1.0+x', '1.0a1'], ['1.0.post1', '1.0.1']],
  ['>1.0', ['1.0.1', '1.1a1', '1.0.1.dev0'], ['1.0', '1.0+x', '1.0.post1', '1.0.post1.dev1', '1.0a1']],
  ['>1.0a1', ['1.0a2', '1.0', '1.0a2.dev1'], ['1.0a1.post1', '1.0a1+x', '1.0a1']],
  ['>1.0.post1', ['1.0.post2', '1.0.post2.dev0', '1.1'], ['1.0.post1+x', '1.0.post1', '1.0']],
  ['>1.0.dev1', ['1.0.dev2', '1.0a1', '1.0'], ['1.0.dev1+x', '1.0.dev1']],
  ['>=1.0', ['1.0', '1.0+x', '1.0.post1'], ['1.0rc1']],
  ['===1.0', ['1.0'], ['1.0.0', '1', ' 1.0']],
  ['===Legacy', ['legacy', 'LEGACY'], ['legacy2', '1.0']],
  ['>=9007199254740993', ['9007199254740993'], ['9007199254740992']],
  ['<0', [], ['0.dev0', '0', 'legacy']],
])('specifierSetContains() of %j', (specifiers, inside, outside) => {
  for (const version of inside) expect([version, specifierSetContains(specifiers, version)]).toEqual([version, true]);
  for (const version of outside) expect([version, specifierSetContains(specifiers, version)]).toEqual([version, false]);
});

test('specifierSetContains() leaves out pre-releases when told so', () => {
  expect(specifierSetContains('>=1', '2.0a1', { prereleases: false })).toBe(false);
  expect(specifierSetContains('>=1', '2.0.dev1', { prereleases: false })).toBe(false);
  expect(specifierSetContains('>=1', '2.0.post1', { prereleases: false })).toBe(true);
  expect(specifierSetContains('>=1', '2.0a1', { prereleases: true })).toBe(true);
});

test('specifierSetContains() is not slowed down by hostile sets', async () => {
  const act = () => {
    specifierSetContains(','.repeat(1_000_000), '1.0');
    specifierSetContains('>=1,'.repeat(20_000), '2.0');
    isValidSpecifierSet(`>=${' '.repeat(1_000_000)}x`);
    isValidSpecifierSet(`==${'1.'.repeat(1_000_000)}*`);
  };
  expect(await processorMs(act)).toBeLessThan(2000);
});
