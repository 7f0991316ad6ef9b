import { expect, test } from 'vitest';
import { normalizeName } from '../standards/name.ts';
import { checkHtmlPage, NoIndexPage, readJsonPage, record } from './index-page-faults.ts';

const FOO = normalizeName('foo-bar');
const page = (more: object = {}) =>
  JSON.stringify({ meta: { 'api-version': '1.1' }, name: 'Foo.Bar', files: [], ...more });

test.each<[what: string, text: string, expected: object]>([
  ['a page', page(), { files: [], status: {} }],
  ['one of a later version', page({ meta: { 'api-version': '1.42' } }), { files: [], status: {} }],
  ['its files, whatever they are', page({ files: [{ a: 1 }, null, 'x'] }), { files: [{ a: 1 }, {}, {}], status: {} }],
  ['its status', page({ 'project-status': { status: 'archived' } }), { files: [], status: { status: 'archived' } }],
])('readJsonPage() reads %s', (_what, text, expected) => {
  expect(readJsonPage(text, FOO)).toEqual(expected);
});

test.each<[text: string, why: string]>([
  [page().slice(0, -1), 'is cut off, or no JSON'],
  ['', 'is cut off, or no JSON'],
  ['null', 'is no page of an index'],
  ['[]', 'is no page of an index'],
  [page({ files: {} }), 'is no page of an index'],
  [page({ name: 7 }), 'is no page of an index'],
  [page({ meta: { 'api-version': '2.0' } }), 'is of version "2.0" of the API, and kho knows 1'],
  [page({ meta: { 'api-version': '11.0' } }), 'is of version "11.0" of the API'],
  [page({ meta: { 'api-version': '1.0b' } }), 'is of version "1.0b" of the API'],
  [page({ meta: { 'api-version': 1 } }), 'is of version "1" of the API'],
  [page({ meta: 7 }), 'is of version "undefined" of the API'],
  [page({ name: 'bar' }), 'is the page of "bar"'],
  [page({ name: '../x' }), 'is the page of "../x"'],
])('readJsonPage() refuses %s: %s', (text, why) => {
  expect(() => readJsonPage(text, FOO)).toThrow(why);
  expect(() => readJsonPage(text, FOO)).toThrow(NoIndexPage);
});

const SAYS_SO = '<meta name="pypi:repository-version" content="1.0">';
const html = (inside: string) => `<!DOCTYPE html><html>${inside}</html>`;
const named = (...filenames: unknown[]) => filenames.map((filename) => ({ filename }));

test.each<[what: string, text: string, entries: { filename: unknown }[], files: number]>([
  ['one that says what it is, without files', html(SAYS_SO), [], 0],
  ['one that says nothing, with files', html(''), named('foo_bar-1.0.tar.gz'), 1],
  ['a comment at the end', `${html(SAYS_SO)}\n<!--SERIAL 7-->\n<!-- b -->\n`, [], 0],
  ['an end in capitals, with a blank', `${html(SAYS_SO).slice(0, -7)}</HTML >`, [], 0],
  ['links to other things too', html(SAYS_SO), named('readme.txt', 7, 'foo_bar-1.0-py3-none-any.whl'), 1],
  ['links to nothing but other things', html(SAYS_SO), named('readme.txt', 'other-1.0.deb'), 0],
  ['packages of others beside its own', html(SAYS_SO), named('other-1.0.zip', 'Foo.Bar-1.0.zip'), 1],
])('checkHtmlPage() takes %s', (_what, text, entries, files) => {
  checkHtmlPage(text, entries, files, FOO);
});

test.each<[why: string, text: string, entries: { filename: unknown }[], files: number]>([
  ['is no page of an index, but one for people', html('<h1>Sign in</h1>'), [], 0],
  ['is cut off', html(SAYS_SO).slice(0, -1), [], 0],
  ['is cut off', `${html(SAYS_SO)}<!-- SERIAL`, [], 0],
  ['is cut off', `${html(SAYS_SO)} SERIAL-->`, [], 0],
  ['is cut off', `${html(SAYS_SO)}<a href="x">`, [], 0],
  ['is cut off', SAYS_SO, [], 0],
  ['is cut off', `pypi:repository-version`, [], 0],
  ['is the page of another project: it has "foo_barbar-1.0.tar.gz"', html(SAYS_SO), named('foo_barbar-1.0.tar.gz'), 0],
  [
    'is the page of another project: it has "other-1.0.tgz"',
    html(SAYS_SO),
    named('x.txt', 'other-1.0.tgz', 'b-1.0.whl'),
    0,
  ],
])('checkHtmlPage() refuses what %s', (why, text, entries, files) => {
  expect(() => checkHtmlPage(text, entries, files, FOO)).toThrow(why);
});

test.each([
  [null, {}],
  [7, {}],
  ['x', {}],
  [{ a: 1 }, { a: 1 }],
])('record() of %j', (value, expected) => {
  expect(record(value)).toEqual(expected);
});
