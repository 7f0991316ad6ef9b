import { expect, test } from 'vitest';
import { parseWheelFilename } from './wheel-filename.ts';

const PY3_NONE_ANY = { python: 'py3', abi: 'none', platform: 'any' };

test.each([
  ['a pure wheel', 'foo-1.0-py3-none-any.whl', { name: 'foo', version: '1.0', ...PY3_NONE_ANY }],
  ['a name to normalize', 'Foo_Bar.baz-1.0-py3-none-any.whl', { name: 'foo-bar-baz', version: '1.0', ...PY3_NONE_ANY }],
  ['a doubled underscore', 'foo__bar-1.0-py3-none-any.whl', { name: 'foo-bar', version: '1.0', ...PY3_NONE_ANY }],
  ['a build tag', 'foo-1.0-7a-py3-none-any.whl', { name: 'foo', version: '1.0', build: '7a', ...PY3_NONE_ANY }],
  ['the build tag 0', 'foo-1.0-0-py3-none-any.whl', { name: 'foo', version: '1.0', build: '0', ...PY3_NONE_ANY }],
  ['epoch and local', 'foo-1!2.0+cu118-py3-none-any.whl', { name: 'foo', version: '1!2.0+cu118', ...PY3_NONE_ANY }],
  ['a version to normalize', 'foo-1.0RC1-py3-none-any.whl', { name: 'foo', version: '1.0RC1', ...PY3_NONE_ANY }],
  ['_ inside a version', 'foo-1.0_rc1-py3-none-any.whl', { name: 'foo', version: '1.0_rc1', ...PY3_NONE_ANY }],
  ['_ for a dash', 'foo-1.0_1-py3-none-any.whl', { name: 'foo', version: '1.0-1', ...PY3_NONE_ANY }],
  ['_ for a plus', 'foo-1.0_cpu_x-py3-none-any.whl', { name: 'foo', version: '1.0+cpu_x', ...PY3_NONE_ANY }],
  [
    'a tag set out of order',
    'numpy-1.26.4-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl',
    {
      name: 'numpy',
      version: '1.26.4',
      python: 'cp311',
      abi: 'cp311',
      platform: 'manylinux_2_17_x86_64.manylinux2014_x86_64',
    },
  ],
  [
    'a set as written',
    'foo-1.0-py3.py2-none-any.whl',
    { name: 'foo', version: '1.0', ...PY3_NONE_ANY, python: 'py3.py2' },
  ],
])('parseWheelFilename() reads %s', (_what, filename, expected) => {
  expect(parseWheelFilename(filename)).toEqual(expected);
});

test.each([
  ['foo-1.0.tar.gz', 'it must end in .whl'],
  ['foo-1.0-py3-none-any.WHL', 'it must end in .whl'],
  ['foo-1.0-py3-none.whl', 'it must have 5 or 6 parts'],
  ['foo-1.0-1-2-py3-none-any.whl', 'it must have 5 or 6 parts'],
  ['foo-1.0-py3--any.whl', 'none of them empty'],
  ['foo-1.0--py3-none-any.whl', 'none of them empty'],
  ['-1.0-py3-none-any.whl', 'none of them empty'],
  ['foo-1.0-x-py3-none-any.whl', 'its build tag "x" must start with a digit'],
  ['foo-1.0-py3-none-any-x86_64_v3.whl', 'its build tag "py3" must start with a digit'], // a wheel variant, PEP 825
  ['foo-1.0-py3-none-../../any.whl', 'only ASCII letters'], // would leave the site's folder
  ['foo-1.0-py3-none-..any.whl', 'has an empty part'],
  ['foo-1.0-py2.-none-any.whl', 'has an empty part'],
  ['foo-1.0-py3-none-any\n.whl', 'only ASCII letters'], // would split a line of SHA256SUMS
  ['foo-1.0-py3-none-any .whl', 'only ASCII letters'],
  ['<b>-1.0-py3-none-any.whl', 'only ASCII letters'],
  ['hạt-1.0-py3-none-any.whl', 'only ASCII letters'],
  ['.foo-1.0-py3-none-any.whl', 'is no valid project name'],
  ['foo_-1.0-py3-none-any.whl', 'is no valid project name'],
])('parseWheelFilename() refuses %j: %s', (filename, why) => {
  expect(() => parseWheelFilename(filename)).toThrow(expect.objectContaining({ code: 'bad-filename' }));
  expect(() => parseWheelFilename(filename)).toThrow(why);
});

test.each([['foo-final-py3-none-any.whl'], ['foo-1.0.x-py3-none-any.whl'], ['foo-_1_0-py3-none-any.whl']])(
  'parseWheelFilename() refuses the version of %j',
  (filename) => {
    expect(() => parseWheelFilename(filename)).toThrow(expect.objectContaining({ code: 'bad-version' }));
  },
);
