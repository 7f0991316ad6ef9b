import { expect, test } from 'vitest';
import { MOST_SHOWN_BYTES } from './limits.ts';
import { renderDescription } from './render-description.ts';

const render = (text: string, type?: string) => renderDescription(text, type, { topHeading: 3, remoteImages: false });
const markdown = (text: string) => render(text, 'text/markdown').html.trimEnd();

test.each([
  ['a table', '|a|b|\n|-|:-:|\n|1|2|', '<td class="align-center">2</td>'],
  ['a task list', '- [x] done\n- [ ] not', '<ul><li>☑ done</li><li>☐ not</li></ul>'],
  ['struck words', '~~a~~', '<s>a</s>'],
  [
    'an address',
    'see https://x.org/a.',
    '<a href="https://x.org/a" rel="nofollow noopener noreferrer">https://x.org/a</a>.',
  ],
  ['a footnote', 'a[^1]\n\n[^1]: b', '<a id="readme-fnref1" href="#readme-fn1">[1]</a>'],
  [
    'the same footnote twice',
    'a[^1] b[^1]\n\n[^1]: c',
    'b<sup><a id="readme-fnref1:1" href="#readme-fn1">[1]</a></sup>',
  ],
  ['an alert', '> [!NOTE]\n> a', '<blockquote>\n<p><strong>Note</strong><br>\na</p>\n</blockquote>'],
  ['an alert of nothing but its name', '> [!Warning]\n>\n> a', '<p><strong>Warning</strong></p>\n<p>a</p>'],
  ['what is no alert', '[!NOTE] a', '<p>[!NOTE] a</p>'],
  ['what is no alert, in a quotation', '> [!NOTE] a', '<p>[!NOTE] a</p>'],
  ['an emoji by its name', ':tada::+1: :) :toString: `:tada:`', '<p>🎉👍 :) :toString: <code>:tada:</code></p>'],
  ['an address that looks as if it had an emoji', 'https://x.org/:tada:', '>https://x.org/:tada:</a>'],
  ['a link to a heading', '# Some words\n[a](#some-words)', '<a href="#readme-some-words">a</a>'],
  ['code', '```python\nreturn "<"\n```', '<span class="hl-keyword">return</span>'],
  ['code of a language that kho does not know', '```whitespace\n<\n```', '<pre tabindex="0"><code>&lt;\n</code></pre>'],
  [
    'HTML across blocks',
    '<div align="center">\n\n# A\n\n</div>',
    '<div class="align-center">\n<h3 id="readme-a">A</h3>\n</div>',
  ],
  [
    'an image',
    '![a](https://x.org/b.png)',
    '<a class="image" href="https://x.org/b.png" rel="nofollow noopener noreferrer">a</a>',
  ],
])('renderDescription() of Markdown shows %s', (_what, text, html) => {
  expect(markdown(text)).toContain(html);
});

test.each([
  ['text/markdown', '# a', 'markdown'],
  ['Text/Markdown; charset=UTF-8; variant=GFM', '# a', 'markdown'],
  ['text/plain', '# a', 'text'],
  ['text/x-rst', '# a', 'rst'],
  [undefined, 'Title\n=====\n\n.. note:: a', 'rst'],
  [undefined, '# Title\n\n[a](https://x.org)', 'markdown'],
  [undefined, 'words', 'rst'],
  ['application/pdf', 'words', 'rst'],
])('renderDescription() reads %j', (type, text, kind) => {
  expect(render(text, type).kind).toBe(kind);
});

test('renderDescription() of plain text keeps it as it stands', () => {
  expect(render('a <b>\r\n  c', 'text/plain').html).toBe('<pre class="plain" tabindex="0">a &lt;b&gt;\n  c</pre>');
});

test('renderDescription() shows 256 kB, up to the end of a line', () => {
  const line = `${'đ'.repeat(49)}\n`;
  const whole = line.repeat(10);
  expect(render(whole, 'text/plain')).toMatchObject({ cut: false });
  const much = render(line.repeat(10_000), 'text/plain');
  expect(much.cut).toBe(true);
  expect(Buffer.byteLength(much.html)).toBeLessThan(MOST_SHOWN_BYTES + 100);
  expect(much.html).toMatch(/đ\n<\/pre>$/);
  expect(render('đ'.repeat(MOST_SHOWN_BYTES), 'text/plain').html).toMatch(/đ<\/pre>$/);
});

test('renderDescription() shows as plain text what would become too long', () => {
  const text = '&'.repeat(200_000).replace(/.{100}/g, '<b><i><u><s>$&\n\n');
  expect(render(text, 'text/markdown').html.length).toBeLessThan(8 * 1024 * 1024);
});
