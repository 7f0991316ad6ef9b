import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyText } from '../../test/support/any-text.ts';
import { processorMs } from '../../test/support/processor-time.ts';
import { readHtml } from './html.ts';

const read = (body: string) =>
  readHtml(`<!DOCTYPE html>${body}`).map(({ name, attributes, text }) => [name, Object.fromEntries(attributes), text]);

test.each([
  ['a link', '<a href="x">text</a> more', [['a', { href: 'x' }, 'text']]],
  [
    'tags in tags',
    '<h1>a<b>c</b>d</h1>',
    [
      ['h1', {}, 'a'],
      ['b', {}, 'c'],
    ],
  ],
  ['no value, single quotes, upper case', "<A Yanked HREF='a\"b'>", [['a', { yanked: '', href: 'a"b' }, '']]],
  [
    'white space and void tags',
    '<br />\n<meta\n  name="x"\n>',
    [
      ['br', {}, '\n'],
      ['meta', { name: 'x' }, ''],
    ],
  ],
  ['references', '<a b="&lt;&gt;&amp;&quot;&apos;&#39;&#x27;">&amp;lt;</a>', [['a', { b: '<>&"' + "'''" }, '&lt;']]],
  ['comments', '<!-- <a href="no"> --><p>', [['p', {}, '']]],
  [
    'style sheets',
    '<style>a > b { c: "<" }</style><p>',
    [
      ['style', {}, 'a > b { c: "<" }'],
      ['p', {}, ''],
    ],
  ],
  ['an empty page', '', []],
])('readHtml() reads %s', (_what, body, tags) => {
  expect(read(body)).toEqual(tags);
});

test.each([
  ['no doctype', '<p>', 'does not start as an HTML page'],
  ['a cut page', '<!doctype html><a href="x', 'something odd'],
  ['an unquoted value', '<!doctype html><a href=x>', 'something odd'],
  ['a stray bracket', '<!doctype html>1 < 2', 'starts no tag'],
  ['an open comment', '<!doctype html><!-- ', 'starts no tag'],
  ['an open style sheet', '<!doctype html><style>a', 'without an end'],
  ['a bare ampersand', '<!doctype html><p>a & b', 'does not write: & (at character 15)'],
  ['an unknown reference', '<!doctype html><p>&nbsp;', 'does not write: &nbsp;'],
  ['a name from JavaScript', '<!doctype html><p>&constructor;', 'does not write: &constructor;'],
  ['a character beyond all', '<!doctype html><p>&#x110000;', 'does not write'],
])('readHtml() refuses %s', (_what, html, why) => {
  expect(() => readHtml(html)).toThrow(why);
});

test.each(['<', '<a ', '<a b="', '&', '<!--', '<style>', ' ', '<a', ' a=', '<!doctype html>'])(
  'readHtml() is done soon with 100,000 times %j',
  async (piece) => {
    const act = () => {
      try {
        readHtml(`<!doctype html>${piece.repeat(100_000)}`);
      } catch (error) {
        expect(error).toHaveProperty('code', 'damaged');
      }
    };
    expect(await processorMs(act)).toBeLessThan(2000);
  },
);

test('readHtml() gets back what was escaped', () => {
  fc.assert(
    fc.property(anyText(), (text) => {
      const escaped = text.replace(/[&<>"']/g, (c) => `&#${c.codePointAt(0)};`);
      expect(read(`<a b="${escaped}">${escaped}</a>`)).toEqual([['a', { b: text }, text]]);
    }),
    { numRuns: 200 },
  );
});
