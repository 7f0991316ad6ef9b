/** What somebody could put into a package to make its page run, load or paint what is theirs. */
import type { WheelOptions } from './make-package.ts';

export interface Attack {
  /** What is tried, and where. */
  what: string;
  wheel: Omit<WheelOptions, 'name' | 'version'> & { name?: string };
  /** The content of `FILE.yanked` beside it. */
  yanked?: string;
}

/** Each would call a function that nobody may call, load an image of another host, or break out of what it is in. */
const HOST = 'https://evil.example';
const HTML: Record<string, string> = {
  'a script': '<script>pwned()</script>',
  'a script of another host': `<script src="${HOST}/x.js"></script>`,
  'a script that is not closed': '<script>pwned()',
  'a script in upper case': '<ScRiPt >pwned()</sCrIpT\t>',
  'an image with a handler': '<img src="x" onerror="pwned()">',
  'an image with a handler without quotes': '<img/src=x/onerror=pwned()>',
  'a drawing': '<svg onload="pwned()"><script>pwned()</script><a href="javascript:pwned()"><text>a</text></a></svg>',
  formulas: '<math><mtext><table><mglyph><style><img src=x onerror=pwned()></style></mglyph></table></mtext></math>',
  'a noscript': '<noscript><p title="</noscript><img src=x onerror=pwned()>"></noscript>',
  'a template': '<template><img src=x onerror=pwned()></template>',
  'a frame': `<iframe src="${HOST}/"></iframe><iframe srcdoc="<script>parent.pwned()</script>"></iframe>`,
  'an object and an embed': `<object data="${HOST}/x.swf"></object><embed src="${HOST}/x.swf">`,
  'a style': `<style>@import "${HOST}/x.css"; body { display: none }</style>`,
  'a style of an element': `<p style="position:fixed;inset:0;z-index:9999;background:url(${HOST}/x.png)">over all</p>`,
  'a link to a style sheet': `<link rel="stylesheet" href="${HOST}/x.css"><link rel="prefetch" href="${HOST}/y">`,
  'a base': `<base href="${HOST}/">`,
  'a refresh': `<meta http-equiv="refresh" content="0;url=${HOST}/">`,
  'a form that fills itself': `<form action="${HOST}/" id="f"><input autofocus onfocus="pwned()"><button formaction="javascript:pwned()">go</button></form>`,
  'video and sound': `<video src="${HOST}/a.mp4" poster="${HOST}/a.png" autoplay onerror="pwned()"></video><audio src="${HOST}/a.mp3" autoplay></audio>`,
  'a picture': `<picture><source srcset="${HOST}/a.png"><img src="x" alt="a"></picture>`,
  'a folded part with a handler': '<details open ontoggle="pwned()"><summary>a</summary></details>',
  'ids of the page': '<div id="finder" data-search="https://evil.example/x.js"></div><a id="tools" name="search">a</a>',
  'classes of the page': '<div class="top notice is-bad"><button class="copy" data-copy>Copy</button></div>',
  'ends of all that is around': '</code></pre></div></section></main></body></html><h1>mine</h1>',
  'a comment that never ends': '<!-- <p>',
  'marked sections': '<![CDATA[<script>pwned()</script>]]><?php pwned() ?>',
};

const ADDRESSES: Record<string, string> = {
  javascript: 'javascript:pwned()',
  'javascript with a tab': 'java\tscript:pwned()',
  'javascript in upper case, with a blank': ' JaVaScRiPt:pwned()',
  'javascript as entities': '&#106;avascript&colon;pwned()',
  data: 'data:text/html,<script>pwned()</script>',
  vbscript: 'vbscript:pwned()',
  'a file': 'file:///etc/passwd',
  'no scheme': '//evil.example/',
  'a quote': 'https://example.org/"onmouseover="pwned()',
  'a name before the host': 'https://packages.example@evil.example/',
  'letters that look alike': 'https://рурі.org/', // Cyrillic
};

const MARKDOWN: Record<string, string> = {
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
};

const RST: Record<string, string> = {
  'links that run':
    '`a <javascript:pwned()>`_ b_ c__\n\n.. _b: javascript:pwned()\n.. __: data:text/html,<script>pwned()</script>',
  'raw HTML': '.. raw:: html\n\n   <script>pwned()</script><img src=x onerror=pwned()>\n   </div></section></main>',
  'an image': `.. image:: ${HOST}/a.png\n   :alt: "><script>pwned()</script>\n   :target: javascript:pwned()`,
  'a substitution that runs': '|a|\n\n.. |a| image:: javascript:pwned()\n   :alt: <script>pwned()</script>',
  'code of a language': '.. code-block:: "><script>pwned()</script>\n\n   a',
  'a file of the machine':
    '.. include:: /etc/passwd\n\n.. csv-table::\n   :file: /etc/passwd\n\n.. raw:: html\n   :file: /etc/passwd\n\n.. literalinclude:: /etc/passwd',
  'a title with HTML': '<script>pwned()</script>\n========================\n\n`<img src=x onerror=pwned()>`_',
  'a role with HTML':
    ':code:`</code><script>pwned()</script>` :raw-html:`<script>pwned()</script>`\n\n.. role:: raw-html(raw)\n   :format: html',
  'a table with HTML': '+----------------------------+\n| <script>pwned()</script>   |\n+----------------------------+',
  'quotes in quotes': Array.from({ length: 400 }, (_, depth) => `${' '.repeat(depth)}a`).join('\n\n'),
  'a substitution that uses itself': `|a|\n\n.. |a| replace:: ${'|a| '.repeat(300)}`,
};

const readme = (type: string, text: string) => ({ metadata: `Description-Content-Type: ${type}`, description: text });
const entries = (table: Record<string, string>) => Object.entries(table);

/** Text for a line of metadata. */
const onOneLine = (text: string) => text.replace(/\s+/g, ' ');

export const ATTACKS: readonly Attack[] = [
  ...entries(HTML).map(([what, html]) => ({
    what: `Markdown: ${what}`,
    wheel: readme('text/markdown', `a\n\n${html}\n\nb ${html} c`),
  })),
  ...entries(MARKDOWN).map(([what, text]) => ({ what: `Markdown: ${what}`, wheel: readme('text/markdown', text) })),
  ...entries(RST).map(([what, text]) => ({ what: `reStructuredText: ${what}`, wheel: readme('text/x-rst', text) })),
  { what: 'plain text: all HTML', wheel: readme('text/plain', Object.values(HTML).join('\n')) },
  {
    what: 'an unknown type: all HTML',
    wheel: readme('text/html"><script>pwned()</script>', Object.values(HTML).join('\n')),
  },
  ...entries(ADDRESSES).map(([what, address]) => ({
    what: `addresses: ${what}`,
    wheel: {
      metadata: [
        `Home-page: ${address}`,
        `Download-URL: ${address}`,
        `Project-URL: <b>"a"</b>, ${address}`,
        `Author-email: "<b>" <${address}>`,
      ],
      ...{ description: `<a href='${address}'>a</a>\n\n[b](<${address}>) ![c](<${address}>)` },
    },
  })),
  ...entries(HTML)
    .slice(0, 8)
    .map(([what, html]) => ({
      what: `all lines of metadata: ${what}`,
      wheel: {
        metadata: [
          ...['Summary', 'Keywords', 'Author', 'Maintainer', 'License', 'Classifier', 'Platform', 'Requires-External'],
          ...['Requires-Dist', 'Provides-Extra', 'License-Expression', 'Project-URL', 'Home-page', 'Requires-Python'],
        ].map((header) => `${header}: ${onOneLine(html)}`),
        members: { 'a.data/scripts/x': onOneLine(html) },
      },
    })),
  {
    what: 'a summary that ends its attribute',
    wheel: { metadata: 'Summary: "><script>pwned()</script><p title="\'--></style>' },
  },
  {
    what: 'a summary without a blank',
    wheel: {
      metadata: [`Summary: ${'W'.repeat(2000)}`, `Keywords: ${'W'.repeat(2000)}`, `Author: ${'W'.repeat(2000)}`],
    },
  },
  {
    what: 'a summary that is turned round',
    wheel: { metadata: 'Summary: \u202e\u2067evil\u202d \u200f\u2066txt.exe' },
  },
  {
    what: 'a summary of control characters',
    wheel: { metadata: 'Summary: a\u0000b\u0008c\u001b[31md\u007f\u0085e\u2028f\ufffe' },
  },
  { what: 'a name that is long', wheel: { name: `a${'-long'.repeat(38)}` } },
  {
    what: 'classifiers and requirements without end',
    wheel: {
      metadata: Array.from({ length: 400 }, (_, n) => [
        `Classifier: ${'W'.repeat(90)} :: ${n}`,
        `Requires-Dist: ${'w'.repeat(90)}${n} ; extra == "x"`,
      ]).flat(),
    },
  },
  {
    what: 'names of members',
    wheel: {
      members: {
        '<script>pwned()</script>.py': '',
        '"><img src=x onerror=pwned()>/a.py': '',
        "a'&quot;&lt;b>.py": '',
        'javascript:pwned()': '',
        'рурі/\u202eyp.exe': '',
        'a\u2028b\u200b.py': '',
        [`${'W'.repeat(200)}/${'W'.repeat(200)}.py`]: '',
        [`${'deep/'.repeat(300)}a.py`]: '',
      },
    },
  },
  ...entries(HTML)
    .slice(0, 5)
    .map(([what, html]) => ({ what: `a yank: ${what}`, wheel: {}, yanked: onOneLine(html) })),
  { what: 'a yank that is long and turned round', wheel: {}, yanked: `\u202e${'W'.repeat(1500)}` },
];
