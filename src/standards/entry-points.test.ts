import { expect, test } from 'vitest';
import { checkEntryPoints } from './entry-points.ts';

const check = (text: string) => checkEntryPoints(Buffer.from(text));
const script = (line: string) => check(`[console_scripts]\n${line}\n`);

test.each([
  'foo = foo:main',
  'foo=foo.bar:main.run',
  '  foo = foo:main [extra]',
  '# comment',
  '',
  'foo bar = foo:main',
  'é = é:é',
])('checkEntryPoints() takes the script %j', (line) => expect(script(line)).toBeUndefined());

test.each([
  ['foo = foo:main()', 'uv'],
  ['foo = foo:main # x', 'uv'],
  ['foo = foo : main', 'pip on Python 3.11'],
  ['foo/bar = foo:main', 'uv refuses it'],
  ['foo = foo:main\nfoo = foo:other', 'twice'],
  ['foo = foo:main\n[console_scripts]', 'two sections'],
])('checkEntryPoints() says who refuses the script %j', (line, who) => {
  expect(script(line)).toContain(who);
});

test.each([
  'foo = foo',
  'foo = foo:',
  'foo = :main',
  'foo = a:b:c',
  'foo = foo:main [x',
  'foo =',
  'foo',
  'foo: foo:main',
  'foo = f-oo:main',
])('checkEntryPoints() refuses the script %j, as every pip does', (line) =>
  expect(() => script(line)).toThrow(expect.objectContaining({ code: 'cannot-install' })),
);

test('checkEntryPoints() asks no plug-in for a function, but every entry for a value', () => {
  expect(check('[x.plugins]\nfoo = foo\n')).toBeUndefined();
  expect(() => check('[x.plugins]\nfoo\n')).toThrow('which has no "="');
});

test.each(['../foo = foo:main', '/foo = foo:main', 'a/../../b = foo:main'])(
  'checkEntryPoints() refuses %j, outside of its folder',
  (line) => {
    expect(() => script(line)).toThrow(expect.objectContaining({ code: 'unsafe-member' }));
  },
);

test('checkEntryPoints() refuses what is not UTF-8', () => {
  expect(() => checkEntryPoints(Buffer.from('# \xe9', 'latin1'))).toThrow('is not UTF-8');
});
