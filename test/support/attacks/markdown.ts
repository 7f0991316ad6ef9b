import { HOST } from './html.ts';

export const MARKDOWN: Record<string, string> = {
  'a link that runs':
    '[a](javascript:pwned()) [b](<java\tscript:pwned()>) [c](JAVASCRIPT&colon;pwned()) <javascript:pwned()>',
  'a reference that runs': '[a]\n\n[a]: javascript:pwned() "a\\"onmouseover=pwned()"',
  'an image of another host': `![a](${HOST}/a.png) ![b][b]\n\n[b]: ${HOST}/b.png`,
  'an image with a title that ends it': `![a](${HOST}/a.png 'x" onerror="pwned()')`,
  'a language that ends its attribute': '```"><script>pwned()</script>\ncode\n```',
  'a heading with HTML': '# a <img src=x onerror=pwned()> {#b onclick=pwned()}',
  'a footnote with HTML': 'a[^"><script>pwned()</script>] b[^1]\n\n[^1]: <img src=x onerror=pwned()>',
  'a table with HTML': '|a|b|\n|-|-|\n|<script>pwned()</script>|<img src=x onerror=pwned()>|',
  'quotes in quotes': `${'> '.repeat(3000)}a`,
  'lists in lists': Array.from({ length: 300 }, (_, depth) => `${'  '.repeat(depth)}- a`).join('\n'),
  'tags in tags': `${'<div><b><table><tr><td>'.repeat(3000)}a`,
  'a wide table': `|${'wide|'.repeat(300)}\n|${'-|'.repeat(300)}\n|${'wide|'.repeat(300)}`,
  'a line without a blank': `# ${'W'.repeat(3000)}\n\n${'W'.repeat(3000)}\n\n\`${'W'.repeat(3000)}\`\n\n[${'W'.repeat(3000)}](https://example.org/${'w'.repeat(1500)})`,
  'code without a blank': `\`\`\`python\n${'W'.repeat(5000)}\n\`\`\``,
  'signs on top of each other': `Z${'\u0323\u0310\u0351'.repeat(300)} a`,
  'marks that turn the text round':
    '\u202e\u2066\u202dgnp.exe\u2069 # \u202etxet\u202c [\u202emoc.elpmaxe](https://evil.example/)',
  'a text at the limit': `# a\n\n${'word **word** `word` [a](https://example.org)\n\n'.repeat(6500)}`,
  'stars that take long': '*a_ '.repeat(60_000),
  'headings like parts of the page':
    '# Search\n\n# Install\n\n# kho\n\n# __proto__\n\n# constructor\n\n[a](#search) [b](#readme-search) [c](#__proto__)',
  'a link with attributes':
    '[a](https://example.org/ "b" onmouseover=pwned()) [c](https://example.org/ \'d\' "e")\n{: onclick="pwned()" style="position:fixed" }',
  'a title on two lines': '[a](https://example.org/ "b\n" onmouseover="pwned()")',
  'an address by itself with quotes':
    'https://example.org/"onmouseover="pwned()" https://example.org/<script>pwned()</script> www.example.org/\'onclick=\'pwned()',
  'entities that are nothing':
    '&#x0; &#xD800; &#x110000; &#xFFFE; &bogus; &lt;script&gt;pwned()&lt;/script&gt; &#60;img src=x onerror=pwned()&#62;',
  'a tag over two lines': '<script\n>pwned()</script\n>\n\n<img\n\nsrc=x\n\nonerror=pwned()>',
  'HTML in code that ends':
    '`<script>`pwned()`</script>` ``</code><script>pwned()</script>``\n\n    </pre><script>pwned()</script>',
  'attributes of code':
    '```python onclick=pwned() {style="position:fixed"}\na\n```\n\n~~~ js"onmouseover="pwned()\nb\n~~~',
  'HTML in code with colours': '```html\n<script>pwned()</script><!-- </code></pre><script>pwned()</script>\n```',
  'an alert of HTML': '> [!<script>pwned()</script>]\n> a\n\n> [!NOTE]\n> <img src=x onerror=pwned()>',
  'boxes of HTML':
    '- [x] <script>pwned()</script>\n- [ ] <input type="checkbox" checked onclick="pwned()" autofocus onfocus="pwned()">',
  'names that all objects have':
    ':constructor: :__proto__: :toString: [a][constructor] [b][__proto__] [^constructor] [^__proto__]',
  'footnotes like parts of the page': 'a[^search] b[^search]\n\n[^search]: [c](javascript:pwned())',
  formulas: '$$\\href{javascript:pwned()}{a}$$ $\\unicode{<img src=x onerror=pwned()>}$',
  'what stands in front': '---\ntitle: "</title><script>pwned()</script>"\n---\n\na',
  'a link of an image of a link': `[![a](${HOST}/a.png)](javascript:pwned()) [![b](javascript:pwned())](https://example.org/) [![c](data:image/svg+xml,<svg/onload=pwned()>)](data:text/html,x)`,
  'brackets in brackets': '['.repeat(10_000) + ']'.repeat(10_000),
  'links in brackets': `${'[a]('.repeat(10_000)}`,
  'marks in marks': `${'**a *b '.repeat(5000)}${'* **'.repeat(5000)}`,
  'stars within words': 'a**b'.repeat(20_000),
  'ten thousand quotes in quotes': '>'.repeat(10_000) + 'a',
  'ten thousand numbers in numbers': `${'1) '.repeat(10_000)}a`,
  'ten thousand blanks before': `${' '.repeat(10_000)}a\n\n- ${' '.repeat(10_000)}a`,
  'ten thousand rows': `|a|b|\n|-|-|\n${'|c|d|\n'.repeat(10_000)}`,
  'words without end in other scripts': `${'漢'.repeat(3000)} ${'ก'.repeat(3000)} ${'🎉'.repeat(1500)} ${'👨‍👩‍👧‍👦'.repeat(300)} ${'a\u200d'.repeat(2000)} ${'\u00ad'.repeat(2000)}a`,
  'what is not seen':
    'a\u200b\u200c\u200d\u2060\ufeffb \u{e0041}\u{e0042} \u115f\u3164\uffa0 [\u200b](https://evil.example/) # \u200b',
  'line ends of other kinds':
    'a\u2028<script>pwned()</script>\u2029b\x0b<script>pwned()</script>\x0cc\x85<script>pwned()</script>',
  'orders to a terminal': 'a\x1b[2J\x1b]8;;https://evil.example/\x07b\x9b31m',
  'a text turned round to its end': `\u202e${'a '.repeat(50)}\n\n\u2067b\n\n- \u202dc\n\n|\u202ed|e|\n|-|-|\n|f|\u2068g|`,
  'letters that fill the page': `${'﷽'.repeat(200)} ${'𒐫'.repeat(200)} ${'ௌ'.repeat(500)} ${'꧅'.repeat(200)}`,
};
