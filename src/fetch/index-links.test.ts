import { expect, test } from 'vitest';
import { readIndexLinks } from './index-links.ts';

const hrefs = (html: string) => readIndexLinks(html, () => true).links.map((link) => link.get('href'));

test('readIndexLinks() has all that links say, in their order', () => {
  const { links, base } = readIndexLinks('<A HREF="a&amp;b" data-yanked="">x</A><a>y</a><b href="c">z</b>', () => true);
  expect(links.map((link) => Object.fromEntries(link))).toEqual([{ href: 'a&b', 'data-yanked': '' }, {}]);
  expect(base).toBeUndefined();
});

test.each(['title', 'textarea', 'script', 'style', 'xmp', 'iframe', 'noembed', 'noframes'])(
  'readIndexLinks() reads text in <%s> as text, and what follows it',
  (name) => {
    expect(hrefs(`<${name}><a href="text"></${name}><a href="link">`)).toEqual(['link']);
  },
);

test('readIndexLinks() reads all behind <plaintext> as text', () => {
  expect(hrefs('<a href="link"><plaintext><a href="text"></plaintext><a href="text">')).toEqual(['link']);
});

test.each(['div', 'constructor', 'p'])('readIndexLinks() finds links in <%s>', (name) => {
  expect(hrefs(`<${name}><a href="link"></${name}>`)).toEqual(['link']);
});

test.each([
  ['<base href="one"><base href="two">', 'one'],
  ['<base target="x"><base href="two">', 'two'],
  ['<base href="no"><base href="two">', 'two'],
  ['<a href="one">', undefined],
])('readIndexLinks() takes the first base that is one: %s', (html, base) => {
  expect(readIndexLinks(html, (href) => href !== 'no').base).toBe(base);
});
