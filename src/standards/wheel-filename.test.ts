import { expect, test } from 'vitest';
import { checkTagCase, checkWheelName, parseWheelFilename, presumedWheelFilename } from './wheel-filename.ts';

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

test.each([
  ['0.1.1_gitabc', '0.1.1+gitabc'],
  ['1.0_cpu_x', '1.0+cpu_x'],
  ['1_3.1.0', '1!3.1.0'],
  ['1_3.1.0_cpu', '1!3.1.0+cpu'],
])(
  'parseWheelFilename() refuses the version %s, which no client reads, and says what is meant: %s',
  (written, meant) => {
    const filename = `foo-${written}-py3-none-any.whl`;
    expect(() => parseWheelFilename(filename)).toThrow(
      expect.objectContaining({ code: 'bad-version', hint: `rename it, with the version "${meant}" in its name` }),
    );
    expect(presumedWheelFilename(filename).version).toBe(meant);
  },
);

test.each([
  ['foo-1.0-py3-none-any.whl', undefined],
  ['foo.x-1.0_rc1-1-py2.py3-none-any.whl', undefined],
  ['foo__x-1.0-py3-none-any.whl', 'pip from 25.3 on'],
  ['foo-1.0_1-py3-none-any.whl', 'pip from 25.3 on and uv'],
  ['foo-1.0-py3.11-none-any.whl', 'pip from 26.3 on'],
])('checkWheelName() says who passes over %s', (filename, who) => {
  if (who === undefined) expect(checkWheelName(filename)).toBeUndefined();
  else expect(checkWheelName(filename)).toContain(who);
});

test('checkTagCase() says that uv passes over tags in upper case', () => {
  expect(checkTagCase('Foo-1.0-py3-none-any.whl')).toBeUndefined();
  expect(checkTagCase('foo-1.0-PY3-none-any.whl')).toContain('uv passes it over');
});
