/** What somebody could put into a package to make its page run, load or paint what is theirs. */
import { ADDRESSES } from './addresses.ts';
import type { Attack } from './attack.ts';
import { HTML } from './html.ts';
import { MARKDOWN } from './markdown.ts';
import { onOneLine, PACKAGE_ATTACKS } from './packages.ts';
import { RST } from './rst.ts';

const readme = (type: string, text: string) => ({ metadata: `Description-Content-Type: ${type}`, description: text });
const entries = (table: Record<string, string>) => Object.entries(table);

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
  ...PACKAGE_ATTACKS,
  ...entries(HTML)
    .slice(0, 5)
    .map(([what, html]) => ({ what: `a yank: ${what}`, wheel: {}, yanked: onOneLine(html) })),
];
