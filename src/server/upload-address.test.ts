import { expect, test } from 'vitest';
import { uploadAddress } from './upload-address.ts';

const site = { repositories: new Set(['.', 'glibc', 'legacy']) };

test.each([
  ['/', {}],
  ['/upload/', {}],
  ['/upload', {}],
  ['/simple/', {}],
  ['/legacy', { repository: 'legacy' }],
  ['/glibc', { repository: 'glibc' }],
  ['/glibc/', { repository: 'glibc' }],
  ['/glibc/upload/', { repository: 'glibc' }],
  ['/glibc/legacy', { repository: 'glibc' }],
  ['/glibc//simple//', { repository: 'glibc' }],
  ['/legacy/legacy/', { repository: 'legacy' }],
  ['/glibc/upload/?x=1', { repository: 'glibc' }],
])('uploadAddress() reads %s', (target, expected) => {
  expect(uploadAddress(target, site)).toEqual(expected);
});

test.each(['/musl/', '/glibc/packages/', '/glibc/upload/x', '/glibc/../musl/', '/%00/', 'glibc', '/upload/upload/'])(
  'uploadAddress() knows nothing at %s',
  (target) => {
    expect(uploadAddress(target, site)).toBeUndefined();
  },
);
