import { expect, test } from 'vitest';
import { LookAlikes } from './look-alikes.ts';

const GLIBC = 'glibc';
const MUSL = 'musl';

test('LookAlikes names pairs of one project before any others', () => {
  const all = new LookAlikes();
  all.add('foo', 'foo-2-cp311-cp311-linux_x86_64.whl', GLIBC);
  all.add('foo', 'foo-1-cp311-cp311-linux_x86_64.whl', GLIBC);
  all.add('bar', 'bar-1-cp311-cp311-linux_x86_64.whl', MUSL);
  expect(all.pairs()).toEqual([
    { glibc: 'foo-1-cp311-cp311-linux_x86_64.whl', musl: 'bar-1-cp311-cp311-linux_x86_64.whl' },
  ]);
  all.add('foo', 'foo-1-cp312-cp312-linux_x86_64.whl', MUSL);
  expect(all.pairs()).toEqual([
    { glibc: 'foo-1-cp311-cp311-linux_x86_64.whl', musl: 'foo-1-cp312-cp312-linux_x86_64.whl' },
  ]);
});

test.each([
  ['the first of all names', ['b', 'a', 'c']],
  ['whatever came first', ['a', 'b', 'c']],
])('LookAlikes names %s', (_what, projects) => {
  const all = new LookAlikes();
  for (const project of projects) all.add(project, `${project}-1-cp311-cp311-linux_x86_64.whl`, GLIBC);
  all.add('d', 'd-1-cp311-cp311-linux_x86_64.whl', MUSL);
  expect(all.pairs()[0]?.glibc).toBe('a-1-cp311-cp311-linux_x86_64.whl');
});

test('LookAlikes sorts pairs, and passes over what is tied to no libc or to both', () => {
  const all = new LookAlikes();
  for (const project of ['b', 'a', 'c']) {
    all.add(project, `${project}-1-cp311-cp311-linux_x86_64.whl`, GLIBC);
    all.add(project, `${project}-1-cp312-cp312-linux_x86_64.whl`, MUSL);
  }
  all.add('0', '0-1-cp311-cp311-linux_x86_64.whl', 'both');
  all.add('0', '0-1-cp311-cp311-linux_x86_64.whl', 'neutral');
  expect(all.pairs().map(({ glibc }) => glibc[0])).toEqual(['a', 'b', 'c']);
});

test('LookAlikes finds nothing where names or machines differ', () => {
  const all = new LookAlikes();
  all.add('a', 'a-1-cp311-cp311-linux_x86_64.whl', GLIBC);
  all.add('a', 'a-1-cp311-cp311-linux_armv7l.whl', MUSL);
  all.add('a', 'a-1-cp311-cp311-musllinux_1_2_x86_64.whl', MUSL);
  all.add('a', 'a-1-cp312-cp312-linux_x86_64.whl', 'neutral');
  expect(all.pairs()).toEqual([]);
});
