import { expect, test } from 'vitest';
import { processorMs } from '../../../test/support/processor-time.ts';
import { tidyHtml } from '../html/tidy-html.ts';
import { rstToHtml } from './rst-to-html.ts';

/** As it is shown, without line ends between blocks. */
const render = (text: string) =>
  tidyHtml(rstToHtml(text), { topHeading: 3, remoteImages: true }).replace(/\n(?=<(?!\/code)|$)/g, '');

const link = (href: string, words: string) => `<a href="${href}" rel="nofollow noopener noreferrer">${words}</a>`;
const table = (rows: string) => `<div class="table" tabindex="0"><table>${rows}</table></div>`;

test.each([
  ['paragraphs', 'a\nb\n\nc', '<p>a\nb</p><p>c</p>'],
  [
    'titles',
    'A\n=\n\nB\n===\n\nC\n---\n\n====\nD\n====\n\nEF\n-',
    '<h3 id="readme-a">A</h3><h3 id="readme-b">B</h3><h4 id="readme-c">C</h4><h5 id="readme-d">D</h5><p>EF\n-</p>',
  ],
  ['a line between', 'a\n\n----\n\nb', '<p>a</p><hr><p>b</p>'],
  ['lists', '- a\n- b\n\n  c\n\n- d', '<ul><li>a</li><li><p>b</p><p>c</p></li><li>d</li></ul>'],
  ['lists in lists', '* a\n\n  * b\n  * c\n* d', '<ul><li><p>a</p><ul><li>b</li><li>c</li></ul></li><li>d</li></ul>'],
  ['numbered lists', '3. a\n4. b\n\n#. c', '<ol start="3"><li>a</li><li>b</li><li>c</li></ol>'],
  ['what is no numbered list', 'A. Einstein\nsaid', '<p>A. Einstein\nsaid</p>'],
  ['definitions', 'a : b\n  c\nd\n  e', '<dl><dt>a <em>b</em></dt><dd>c</dd><dt>d</dt><dd>e</dd></dl>'],
  ['fields', ':Author: me\n:Since: 1\n  and 2', '<dl><dt>Author</dt><dd>me</dd><dt>Since</dt><dd>1\nand 2</dd></dl>'],
  [
    'options',
    '-v, --verbose  say more\n--out=FILE  there',
    '<dl><dt><code>-v, --verbose</code></dt><dd>say more</dd><dt><code>--out=FILE</code></dt><dd>there</dd></dl>',
  ],
  ['fields with marks', ':``a[b]``: c', '<dl><dt><code>a[b]</code></dt><dd>c</dd></dl>'],
  ['what is no field', ':class:`a`: b', '<p><code>a</code>: b</p>'],
  ['a quote after a target', '.. _a:\n   https://x.org/\n\n b', '<blockquote><p>b</p></blockquote>'],
  [
    'a table of contents',
    '.. contents:: In it\n   :depth: 2\n\nA\n=\n\n`C <https://x.org/>`_ & ``c``\n----------------------------\n\nD\n~~\n\nA\n--',
    '<p><strong>In it</strong></p><ul><li><a href="#readme-a">A</a><ul><li><a href="#readme-c--c">C &amp; <code>c</code></a></li><li><a href="#readme-a-1">A</a></li></ul></li></ul>' +
      `<h3 id="readme-a">A</h3><h4 id="readme-c--c">${link('https://x.org/', 'C')} &amp; <code>c</code></h4><h5 id="readme-d">D</h5><h4 id="readme-a-1">A</h4>`,
  ],
  [
    'a table of contents of a section',
    'A\n=\n\n.. contents::\n   :local:\n\nB\n-\n\nC\n=\n\nD\n-',
    '<h3 id="readme-a">A</h3><ul><li><a href="#readme-b">B</a></li></ul><h4 id="readme-b">B</h4><h3 id="readme-c">C</h3><h4 id="readme-d">D</h4>',
  ],
  [
    'a table with wide signs',
    '+--+-+\n|界|b|\n|❌|d|\n+--+-+',
    table('<tbody><tr><td>界\n❌</td><td>b\nd</td></tr></tbody>'),
  ],
  ['quotes', 'a\n\n  b', '<p>a</p><blockquote><p>b</p></blockquote>'],
  ['lines', '| a\n| b', '<p>a<br>b</p>'],
  [
    'literal blocks',
    'See::\n\n  <a>\n    b\n\nc',
    '<p>See:</p><pre tabindex="0"><code>&lt;a&gt;\n  b\n</code></pre><p>c</p>',
  ],
  ['quoted literal blocks', '::\n\n> a\n> b', '<pre tabindex="0"><code>&gt; a\n&gt; b\n</code></pre>'],
  [
    'code',
    '.. code-block:: python\n   :linenos:\n\n   return 1',
    '<pre tabindex="0"><code><span class="hl-keyword">return</span> <span class="hl-number">1</span>\n</code></pre>',
  ],
  [
    'sessions of Python',
    '>>> 1\n1',
    '<pre tabindex="0"><code><span class="hl-meta">&gt;&gt;&gt;</span> <span class="hl-number">1</span>\n1\n</code></pre>',
  ],
  [
    'notes',
    '.. note:: a\n   b\n\n.. warning::\n\n   c',
    '<div class="note note-note"><p><strong>Note</strong></p><p>a\nb</p></div><div class="note note-warning"><p><strong>Warning</strong></p><p>c</p></div>',
  ],
  ['versions', '.. versionadded:: 1.2 words', '<p><em>New in version 1.2</em> words</p>'],
  [
    'images',
    '.. image:: https://x.org/a.png\n   :alt: A\n   :target: https://y.org/',
    `<p><a href="https://y.org/" rel="nofollow noopener noreferrer"><img src="https://x.org/a.png" alt="A" loading="lazy" referrerpolicy="no-referrer"></a></p>`,
  ],
  ['a comment', 'a\n\n.. b\n   c\n\nd', '<p>a</p><p>d</p>'],
  ['an unknown directive', '.. autoclass:: A\n   :members:', '<pre tabindex="0">.. autoclass:: A\n   :members:</pre>'],
  [
    'a simple table',
    '===  ===\na    b\n===  ===\n1    2\n\\    3\n===  ===',
    table(
      '<thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr><tr><td></td><td>3</td></tr></tbody>',
    ),
  ],
  [
    'a grid table',
    '+---+---+\n| a | b |\n+===+===+\n| 1 | 2 |\n|   +---+\n|   | 3 |\n+---+---+\n| 4     |\n+-------+',
    table(
      '<thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td rowspan="2">1</td><td>2</td></tr><tr><td>3</td></tr><tr><td colspan="2">4</td></tr></tbody>',
    ),
  ],
  [
    'a table made of lists',
    '.. list-table:: T\n   :header-rows: 1\n\n   * - a\n     - b\n   * - 1\n     - 2',
    `<p><strong>T</strong></p>${table('<thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody>')}`,
  ],
  [
    'a table made of values',
    '.. csv-table::\n   :header: a, "b, c"\n\n   1, 2',
    table('<thead><tr><th>a</th><th>b, c</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody>'),
  ],
  [
    'footnotes',
    'a [1]_\n\n.. [1] b',
    '<p>a <sup><a href="#readme-footnote-1">[1]</a></sup></p><div id="readme-footnote-1" class="footnote">[1] b</div>',
  ],
  [
    'footnotes that get their numbers by themselves',
    'a [#n]_ [#m]_\n\n.. [#m] b\n.. [1] c\n.. [#n] d',
    '<p>a <sup><a href="#readme-footnote-n">[3]</a></sup> <sup><a href="#readme-footnote-m">[2]</a></sup></p>' +
      '<div id="readme-footnote-m" class="footnote">[2] b</div><div id="readme-footnote-1" class="footnote">[1] c</div><div id="readme-footnote-n" class="footnote">[3] d</div>',
  ],
  [
    'HTML, as tame as any',
    '.. raw:: html\n\n   <p align="center" onclick="x">a<script>b</script></p>',
    '<p class="align-center">a</p>',
  ],
])('rstToHtml() renders %s', (_what, text, html) => {
  expect(render(text)).toBe(html);
});

test.each([
  ['*a* **b** ``c*`` `d`', '<em>a</em> <strong>b</strong> <code>c*</code> <cite>d</cite>'],
  ['2*3*4 snake_case_name a_b_', '2*3*4 snake_case_name a_b_'],
  ['\\*a* b\\ c', '*a* bc'],
  [':code:`a` :py:class:`~b.C` :doc:`w <x>` :sub:`2`', '<code>a</code> <code>b.C</code> w <sub>2</sub>'],
  [
    'https://x.org/a. (https://x.org/b)',
    `${link('https://x.org/a', 'https://x.org/a')}. (${link('https://x.org/b', 'https://x.org/b')})`,
  ],
  [
    '`w <https://x.org>`_ and `v <https://x.org>`__',
    `${link('https://x.org/', 'w')} and ${link('https://x.org/', 'v')}`,
  ],
  [
    'a_ `b c`_ d__\n\n.. _a: https://x.org/a\n.. _b  C: https://x.org/\n   b\n.. __: https://x.org/d',
    `${link('https://x.org/a', 'a')} ${link('https://x.org/b', 'b c')} ${link('https://x.org/d', 'd')}`,
  ],
  ['a_ b_\n\n.. _a: b_\n.. _b: https://x.org/', `${link('https://x.org/', 'a')} ${link('https://x.org/', 'b')}`],
  [
    '|a| |b| |c|\n\n.. |a| replace:: *A* |a|\n.. |b| image:: https://x.org/b.png',
    '<em>A</em> <em>A</em> <em>A</em> <em>A</em> |a| <img src="https://x.org/b.png" alt="b" loading="lazy" referrerpolicy="no-referrer"> |c|',
  ],
  ['a__\n\n__ https://x.org/\n   #b', link('https://x.org/#b', 'a')],
  ['``a\\`` `b` c` d', '<code>a\\</code> <cite>b</cite> c` d'],
  ['`a <https://x.org/> `b`', '<cite>a &lt;https://x.org/&gt; `b</cite>'],
  ['a__\n\n__ b_\n\n.. _b: https://x.org/', link('https://x.org/', 'a')],
  [
    ':pep:`440` :RFC:`2822` :pep:`x`',
    `${link('https://peps.python.org/pep-0440', 'PEP 440')} ${link('https://datatracker.ietf.org/doc/html/rfc2822', 'RFC 2822')} x`,
  ],
  ['`x <javascript:alert(1)>`_ <b>', 'x &lt;b&gt;'],
])('rstToHtml() renders in a line %j', (text, html) => {
  expect(render(text)).toBe(`<p>${html}</p>`);
});

test('rstToHtml() links to titles', () => {
  expect(render('Some words\n==========\n\n`Some words`_')).toBe(
    '<h3 id="readme-some-words">Some words</h3><p><a href="#readme-some-words">Some words</a></p>',
  );
});

test.each([
  ['quotes in quotes', Array.from({ length: 2000 }, (_, n) => `${' '.repeat(n)}a`).join('\n\n')],
  ['lists in lists', `${'- '.repeat(25_000)}a`],
  ['stars', '*a '.repeat(30_000)],
  ['back quotes', '`a '.repeat(30_000)],
  ['double back quotes', '``a '.repeat(25_000)],
  ['bars', '|a '.repeat(30_000)],
  ['titles', 'a\n===\n'.repeat(15_000)],
  ['styles of titles', Array.from({ length: 15_000 }, (_, n) => `a\n${'=-~^"'.charAt(n % 5).repeat(4)}\n`).join('')],
  ['rows', `=== ===\n${'a   b\n'.repeat(15_000)}=== ===`],
  ['corners', `${'+-'.repeat(200)}+\n`.repeat(300)],
  ['words that are used', `.. |a| replace:: ${'|a| '.repeat(400)}\n\n${'|a| '.repeat(1000)}`],
  ['names', `${'a_'.repeat(50_000)}`],
  ['roles', ':a:`'.repeat(25_000)],
  ['definitions', 'a\n b\n'.repeat(20_000)],
])('rstToHtml() reads many %s in a time', async (_what, text) => {
  const act = () => {
    rstToHtml(text);
  };
  expect(await processorMs(act)).toBeLessThan(2500);
});
