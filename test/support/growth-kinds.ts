/** Texts of any length, of the kinds that readers of text are known to trip over. */
import { HEADERS } from '../../src/standards/metadata.ts';

/** A text of about that many bytes. */
export type Grown = (bytes: number) => string;

/** @param piece by its number */
export function repeated(piece: (n: number) => string, before = '', after = ''): Grown {
  return (bytes) => {
    const pieces: string[] = [];
    let length = before.length + after.length;
    for (let n = 0; length < bytes; n++) {
      const one = piece(n);
      pieces.push(one);
      length += one.length;
    }
    return before + pieces.join('') + after;
  };
}

/** Said again and again, in one line. */
const PIECES = [
  ...[' ', '\t', ',', ';', ':', '<', '>', '"', "'", '(', '[', '{', '=', '.', '-', '_', '#', '*', '`', '|', '\\', '&'],
  ...['a', '7', 'é', '\u202e', '\u0000', '=?', '?=', ' ::', 'a<,', 'a>,', '[a ', '](', 'a: ', '..', '<!--'],
];

const named = (pieces: readonly string[], make: (piece: string) => Grown): Record<string, Grown> =>
  Object.fromEntries(pieces.map((piece) => [JSON.stringify(piece), make(piece)]));

/** For every text that comes from outside. */
export const TEXT_KINDS: Record<string, Grown> = {
  ...named([...PIECES, '\n', '\r', '\r\n', '\n ', ' \n', 'a\n', 'a: b\n', 'a: b\r', ' a\n', '\n\n'], (piece) =>
    repeated(() => piece),
  ),
  'blanks within': repeated(() => ' ', 'a', 'b'),
};

/** In one line of a field: with something before and after it, so that it is not stripped. */
const VALUES = [' ', ',', '<', "'", '[a ', '=?', '?= ', ' ::', '.', ';', ' extra', "extra=='", 'a<,', '\u202e'];

function ofHeader(header: string, isList: boolean): Record<string, Grown> {
  const long = (piece: string) => repeated(() => piece, `${header}: a`, 'b\n');
  const kinds: Record<string, Grown> = {
    ...named(VALUES, long),
    'lines that go on': repeated((n) => `\n ${n}`, `${header}: a`, '\n'),
    'blank lines that go on': repeated(() => '\n  ', `${header}: a`, 'b\n'),
  };
  if (isList) {
    kinds['lines'] = repeated((n) => `${header}: a${n}\n`);
    kinds['lines of a group'] = repeated((n) => `${header}: a :: ${n}\n`);
    kinds['labels'] = repeated((n) => `${header}: a${n}, https://example.org/${n}\n`);
  }
  return Object.fromEntries(Object.entries(kinds).map(([what, kind]) => [`${header}: ${what}`, kind]));
}

export const METADATA_KINDS: Record<string, Grown> = {
  ...TEXT_KINDS,
  ...Object.assign({}, ...Object.entries(HEADERS).map(([header, { list }]) => ofHeader(header, list !== undefined))),
  'Requires-Dist: requirements of extras': repeated((n) => `Requires-Dist: a${n}; extra == "e${n}"\n`),
  'Requires-Dist: requirements of an extra': repeated((n) => `Requires-Dist: a${n}; extra == "e"\n`),
  'Requires-Dist: versions of a project': repeated((n) => `Requires-Dist: a>=0.${n}\n`),
  'Requires-Dist: blanks in an extra': repeated(() => ' ', 'Requires-Dist: foo[a', 'b]\n'),
  'Requires-Dist: blanks before a marker': repeated(() => ' ', 'Requires-Dist: foo', '; extra == "a"\n'),
  'Requires-Dist: blanks in a marker': repeated(() => ' ', 'Requires-Dist: foo; os_name == "a"', 'and extra == "a"\n'),
  'Requires-Dist: extras of a requirement': repeated((n) => `e${n},`, 'Requires-Dist: foo[', 'e]\n'),
  'Provides-Extra and what they need': repeated((n) => `Provides-Extra: e${n}\nRequires-Dist: a; extra == "e${n}"\n`),
  'Author-email: names': repeated((n) => `a${n} <a@example.org>, `, 'Author-email: '),
  'Author: words of mail': repeated(() => '=?utf-8?q?a?= ', 'Author: '),
  'Keywords: words': repeated((n) => `a${n} `, 'Keywords: '),
  'Requires-Python: versions': repeated((n) => `!=3.${n},`, 'Requires-Python: '),
  'unknown fields': repeated((n) => `X-${n}: a\n`),
};

const INLINE_PIECES = [
  '*a ',
  '**a ',
  '_a',
  '`a ',
  '[a',
  '![a](',
  '](a)',
  '<a ',
  '<b>',
  '</b>',
  '&amp;',
  '~~',
  ':a:',
  '\\*',
];
const BLOCK_PIECES = [
  ...['# a\n', '- a\n', '> ', '1. a\n', '```\n', '|a', '|a|b|\n|-|-|\n', '<div>', '<table><tr><td>', '<!-- ', '<p>'],
  ...['[a]: b\n', '[^a]: b\n', '[^a]', '^[a]', '    a\n', '--\n', '==\n', '   ', '<details>', '<a name=b>'],
  ...['.. a\n', '.. |a| replace:: b\n', '.. _a: b\n', '.. [1] a\n', '.. image:: a\n', '.. code::\n\n   a\n', '|a| '],
  ...['`a`_ ', '`a <b>`_ ', 'a_ ', ':a: b\n', ':a:`b` ', '+-+\n', '= =\n', 'a\n=\n', '>>> a\n\n', '-a  b\n', '.. _`'],
  ...['.. |a', '.. [a', '::\n\n a\n\n', '``a', '|\n', ' a\n', '.. a::\n', '`a <', ' <a'],
];

const MANY_COLUMNS = '= '.repeat(16).trim();

export const README_KINDS: Record<string, Grown> = {
  ...named([...INLINE_PIECES, ...BLOCK_PIECES], (piece) => repeated(() => piece)),
  attributes: repeated((n) => `a${n}="" `, '<a '),
  // Of so many columns that the smaller text too holds more cells than a table may have.
  'tables without an end': repeated(() => `${MANY_COLUMNS}\na\n\n`),
  'tables with one end': repeated(() => `${MANY_COLUMNS}\na\n\n`, '', `${MANY_COLUMNS}\n\n`),
  'substitutions further in': repeated(() => '   .. |a| replace:: b\n', '\n'),
  'targets further in': repeated(() => '   .. _a: b\n', '\n'),
  'numbered headings': repeated((n) => `# a${n}\n\n`),
  'numbered references': repeated((n) => `[a${n}]: b\n\n[a${n}]\n\n`),
  'numbered titles': repeated((n) => `a${n}\n======\n\n`),
  'numbered targets': repeated((n) => `.. _a${n}: b\n\na${n}_\n\n`),
  'deeper lists': (bytes) => repeated((n) => `${' '.repeat(n % 300)}- a\n`)(bytes),
};

/** For every file in TOML. */
export const TOML_KINDS: Record<string, Grown> = {
  ...TEXT_KINDS,
  keys: repeated((n) => `a${n} = 1\n`),
  'dotted keys': repeated((n) => `a.b.c${n} = 1\n`),
  'a long dotted key': repeated(() => 'a.', '', 'a = 1\n'),
  tables: repeated((n) => `[a${n}]\nb = 1\n`),
  'tables in tables': repeated((n) => `[a.b.c${n}]\nb = 1\n`),
  'tables of a list': repeated((n) => `[[a]]\nb = ${n}\n`),
  'a list': repeated((n) => `${n},`, 'a = [', ']\n'),
  'a list of texts': repeated((n) => `"${n}",\n`, 'a = [', ']\n'),
  'lists in lists': repeated(() => '[', 'a = '),
  'a list of tables': repeated((n) => `{ b = ${n} },\n`, 'a = [', ']\n'),
  'a table in a line': repeated((n) => `a${n} = 1,`, 'a = {', 'b = 1}\n'),
  'a text': repeated(() => 'b', 'a = "', '"\n'),
  'a text that ends nowhere': repeated(() => 'b', 'a = "'),
  'a text of lines': repeated(() => 'b\n', 'a = """', '"""\n'),
  escapes: repeated(() => '\\u0041', 'a = "', '"\n'),
  comments: repeated(() => '# a\n'),
  'a comment': repeated(() => '#'),
  'blanks behind a value': repeated(() => ' ', 'a = 1', '\n'),
  'a number': repeated(() => '7', 'a = ', '\n'),
  'a number with bars': repeated(() => '7_', 'a = ', '7\n'),
  dates: repeated((n) => `a${n} = 2026-11-28T21:00:00Z\n`),
};

/** @param share of the first: an eighth keeps one text below what a text may be */
function both(first: Grown, second: Grown, share = 1 / 2): Grown {
  return (bytes) => first(bytes * share) + second(bytes * (1 - share));
}

const HASH = `sha256:${'a'.repeat(64)}`;

/** By the name of the lock file. */
export const LOCK_KINDS: Record<string, Record<string, Grown>> = {
  'pylock.toml': {
    packages: repeated((n) => `[[packages]]\nname = "a${n}"\nversion = "1"\n`, 'lock-version = "1.0"\n'),
    wheels: repeated(
      (n) => `{ name = "a-${n}.whl", hashes = { sha256 = "${'a'.repeat(64)}" } },\n`,
      'lock-version = "1.0"\n[[packages]]\nname = "a"\nwheels = [',
      ']\n',
    ),
    'a marker': repeated(
      () => ` and os_name == 'nt'`,
      `lock-version = "1.0"\n[[packages]]\nname = "a"\nmarker = "os_name == 'nt'`,
      '"\n',
    ),
    groups: repeated((n) => `"g${n}",`, 'lock-version = "1.0"\ndefault-groups = [', ']\n[[packages]]\nname = "a"\n'),
    'groups, and markers that ask for them': both(
      repeated((n) => `"g${n}",`, 'lock-version = "1.0"\ndefault-groups = [', ']\n'),
      repeated((n) => `[[packages]]\nname = "a${n}"\nmarker = "'x${n}' in dependency_groups"\n`),
    ),
    'packages of a name': repeated(
      (n) =>
        `[[packages]]\nname = "a"\nversion = "1"\nwheels = [{ name = "a.whl", hashes = { sha256 = "${String(n).padStart(64, '0')}" } }]\n`,
      'lock-version = "1.0"\n',
    ),
  },
  'uv.lock': {
    packages: repeated(
      (n) => `[[package]]\nname = "a${n}"\nversion = "1"\nsource = { registry = "https://index.example/" }\n`,
    ),
    'packages of a name': repeated((n) => `[[package]]\nname = "a"\nversion = "${n}"\n`),
    members: repeated((n) => `[[package]]\nname = "a${n}"\nversion = "1"\nsource = { virtual = "." }\n`),
    chain: repeated(
      (n) =>
        `[[package]]\nname = "a${n}"\nversion = "1"\nsource = { virtual = "." }\ndependencies = [{ name = "a${n + 1}" }]\n`,
    ),
    dependencies: repeated(
      (n) => `{ name = "a${n}" },`,
      '[[package]]\nname = "a"\nsource = { virtual = "." }\ndependencies = [',
      ']\n',
    ),
    extras: repeated(
      (n) => `"e${n}",`,
      '[[package]]\nname = "a"\nsource = { virtual = "." }\ndependencies = [{ name = "a", extra = [',
      '] }]\n',
    ),
    'extras that exclude each other': repeated(
      (n) => `{ name = "b", extra = ["e${n}"], marker = "extra == 'extra-1-b-e${n}'" },`,
      '[[package]]\nname = "b"\n[[package]]\nname = "a"\nsource = { virtual = "." }\ndependencies = [',
      ']\n',
    ),
    'edges to a fork, and its markers': both(
      repeated(
        (n) => `"os_name == 'x${n}'",`,
        '[[package]]\nname = "b"\nversion = "1"\nresolution-markers = [',
        ']\n[[package]]\nname = "b"\nversion = "2"\n',
      ),
      repeated(() => '{ name = "b" },', '[[package]]\nname = "a"\nsource = { virtual = "." }\ndependencies = [', ']\n'),
    ),
    groups: repeated(
      (n) => `g${n} = [{ name = "a" }]\n`,
      '[pyproject.tool.uv]\ndefault-groups = "all"\n[[package]]\nname = "a"\nsource = { virtual = "." }\n[package.dev-dependencies]\n',
    ),
    wheels: repeated(
      (n) => `{ url = "a-${n}.whl", hash = "${HASH}" },\n`,
      '[[package]]\nname = "a"\nwheels = [',
      ']\n',
    ),
  },
  'poetry.lock': {
    'flat packages': repeated((n) => `[[package]]\nname = "a${n}"\nversion = "1"\ngroups = ["main"]\n`),
    packages: repeated((n) => `[[package]]\nname = "a${n}"\nversion = "1"\n`),
    'packages of a name': repeated((n) => `[[package]]\nname = "a"\nversion = "${n}"\n`),
    chain: repeated((n) => `[[package]]\nname = "a${n}"\nversion = "1"\n[package.dependencies]\na${n + 1} = "*"\n`),
    dependencies: repeated((n) => `a${n} = "*"\n`, '[[package]]\nname = "b"\nversion = "1"\n[package.dependencies]\n'),
    extras: repeated(
      (n) => `e${n} = ["a"]\n`,
      '[[package]]\nname = "b"\nversion = "1"\n[package.dependencies]\na = { version = "1", optional = true }\n[package.extras]\n',
    ),
    files: repeated((n) => `{ file = "a-${n}.whl", hash = "${HASH}" },\n`, '[[package]]\nname = "a"\nfiles = [', ']\n'),
    'packages that a project begins with': repeated(
      (n) => `[[package]]\nname = "a${n}"\nversion = "1"\n[package.dependencies]\na${n + 1} = "*"\n`,
      '[pyproject.tool.poetry.dependencies]\na0 = "*"\n',
    ),
    'demands of a project, and packages of a name': both(
      repeated((n) => `{ version = ">=${n}" },`, '[pyproject.tool.poetry.dependencies]\na = [', ']\n'),
      repeated((n) => `[[package]]\nname = "${n < 90 ? 'a' : `b${n}`}"\nversion = "${n}"\n`),
    ),
    'extras that a project asks for': both(
      repeated(
        (n) => `"e${n}",`,
        '[pyproject.tool.poetry.dependencies]\nb = { version = "*", extras = [',
        '] }\n[[package]]\nname = "b"\nversion = "1"\n',
      ),
      both(
        repeated((n) => `a${n} = { version = "1", optional = true }\n`, '[package.dependencies]\n'),
        repeated((n) => `e${n} = ["a${n}"]\n`, '[package.extras]\n'),
      ),
    ),
  },
  'pdm.lock': {
    'packages that a project begins with': repeated(
      (n) => `[[package]]\nname = "a${n}"\nversion = "1"\ndependencies = ["a${n + 1}"]\n`,
      '[metadata]\nstrategy = []\n[pyproject.project]\ndependencies = ["a0"]\n',
    ),
    'edges to a package, and its marker': both(
      repeated(
        () => ` and os_name == 'posix'`,
        `[metadata]\nstrategy = []\n[pyproject.project]\ndependencies = ["a"]\n[[package]]\nname = "b"\nversion = "1"\nmarker = "os_name == 'posix'`,
        '"\n',
      ),
      repeated(() => '"b",', '[[package]]\nname = "a"\nversion = "1"\ndependencies = [', ']\n'),
      1 / 8,
    ),
    'extras of one demand': both(
      repeated(
        (n) => `e${n},`,
        '[metadata]\nstrategy = []\n[pyproject.project]\ndependencies = ["a[',
        'e]"]\n[[package]]\nname = "a"\nversion = "1"\n',
      ),
      repeated((n) => `"e${n}",`, '[[package]]\nname = "a"\nversion = "1"\nextras = [', '"e"]\n'),
      1 / 8,
    ),
    groups: both(
      repeated((n) => `"g${n}",`, '[metadata]\nstrategy = []\ngroups = [', ']\n'),
      repeated((n) => `h${n} = []\n`, '[pyproject.project.optional-dependencies]\n'),
    ),
    packages: repeated((n) => `[[package]]\nname = "a${n}"\nversion = "1"\ngroups = ["default"]\n`),
    'packages of a name': repeated((n) => `[[package]]\nname = "a"\nversion = "${n}"\n`),
    files: repeated((n) => `{ file = "a-${n}.whl", hash = "${HASH}" },\n`, '[[package]]\nname = "a"\nfiles = [', ']\n'),
  },
  'Pipfile.lock': {
    packages: repeated((n) => `"a${n}":{"version":"==1"},`, '{"default":{', '"a":{}}}'),
    hashes: repeated(() => `"${HASH}",`, '{"default":{"a":{"version":"==1","hashes":[', '""]}}}'),
    'a marker': repeated(() => ` and os_name == 'nt'`, `{"default":{"a":{"markers":"os_name == 'nt'`, '"}}}'),
  },
};
