import { expect, test } from 'vitest';
import { findUnsafe } from './prove-safe.ts';
import { tidyHtml } from './tidy-html.ts';

const tidy = (html: string, remoteImages = false) => tidyHtml(html, { topHeading: 3, remoteImages });

test.each([
  ['text', 'a < b & c', 'a &lt; b &amp; c'],
  ['tags', '<p>a <b>b</b><br>c</p>', '<p>a <b>b</b><br>c</p>'],
  ['tags left open', '<p><em>a', '<p><em>a</em></p>'],
  ['tags in a wrong order', '<b><i>a</b>b</i>', '<b><i>a</i></b>b'],
  ['tags that mean nothing', '<blink>a</blink><font color=red>b</font>', 'ab'],
  ['old tags', '<tt>a</tt><strike>b</strike><acronym>c</acronym>', '<code>a</code><s>b</s><abbr>c</abbr>'],
  ['a block in a paragraph', '<p>a<ul><li>b</ul>c', '<p>a</p><ul><li>b</li></ul>c'],
  ['a block in inline tags', '<b>a<p>b</p></b>', '<b>a</b><p><b>b</b></p>'],
  [
    'a heading in a link',
    '<a href="https://x.org"><h1>a</h1></a>',
    `<h3 id="readme-a">${link('https://x.org/', 'a')}</h3>`,
  ],
  [
    'a link in a link',
    '<a href="https://x.org">a<a href="https://y.org">b</a></a>',
    `${link('https://x.org/', 'a')}${link('https://y.org/', 'b')}`,
  ],
  ['items without a list', '<li>a<li>b', '<ul><li>a</li><li>b</li></ul>'],
  ['text in a list', '<ol start="3">a<li>b</ol>', '<ol start="3"><li>a</li><li>b</li></ol>'],
  ['a list of definitions', '<dl><dt>a<dd>b</dl>', '<dl><dt>a</dt><dd>b</dd></dl>'],
  ['definitions without terms', '<dl><dd>b</dl>', '<div>b</div>'],
  [
    'a centred block',
    '<center>a</center><p align="center">b',
    '<div class="align-center">a</div><p class="align-center">b</p>',
  ],
  ['a folded part', '<details><summary>a</summary>b</details>', '<details><summary>a</summary>b</details>'],
  ['a folded part without a word', '<details>b</details>', '<details><summary>…</summary>b</details>'],
  ['empty tags', '<p></p><b></b><ul></ul><a href="https://x.org"></a><h1> </h1>', ' '],
  ['a ticked box', '<input type="checkbox" checked> a', '☑ a'],
  ['a direction', '<p dir="rtl">a</p><p dir="x">b</p>', '<p dir="rtl">a</p><p>b</p>'],
])('tidyHtml() keeps %s', (_what, from, to) => {
  expect(tidy(from)).toBe(to);
});

test.each([
  ['a script', 'a<script>alert(1)</script>b', 'ab'],
  ['a script that never ends', 'a<script>alert(1)', 'a'],
  ['a script in a script', 'a<script><script></script>b', 'ab'],
  ['a style', 'a<style>* { display: none }</style>b', 'ab'],
  ['a frame', 'a<iframe src="https://x.org"></iframe>b', 'ab'],
  ['a drawing', 'a<svg onload=alert(1)><g><svg/></g><script>alert(1)</script></svg>b', 'ab'],
  ['formulas', 'a<math><mi xlink:href="javascript:alert(1)">x</math>b', 'ab'],
  ['a form', '<form action="https://x.org"><button>a</button><input name=b></form>', 'a'],
  ['a comment', 'a<!-- <script>alert(1)</script> -->b', 'ab'],
  ['handlers', '<p onclick="alert(1)" style="position:fixed" class="header" data-x="1">a</p>', '<p>a</p>'],
  ['odd schemes', '<a href="javascript:alert(1)">a</a><a href=" jav&#x09;ascript:alert(1)">b</a>', 'ab'],
  ['a relative link', '<a href="usage/first.md">a</a>', 'a'],
  ['a link to nowhere', '<a href="#nowhere">a</a>', 'a'],
  [
    'a quote in an address',
    '<a href=\'https://x.org/"onclick="alert(1)\'>a</a>',
    link('https://x.org/%22onclick=%22alert(1)', 'a'),
  ],
  ['a base', '<base href="https://x.org/"><meta http-equiv=refresh content=0><link rel=stylesheet href=x>a', 'a'],
])('tidyHtml() leaves out %s', (_what, from, to) => {
  expect(tidy(from)).toBe(to);
});

test.each([
  ['a link', '<img src="https://x.org/a.png" alt="A">', link('https://x.org/a.png', 'A', 'image'), false],
  ['a link without words', '<img src="https://x.org/a.png">', link('https://x.org/a.png', 'a.png', 'image'), false],
  [
    'words in a link',
    '<a href="https://y.org"><img src="https://x.org/a.png" alt="A"></a>',
    link('https://y.org/', '<span class="image">A</span>'),
    false,
  ],
  [
    'words, when it is not on the web',
    '<img src="a.png" alt="A"><img src="data:image/png;base64,x" alt="B">',
    '<span class="image">A</span><span class="image">B</span>',
    true,
  ],
  [
    'an image, where these are wanted',
    '<img src="https://x.org/a.png" onerror="alert(1)" width="20" height="1em">',
    '<img src="https://x.org/a.png" alt="" width="20" loading="lazy" referrerpolicy="no-referrer">',
    true,
  ],
])('tidyHtml() makes of an image %s', (_what, from, to, remoteImages) => {
  expect(tidy(from, remoteImages)).toBe(to);
});

test("tidyHtml() gives headings levels below the page's, without a gap, and ids of their own", () => {
  expect(tidy('<h2>A b!</h2><h5 id="own id">B</h5><h1>A b</h1><a href="#A-b">x</a><a href="#own%20id">y</a>')).toBe(
    '<h3 id="readme-a-b">A b!</h3><h4 id="readme-ownid">B</h4><h3 id="readme-a-b-1">A b</h3><a href="#readme-a-b">x</a>y',
  );
});

test('tidyHtml() makes tables rectangles', () => {
  expect(tidy('<table><tr><td rowspan=9>a<td colspan=2>b<tr><th>c<th></table>')).toBe(
    '<div class="table" tabindex="0"><table><tbody><tr><td rowspan="2">a</td><td colspan="2">b</td></tr>' +
      '<tr><th>c</th><td></td></tr></tbody></table></div>',
  );
  expect(tidy('<table><tr><td rowspan=3>a<td>b<tr><tr><td>c</table>')).toContain(
    '<tr><td rowspan="2">a</td><td>b</td></tr><tr><td>c</td></tr>',
  );
  expect(tidy('<table><tr><td colspan=2>a<td colspan=9>b<tr><td>c<td>d<td>e</table>')).toContain(
    '<tr><td colspan="2">a</td><td>b</td></tr><tr><td>c</td><td>d</td><td>e</td></tr>',
  );
  expect(tidy('<table><tr><td colspan=99 rowspan=9>a<tr><td>b</table>')).toContain(
    '<tr><td>a</td></tr><tr><td>b</td></tr>',
  );
  expect(tidy('<table><tr><tr></table>a')).toBe('a');
  const wide = tidy(`<table>${'<tr><td>y'.repeat(2)}<tr>${'<td>x'.repeat(200)}</table>`);
  expect(wide.match(/<tr>/g)).toHaveLength(3);
  expect(wide.match(/<td>/g)).toHaveLength(180);
});

test('tidyHtml() takes tags in one another to a depth', () => {
  expect(tidy('<div>'.repeat(100_000)).length).toBeLessThan(1000);
  expect(tidy(`${'<ul><li>'.repeat(100)}a`)).toContain('a');
});

test.each([
  ['a tag that no renderer writes', '<script>'],
  ['an attribute', '<p onclick="x">'],
  ['a scheme', '<a href="javascript:x">'],
  ['an id of the page', '<p id="search">'],
  ['an open quote', '<p title="x>'],
  ['a single <', 'a < b'],
  ['a comment', '<!-- -->'],
])('findUnsafe() finds %s', (_what, html) => {
  expect(findUnsafe(`<p>fine</p>${html}`)).toBeDefined();
  expect(findUnsafe('<p title="a &gt; b">fine</p>')).toBeUndefined();
});

function link(href: string, words: string, kind?: 'image'): string {
  return `<a${kind ? ` class="${kind}"` : ''} href="${href}" rel="nofollow noopener noreferrer">${words}</a>`;
}
