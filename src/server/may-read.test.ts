import { expect, test } from 'vitest';
import { privateFolderOf } from './may-read.ts';

const SITE = {
  repositories: new Set(['open', 'lab', 'Vault', 'OPEN']),
  privateRepositories: new Set(['lab', 'Vault', 'OPEN']),
  privateUserOf: (upstream: string) => (upstream.toLowerCase() === 'inner' ? 'lab' : undefined),
};

test.each([
  ['/lab/simple/', 'lab'],
  ['/lab', 'lab'],
  ['//lab//simple/', 'lab'],
  ['/lab/packages/a..b-1.0.whl', 'lab'],
  ['/LAB/simple/', 'lab'], // a disk that takes both for one
  ['/vault/simple/', 'Vault'],
  ['/ｌａｂ/simple/', 'lab'],
  ['/OPEN/simple/', 'OPEN'],
  ['/upstream/inner/packages/foo/foo-1.0.whl', 'lab'],
  ['/Upstream//INNER/packages', 'lab'],
])('privateFolderOf() finds in %s the private %s', (path, name) => {
  expect(privateFolderOf(path, SITE)).toEqual({ name });
});

test.each([
  '/',
  '/open/simple/',
  '/open/lab/',
  '/labs/simple/',
  '/project/lab/',
  '/upstream/public/packages/lab/lab-1.0.whl',
  '/upstream',
])('privateFolderOf() lets everybody read %s', (path) => {
  expect(privateFolderOf(path, SITE)).toBeUndefined();
});

test.each([
  '',
  'lab/simple/',
  '/open/../lab/',
  '/open/..',
  '/./lab/',
  '/open\\..\\lab/',
  '/open/\n/lab',
  'http://x/lab/',
])('privateFolderOf() takes %j for no path of a file', (path) => {
  expect(privateFolderOf(path, SITE)).toBe('unclear');
});
