/** What a package says and holds beside its description. */
import type { Attack } from './attack.ts';
import { HTML } from './html.ts';

/** Text for a line of metadata. */
export const onOneLine = (text: string) => text.replace(/\s+/g, ' ');

const ALL_HTML = Object.values(HTML)
  .filter((html) => html.length < 1000)
  .join('\n');

const TURNED = '\u2067evil\u2069 \u202etxt.exe';

export const PACKAGE_ATTACKS: readonly Attack[] = [
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
  {
    what: 'all lines of metadata, turned round',
    wheel: {
      metadata: [
        ...['Summary', 'Keywords', 'Author', 'Maintainer', 'License', 'Classifier'].map((key) => `${key}: ${TURNED}`),
        ...[`Project-URL: ${TURNED}, https://example.org/`, `Home-page: https://example.org/${TURNED}`],
        ...[`Classifier: ${TURNED} :: a`, `Requires-Dist: b ; extra == "${TURNED}"`, `Provides-Extra: ${TURNED}`],
      ],
      description: `${TURNED}\n\n# ${TURNED}`,
    },
    yanked: TURNED,
  },
  {
    what: 'words of mail that hold HTML',
    wheel: {
      metadata: [
        'Author: =?utf-8?b?PHNjcmlwdD5wd25lZCgpPC9zY3JpcHQ+?=',
        'Maintainer: =?utf-8?q?=3Cimg_src=3Dx_onerror=3Dpwned()=3E=00=E2=80=AE?=',
        'Author-email: =?utf-8?b?IiBvbmNsaWNrPXB3bmVkKCkg?= <a@example.org>',
      ],
    },
  },
  {
    what: 'requirements that are none',
    wheel: {
      metadata: [
        ...['a @ javascript:pwned()', 'b @ https://evil.example/b.whl', '../../c', '__proto__', 'constructor'],
        ...['d ; extra == "<script>pwned()</script>"', 'e ; python_version < "<img src=x onerror=pwned()>"'],
        ...[`f${'[x]'.repeat(2000)}`, `g >= ${'9'.repeat(5000)}`, `h ; ${'('.repeat(5000)}`],
      ]
        .map((requirement) => `Requires-Dist: ${requirement}`)
        .concat(['Provides-Extra: __proto__', 'Provides-Extra: <script>pwned()</script>']),
    },
  },
  {
    what: 'five thousand keywords, links and classifiers',
    wheel: {
      metadata: [
        `Keywords: ${Array.from({ length: 5000 }, (_, n) => `k${n}`).join(',')}`,
        ...Array.from({ length: 5000 }, (_, n) => `Project-URL: link${n}, https://example.org/${n}`),
        ...Array.from({ length: 5000 }, (_, n) => `Classifier: a${n} :: b`),
      ],
    },
  },
  {
    what: 'a licence of a hundred kilobytes',
    wheel: { metadata: [`License: ${'W'.repeat(100_000)}`, `License-Expression: ${'MIT OR '.repeat(10_000)}MIT`] },
  },
  {
    what: 'a search that ends its script',
    wheel: {
      name: 'search-attack',
      metadata: [
        'Summary: </script><script>pwned()</script>\u2028pwned()\u2029*/]);pwned();//',
        'Keywords: "]);pwned();//,\\",$(pwned()),`',
      ],
    },
  },
  {
    what: 'entry points',
    wheel: {
      name: 'points',
      members: {
        'points-1.0.dist-info/entry_points.txt': `[console_scripts]\n\u202e = a:b\n${'W'.repeat(2000)} = c:d\n[others]\nx = ${ALL_HTML.replaceAll('\n', ' ')}\n`,
        'points-1.0.data/scripts/<script>pwned()</script>': '',
      },
    },
  },
  {
    what: 'names of members that are turned round or not seen',
    wheel: {
      members: {
        'a/\u202eyp.exe': '',
        'a/\u2067b\u2066.py': '',
        '\u202e/a.py': '',
        'a/b\u200b.py': '',
        'a/b.py': '',
        'a/\u0430.py': '', // Cyrillic
        'a/\u3164': '',
        'a/\ufeff.py': '',
      },
    },
  },
  {
    what: 'names of members that all objects have',
    wheel: { members: { '__proto__/a.py': '', 'constructor/__proto__': '', 'a/toString/hasOwnProperty': '' } },
  },
  {
    what: 'five thousand members, and folders in folders',
    wheel: {
      members: Object.fromEntries([
        ...Array.from({ length: 5000 }, (_, n) => [`many/${n}.py`, '']),
        [`${'a/'.repeat(1900)}b.py`, ''],
      ]),
    },
  },
  {
    what: 'who published it',
    wheel: {},
    provenance: JSON.stringify({
      version: 1,
      attestation_bundles: [
        {
          publisher: {
            kind: '<script>pwned()</script>',
            repository: '"><img src=x onerror=pwned()>',
            workflow: TURNED,
            environment: 'W'.repeat(3000),
            '<script>pwned()</script>': 'javascript:pwned()',
          },
          attestations: [
            {
              version: 1,
              verification_material: { certificate: 'YQ==', transparency_entries: [{}] },
              envelope: { statement: 'YQ==', signature: 'YQ==' },
            },
          ],
        },
      ],
    }),
  },
  { what: 'a yank that is long and turned round', wheel: {}, yanked: `\u202e${'W'.repeat(1500)}` },
];

/** Names of files that no index lists, and that the pages name. */
export const HELD_NAMES = [
  '<img src=x onerror=pwned()>.whl',
  '"onmouseover="pwned().whl',
  "'><script>pwned()<\\script>.tar.gz",
  '\u202elhw.exe.whl',
  'a\u200b-1.0-py3-none-any.whl',
  'рурі-1.0-py3-none-any.whl', // Cyrillic
  'a\nb\tc\x1b[31m.whl',
  'javascript:pwned().whl',
  '&lt;script&gt;.whl',
  `${'W'.repeat(240)}.whl`,
  `a-1.0-${'py3.'.repeat(40)}py3-none-any.whl`,
];
