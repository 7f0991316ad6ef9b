import { posix } from 'node:path';
import { expect, test } from 'vitest';
import { markerEnvironments } from '../standards/platforms/marker-environment.ts';
import { parseTargetPython } from '../standards/platforms/target-machine.ts';
import { readRequirementsFile, requirementList } from './requirements-file.ts';

const BOARD = markerEnvironments({ platform: 'glibc-armv7l', python: parseTargetPython('3.11') });
const read = (text: string, others: Record<string, string> = {}) =>
  readRequirementsFile('requirements.txt', {
    read: (path) => (path === 'requirements.txt' ? text : (others[path] ?? `missing file ${path}`)),
    resolve: (path, from) => posix.join(posix.dirname(from), path),
    variable: (name) => ({ VERSION: '1.5', EMPTY: '' })[name],
  });
const HASH = 'a'.repeat(64);

test('readRequirementsFile() reads lines as pip does', () => {
  const text = `\ufeff# a comment
Foo[b, a] >= 1.0 , < 2 # and why
bar==1.0 ; python_version < "3.8"
baz==\${VERSION} \\
    --hash=sha256:${HASH} \\
    --hash sha256:${'b'.repeat(64)}
--index-url https://index.example/simple
  --pre
qux==\${EMPTY}\${UNSET}1 \\
# not the end
foo#bar
-e ./local[x]
./wheels/x-1.0-py3-none-any.whl
git+https://example.vn/y.git
z @ https://example.vn/z.zip
`
    .replace('foo#bar\n', '')
    .replace(/qux.*\n# not the end\n/, 'quux\\\n# not the end\n');
  const file = read(text);
  expect(file.options.pre).toBe(true);
  const { wanted, outside } = file.needsOf(BOARD);
  expect(wanted.map(({ name, specifiers, extras, from }) => [name, specifiers, extras.join(), from])).toEqual([
    ['foo', '>= 1.0 , < 2', 'a,b', 'requirements.txt line 2'],
    ['baz', '==1.5', '', 'requirements.txt line 4'],
    ['quux', '', '', 'requirements.txt line 9'],
  ]);
  expect([...(wanted[1]?.sha256s ?? [])]).toEqual([HASH, 'b'.repeat(64)]);
  expect(outside).toEqual([
    './local[x] (requirements.txt line 11)',
    './wheels/x-1.0-py3-none-any.whl (requirements.txt line 12)',
    'git+https://example.vn/y.git (requirements.txt line 13)',
    'z @ https://example.vn/z.zip (requirements.txt line 14)',
  ]);
});

test('readRequirementsFile() tells folders, files and addresses from projects', () => {
  const text = `libs/foo
libs/bar[x,y]; sys_platform == "win32"
libs/baz[x] ; sys_platform == "linux"
wheels/x-1.0-py3-none-any.whl
a @ https://user:secret@example.vn/a.zip; sys_platform == "linux"
b @ https://example.vn/b.zip;python_version < "3"
https://token@example.vn/c.zip ; python_version < "3"
git+https://user:secret@example.vn/d.git@v1#egg=d
-e "vcs/e[x]; os_name == 'nt'"
f[x] >= 1;python_version>"3"
g;`;
  const { wanted, outside } = read(text).needsOf(BOARD);
  expect(wanted.map(({ name }) => name)).toEqual(['f', 'g']);
  expect(outside.map((each) => each.replace('requirements.txt line ', ''))).toEqual([
    'libs/foo (1)',
    'libs/baz[x] (3)',
    'wheels/x-1.0-py3-none-any.whl (4)',
    'a @ https://example.vn/a.zip (5)',
    'git+https://example.vn/d.git@v1#egg=d (8)',
  ]);
});

test('readRequirementsFile() leaves out what lies elsewhere, says so, and reads on', () => {
  const file = read(
    'foo\n-r https://user:secret@example.vn/r.txt\n--constraint=http://example.vn/c.txt\nbar\x0cbaz\x85qux',
  );
  expect(file.needsOf(BOARD).wanted.map(({ name }) => name)).toEqual(['foo', 'bar', 'baz', 'qux']);
  expect(file.notes).toEqual([
    'left out: -r https://example.vn/r.txt (requirements.txt line 2): requirements are read from files only',
    'left out: -c http://example.vn/c.txt (requirements.txt line 3): requirements are read from files only',
  ]);
});

test('readRequirementsFile() takes for requirements what a constraints file names with -r', () => {
  const { wanted, constraints } = read('-c c.txt', { 'c.txt': 'foo<2\n-r r.txt', 'r.txt': 'bar' }).needsOf(BOARD);
  expect([wanted, constraints].map((all) => all.map(({ name }) => name))).toEqual([['bar'], ['foo']]);
});

test('readRequirementsFile() reads files that others name, and constraints', () => {
  const file = read('-r sub/more.txt\n-c limits.txt\n', {
    'sub/more.txt': '-rdeep.txt\nfoo\n',
    'sub/deep.txt': 'bar>1',
    'limits.txt': 'foo<2',
  });
  const { wanted, constraints } = file.needsOf(BOARD);
  expect(wanted.map(({ name, from }) => [name, from])).toEqual([
    ['bar', 'sub/deep.txt line 1'],
    ['foo', 'sub/more.txt line 2'],
  ]);
  expect(constraints).toMatchObject([{ name: 'foo', specifiers: '<2' }]);
});

test.each([
  ['--only-binary :all:\n--no-binary=foo', [':all:'], ['foo']],
  ['--no-binary Foo_Bar,baz\n--only-binary baz', ['baz'], ['foo-bar']],
  ['--only-binary :all:\n--only-binary :none:', [], []],
])('readRequirementsFile() keeps wheels and sdists apart: %j', (text, only, no) => {
  const { options } = read(text);
  expect([[...options.onlyBinary], [...options.noBinary]]).toEqual([only, no]);
});

test.each([
  ['foo==1 extra words', 'In requirements.txt line 1: "foo==1 extra words" is no valid requirement'],
  ['a @ https://user:hunter2@a.vn/x b c', '"a @ https://a.vn/x b c" is no valid requirement'],
  ['a @ https://user:hunter2@a.vn/x; what', '"a @ https://a.vn/x; what" is no valid requirement'],
  ['\n-r requirements.txt', '"requirements.txt" includes itself'],
  ['-r a.txt', 'a.txt line 1'],
])('readRequirementsFile() refuses %j', (text, why) => {
  expect(() => read(text)).toThrow(why);
});

test('requirementList() takes requirements from elsewhere', () => {
  expect(requirementList(['numpy>=2']).needsOf(BOARD).wanted).toMatchObject([
    { name: 'numpy', specifiers: '>=2', from: 'numpy>=2' },
  ]);
});
