/** Wheels that are odd in one way each: what clients do with them is what kho should say of them. Made in code, the same bytes each time. */
import { createHash } from 'node:crypto';
import { metadataText, type PackageOptions, wheelMembers } from './make-package.ts';
import { makeZip, type ZipMember, type ZipOptions } from './make-zip.ts';

export interface OddWheel {
  /** In words that follow "a wheel with". */
  what: string;
  filename: string;
  bytes: Uint8Array;
}

const FOO: PackageOptions = { name: 'foo', version: '1.0' };
const FILENAME = 'foo-1.0-py3-none-any.whl';
const INFO = 'foo-1.0.dist-info';
const latin1 = (text: string) => Buffer.from(text, 'latin1');
const bytesOf = (content: string | Uint8Array) => Buffer.from(content as string);

type Content = string | Uint8Array;

/** Members by path; a RECORD is made to fit, unless one is given. Undefined leaves one out. */
function members(changes: Record<string, Content | undefined> = {}): ZipMember[] {
  const files = new Map<string, Content>();
  for (const { path, bytes = '' } of wheelMembers(FOO)) files.set(String(path), bytes);
  files.delete(`${INFO}/RECORD`);
  for (const [path, content] of Object.entries(changes)) {
    if (content === undefined) files.delete(path);
    else files.set(path, content);
  }
  if (!(`${INFO}/RECORD` in changes)) files.set(`${INFO}/RECORD`, recordOf(files));
  return [...files].map(([path, bytes]) => ({ path, bytes, deflate: true }));
}

function recordOf(files: ReadonlyMap<string, Content>): string {
  const rows = [...files].filter(([path]) => !path.endsWith('/')).map(([path, content]) => recordRow(path, content));
  return `${rows.join('')}${INFO}/RECORD,,\n`;
}

function recordRow(path: string, content: Content): string {
  const quoted = /[",\n]/.test(path) ? `"${path.replaceAll('"', '""')}"` : path;
  const hash = createHash('sha256').update(bytesOf(content)).digest('base64url');
  return `${quoted},sha256=${hash},${bytesOf(content).length}\n`;
}

const goodRecord = () => String(members().find(({ path }) => path === `${INFO}/RECORD`)?.bytes);
const odd = (what: string, list: ZipMember[], options?: ZipOptions, filename = FILENAME): OddWheel => ({
  what,
  filename,
  bytes: makeZip(list, options),
});
const wheel = (what: string, changes: Record<string, Content | undefined>): OddWheel => odd(what, members(changes));
const metadata = (what: string, text: Content) => wheel(what, { [`${INFO}/METADATA`]: text });
const wheelFile = (what: string, text: Content) => wheel(what, { [`${INFO}/WHEEL`]: text });
const record = (what: string, text: Content) => wheel(what, { [`${INFO}/RECORD`]: text });
const points = (what: string, text: Content) => wheel(what, { [`${INFO}/entry_points.txt`]: text });

const said = (lines: string) => `Metadata-Version: 2.1\n${lines}`;
const GOOD_WHEEL = 'Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n';

/** One thing after another, each with other bytes than the last. */
const METADATA: OddWheel[] = [
  metadata('nothing odd', metadataText(FOO)),
  metadata('Latin-1 in Author', Buffer.concat([latin1(`${metadataText(FOO)}Author: Jos\xe9\n`)])),
  metadata('Latin-1 in its description', latin1(`${metadataText(FOO)}\nJos\xe9\n`)),
  metadata('UTF-8 in Author', `${metadataText(FOO)}Author: José\n`),
  metadata('a byte order mark before METADATA', `\ufeff${metadataText(FOO)}`),
  metadata('METADATA in UTF-16', Buffer.from(metadataText(FOO), 'utf16le')),
  metadata('a blank after Name', said('Name: foo \nVersion: 1.0\n')),
  metadata('a tab after Name', said('Name: foo\t\nVersion: 1.0\n')),
  metadata('a tab before Name', said('Name:\tfoo\nVersion: 1.0\n')),
  metadata('blanks before Name', said('Name:   foo\nVersion: 1.0\n')),
  metadata('no blank before Name', said('Name:foo\nVersion:1.0\n')),
  metadata('a no-break space after Name', said('Name: foo\u00a0\nVersion: 1.0\n')),
  metadata('a no-break space before Name', said('Name: \u00a0foo\nVersion: 1.0\n')),
  metadata('Name folded over two lines', said('Name: foo\n \nVersion: 1.0\n')),
  metadata('Name on the next line', said('Name:\n foo\nVersion: 1.0\n')),
  metadata('Version on the next line', said('Name: foo\nVersion:\n 1.0\n')),
  metadata('a blank after Version', said('Name: foo\nVersion: 1.0 \n')),
  metadata('a tab after Version', said('Name: foo\nVersion: 1.0\t\n')),
  metadata('a no-break space after Version', said('Name: foo\nVersion: 1.0\u00a0\n')),
  metadata('an ideographic space after Version', said('Name: foo\nVersion: 1.0\u3000\n')),
  metadata('a vertical tab after Name', said('Name: foo\x0b\nVersion: 1.0\n')),
  metadata('a vertical tab after Version', said('Name: foo\nVersion: 1.0\x0b\n')),
  metadata('a form feed after Version', said('Name: foo\nVersion: 1.0\x0c\n')),
  metadata('a group separator after Version', said('Name: foo\nVersion: 1.0\x1d\n')),
  metadata('a next-line character after Version', said('Name: foo\nVersion: 1.0\u0085\n')),
  metadata('Version spelled v1.0', said('Name: foo\nVersion: v1.0\n')),
  metadata('Version spelled 1.0.0', said('Name: foo\nVersion: 1.0.0\n')),
  metadata('a name in upper case', said('Name: FOO\nVersion: 1.0\n')),
  metadata('two equal names', said('Name: foo\nName: foo\nVersion: 1.0\n')),
  metadata('a second other name', said('Name: foo\nName: bar\nVersion: 1.0\n')),
  metadata('a first other name', said('Name: bar\nName: foo\nVersion: 1.0\n')),
  metadata('a second other version', said('Name: foo\nVersion: 1.0\nVersion: 2.0\n')),
  metadata('no Metadata-Version', 'Name: foo\nVersion: 1.0\n'),
  metadata('Metadata-Version two', 'Metadata-Version: two\nName: foo\nVersion: 1.0\n'),
  metadata('Metadata-Version 2', 'Metadata-Version: 2\nName: foo\nVersion: 1.0\n'),
  metadata('Metadata-Version 2.9', 'Metadata-Version: 2.9\nName: foo\nVersion: 1.0\n'),
  metadata('Metadata-Version 1.9', 'Metadata-Version: 1.9\nName: foo\nVersion: 1.0\n'),
  metadata('Metadata-Version 3.0', 'Metadata-Version: 3.0\nName: foo\nVersion: 1.0\n'),
  metadata('METADATA with CR alone for line ends', said('Name: foo\nVersion: 1.0\n').replaceAll('\n', '\r')),
  metadata('METADATA with CRLF', said('Name: foo\nVersion: 1.0\n').replaceAll('\n', '\r\n')),
  metadata('a NUL in Author', said('Name: foo\nVersion: 1.0\nAuthor: a\0b\n')),
  metadata('a Requires-Dist that nobody can read', said('Name: foo\nVersion: 1.0\nRequires-Dist: bar >= \n')),
  metadata('a Requires-Dist with a legacy version', said('Name: foo\nVersion: 1.0\nRequires-Dist: bar (>=2004d)\n')),
  metadata('a Requires-Dist with .* after >=', said('Name: foo\nVersion: 1.0\nRequires-Dist: bar (>=1.*)\n')),
  metadata('a Requires-Dist without a comma', said('Name: foo\nVersion: 1.0\nRequires-Dist: bar (>=1 <2)\n')),
  metadata(
    'a Requires-Dist with a broken marker',
    said('Name: foo\nVersion: 1.0\nRequires-Dist: bar; python_version > \n'),
  ),
  metadata(
    'a Requires-Dist with an unknown marker',
    said('Name: foo\nVersion: 1.0\nRequires-Dist: bar; nonsense == "1"\n'),
  ),
  metadata('a Requires-Dist with a trailing comma', said('Name: foo\nVersion: 1.0\nRequires-Dist: bar (>=1,)\n')),
  metadata('a Requires-Dist that is empty', said('Name: foo\nVersion: 1.0\nRequires-Dist: \n')),
  metadata(
    'a Requires-Dist with a URL without scheme',
    said('Name: foo\nVersion: 1.0\nRequires-Dist: bar @ bar.zip\n'),
  ),
  metadata('a Requires-Python that nobody can read', said('Name: foo\nVersion: 1.0\nRequires-Python: three\n')),
  metadata('a Requires-Python that is a number', said('Name: foo\nVersion: 1.0\nRequires-Python: 3\n')),
  metadata('a Requires-Python with .* after >=', said('Name: foo\nVersion: 1.0\nRequires-Python: >=3.6.*\n')),
  metadata('a Requires-Python in quotes', said('Name: foo\nVersion: 1.0\nRequires-Python: ">=3.6"\n')),
  metadata('a Requires-Python without commas', said('Name: foo\nVersion: 1.0\nRequires-Python: >=3.6 <4\n')),
  metadata('a Requires-Python with =>', said('Name: foo\nVersion: 1.0\nRequires-Python: =>3.6\n')),
  metadata('a Requires-Python ending in a comma', said('Name: foo\nVersion: 1.0\nRequires-Python: >=3.6,\n')),
  metadata('a Requires-Python with ===', said('Name: foo\nVersion: 1.0\nRequires-Python: !=3.0.*,>=2.7\n')),
  metadata('an extra that is no name', said('Name: foo\nVersion: 1.0\nProvides-Extra: a b\n')),
  metadata('a licence that is no expression', said('Name: foo\nVersion: 1.0\nLicense-Expression: nonsense (\n')),
  metadata('Dynamic naming Version', said('Name: foo\nVersion: 1.0\nDynamic: version\n')),
];

const WHEEL: OddWheel[] = [
  wheelFile('an empty WHEEL', ''),
  wheelFile('WHEEL without Wheel-Version', 'Generator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n'),
  wheelFile('Wheel-Version 1', GOOD_WHEEL.replace('1.0', '1')),
  wheelFile('Wheel-Version 1.0.0', GOOD_WHEEL.replace('1.0', '1.0.0')),
  wheelFile('Wheel-Version 1.9', GOOD_WHEEL.replace('1.0', '1.9')),
  wheelFile('Wheel-Version 0.9', GOOD_WHEEL.replace('1.0', '0.9')),
  wheelFile('Wheel-Version 2.0', GOOD_WHEEL.replace('1.0', '2.0')),
  wheelFile('Wheel-Version x', GOOD_WHEEL.replace('1.0', 'x')),
  wheelFile('Wheel-Version v1.0', GOOD_WHEEL.replace('1.0', 'v1.0')),
  wheelFile('Wheel-Version that is empty', GOOD_WHEEL.replace('1.0', '')),
  wheelFile('Wheel-Version 1.', GOOD_WHEEL.replace('1.0', '1.')),
  wheelFile('Wheel-Version 1_0.0', GOOD_WHEEL.replace('1.0', '1_0.0')),
  wheelFile('Wheel-Version with a plus', GOOD_WHEEL.replace('1.0', '+1.0')),
  wheelFile('Wheel-Version with a blank inside', GOOD_WHEEL.replace('1.0', '1 . 0')),
  wheelFile('Wheel-Version in other digits', GOOD_WHEEL.replace('1.0', '١.0')),
  wheelFile('Wheel-Version with a no-break space', GOOD_WHEEL.replace('1.0', '1.0\u00a0')),
  wheelFile('a blank after Wheel-Version', GOOD_WHEEL.replace('1.0', '1.0 ')),
  wheelFile('Wheel-Version in lower case', GOOD_WHEEL.replace('Wheel-Version', 'wheel-version')),
  wheelFile('Wheel-Version twice', `Wheel-Version: 1.0\n${GOOD_WHEEL.replace('1.0', '2.0')}`),
  wheelFile('Latin-1 in WHEEL', latin1(GOOD_WHEEL.replace('x', '\xe9'))),
  wheelFile('UTF-8 in WHEEL', GOOD_WHEEL.replace('x', 'é')),
  wheelFile('a byte order mark before WHEEL', `\ufeff${GOOD_WHEEL}`),
  wheelFile('an empty line before WHEEL', `\n${GOOD_WHEEL}`),
  wheelFile('WHEEL with CR alone for line ends', GOOD_WHEEL.replaceAll('\n', '\r')),
  wheelFile('WHEEL without Root-Is-Purelib', GOOD_WHEEL.replace('Root-Is-Purelib: true\n', '')),
  wheelFile('Root-Is-Purelib maybe', GOOD_WHEEL.replace('true', 'maybe')),
  wheelFile('WHEEL without tags', GOOD_WHEEL.replace(/Tag.*\n/, '')),
  wheelFile('WHEEL with other tags', GOOD_WHEEL.replace('py3-none', 'cp27-cp27m')),
  wheelFile('a tag in WHEEL that is none', GOOD_WHEEL.replace('py3-none-any', 'py3')),
];

const RECORD: OddWheel[] = [
  record('an empty RECORD', ''),
  record('Latin-1 in RECORD', latin1(`${goodRecord()}caf\xe9.py,,\n`)),
  record('a byte order mark before RECORD', `\ufeff${goodRecord()}`),
  record('a row of one field in RECORD', `${goodRecord()}x.py\n`),
  record('a row of two fields in RECORD', `${goodRecord()}x.py,\n`),
  record('a row of four fields in RECORD', `${goodRecord()}x.py,,,\n`),
  record('an empty line in RECORD', `\n${goodRecord()}`),
  record('an empty line at the end of RECORD', `${goodRecord()}\n`),
  record('an open quote in RECORD', `${goodRecord()}"x.py,,\n`),
  record('a quote inside a field of RECORD', `${goodRecord()}x"y.py,,\n`),
  record('a NUL in RECORD', `${goodRecord()}x\0.py,,\n`),
  record('a member that RECORD does not list', `${INFO}/RECORD,,\n`),
  record('a missing file in RECORD', `${goodRecord()}gone.py,sha256=AAAA,3\n`),
  record('a wrong hash in RECORD', goodRecord().replace(/sha256=..../, 'sha256=AAAA')),
  record('an unknown hash in RECORD', goodRecord().replace(/sha256=/, 'nonsense=')),
  record('md5 in RECORD', goodRecord().replace(/sha256=[^,]*/, 'md5=AAAAAAAAAAAAAAAAAAAAAA')),
  record('a hash without = in RECORD', goodRecord().replace(/sha256=/, 'sha256')),
  record('a wrong size in RECORD', goodRecord().replace(/,(\d+)\n/, ',99\n')),
  record('a size that is no number in RECORD', goodRecord().replace(/,(\d+)\n/, ',many\n')),
  record('a negative size in RECORD', goodRecord().replace(/,(\d+)\n/, ',-1\n')),
  record('an absolute path in RECORD', `${goodRecord()}/etc/x,,\n`),
  record('a path that climbs out in RECORD', `${goodRecord()}../../x,,\n`),
  record('a row twice in RECORD', goodRecord() + goodRecord()),
  record('CR alone in RECORD', goodRecord().replaceAll('\n', '\r')),
  record('blanks after commas in RECORD', goodRecord().replaceAll(',', ', ')),
  record('a header in RECORD', `path,hash,size\n${goodRecord()}`),
  record('backslashes in RECORD', goodRecord().replaceAll('/', '\\')),
  record('semicolons in RECORD', goodRecord().replaceAll(',', ';')),
  record('an empty path in RECORD', `${goodRecord()},,\n`),
];

const POINTS: OddWheel[] = [
  points('a console script', '[console_scripts]\nfoo = foo:main\n'),
  points('a console script without a colon', '[console_scripts]\nfoo = foo\n'),
  points('a gui script without a colon', '[gui_scripts]\nfoo = foo\n'),
  points('a plug-in without a colon', '[x.plugins]\nfoo = foo\n'),
  points('a console script with two colons', '[console_scripts]\nfoo = foo:a:b\n'),
  points('a console script that names nothing after the colon', '[console_scripts]\nfoo = foo:\n'),
  points('a console script that names nothing before the colon', '[console_scripts]\nfoo = :main\n'),
  points('a console script with an extra', '[console_scripts]\nfoo = foo:main [x]\n'),
  points('a console script with an open extra', '[console_scripts]\nfoo = foo:main [x\n'),
  points('a console script with blanks around its colon', '[console_scripts]\nfoo = foo : main\n'),
  points('a console script with a blank in its module', '[console_scripts]\nfoo = f oo:main\n'),
  points('a console script with a dash in its module', '[console_scripts]\nfoo = f-oo:main\n'),
  points('a console script with parentheses', '[console_scripts]\nfoo = foo:main()\n'),
  points('a console script with no value', '[console_scripts]\nfoo =\n'),
  points('a console script with no equals sign', '[console_scripts]\nfoo\n'),
  points('a console script named with a blank', '[console_scripts]\nfoo bar = foo:main\n'),
  points('a console script named with a slash', '[console_scripts]\nfoo/bar = foo:main\n'),
  points('a console script that climbs out', '[console_scripts]\n../../foo = foo:main\n'),
  points('a console script named with a colon for equals', '[console_scripts]\nfoo: foo:main\n'),
  points('a console script twice', '[console_scripts]\nfoo = foo:main\nfoo = foo:other\n'),
  points('a section of entry points twice', '[console_scripts]\nfoo = foo:main\n[console_scripts]\nbar = foo:main\n'),
  points('entry points before any section', 'foo = foo:main\n'),
  points('an open section of entry points', '[console_scripts\nfoo = foo:main\n'),
  points('a console script over two lines', '[console_scripts]\nfoo = foo:main\n  bar\n'),
  points('a comment behind a console script', '[console_scripts]\nfoo = foo:main # main\n'),
  points('a comment behind a semicolon', '[console_scripts]\nfoo = foo:main ; main\n'),
  points('a percent sign in entry points', '[console_scripts]\nfoo = foo:main%\n'),
  points('an indented entry point', '[console_scripts]\n    foo = foo:main\n'),
  points('an indented section of entry points', '  [console_scripts]\n  foo = foo:main\n'),
  points('text that is no entry point', 'nonsense\n'),
  points('an empty entry_points.txt', ''),
  points('Latin-1 in entry_points.txt', latin1('[console_scripts]\nfoo = foo:caf\xe9\n')),
  points('Latin-1 in a comment of entry_points.txt', latin1('# \xe9\n[console_scripts]\nfoo = foo:main\n')),
  points('UTF-8 in entry_points.txt', '[console_scripts]\nfoo = foo:café\n'),
  points('a byte order mark before entry_points.txt', '\ufeff[console_scripts]\nfoo = foo:main\n'),
  points('DEFAULT in entry points', '[DEFAULT]\nx = y\n[console_scripts]\nfoo = foo:main\n'),
];

const many = (text: string, count: number) => Array.from({ length: count }, () => text).join('');

const LAYOUT: OddWheel[] = [
  wheel('a script in .data', { 'foo-1.0.data/scripts/foo': '#!python\nprint(1)\n' }),
  wheel('data in .data', { 'foo-1.0.data/data/share/foo': 'x' }),
  wheel('a header in .data', { 'foo-1.0.data/headers/foo.h': 'x' }),
  wheel('purelib and platlib in .data', { 'foo-1.0.data/purelib/a.py': 'x', 'foo-1.0.data/platlib/b.py': 'x' }),
  wheel('a file in .data itself', { 'foo-1.0.data/README': 'x' }),
  wheel('an unknown key in .data', { 'foo-1.0.data/nonsense/x': 'x' }),
  wheel('an unknown key that is an empty folder in .data', { 'foo-1.0.data/nonsense/': '' }),
  wheel('an empty folder scripts in .data', { 'foo-1.0.data/scripts/': '' }),
  wheel('the folder .data alone', { 'foo-1.0.data/': '' }),
  wheel('a script in a sub-folder of .data', { 'foo-1.0.data/scripts/sub/foo': 'x' }),
  wheel('a script of bytes in .data', { 'foo-1.0.data/scripts/foo': Buffer.from([0x23, 0x21, 0xff, 0x0a, 0x80]) }),
  wheel('an empty script in .data', { 'foo-1.0.data/scripts/foo': '' }),
  wheel('a .data of another name', { 'bar-2.0.data/nonsense/x': 'x' }),
  wheel('a .data of another name with a file', { 'bar-2.0.data/x': 'x' }),
  wheel('a .data in another spelling', { 'Foo-1.0.0.data/scripts/foo': 'x' }),
  wheel('a file called .data', { 'foo-1.0.data': 'x' }),
  wheel('a folder called just .data', { '.data/x': 'x' }),
  wheel('.data deeper down', { 'foo/foo-1.0.data/x': 'x' }),
  wheel('scripts called Scripts', { 'foo-1.0.data/Scripts/foo': 'x' }),
  wheel('a path that is a file and a folder', { 'foo/a': 'x', 'foo/a/b': 'y' }),
  wheel('a path that is a folder, then a file', { 'foo/a/b': 'y', 'foo/a': 'x' }),
  wheel('a path that is a file and an empty folder', { 'foo/a': 'x', 'foo/a/': '' }),
  wheel('a file where the module is', { foo: 'x' }),
  wheel('a name of 255 bytes', { [`foo/${many('a', 255)}`]: 'x' }),
  wheel('a name of 256 bytes', { [`foo/${many('a', 256)}`]: 'x' }),
  wheel('a name of 128 letters of two bytes', { [`foo/${many('é', 128)}`]: 'x' }),
  wheel('a folder of 256 bytes', { [`foo/${many('a', 256)}/b`]: 'x' }),
  wheel('a path of 5000 bytes', { [`foo/${many('aaaaaaaaa/', 500)}b`]: 'x' }),
  wheel('a path of 3000 bytes', { [`foo/${many('aaaaaaaaa/', 300)}b`]: 'x' }),
  wheel('a backslash in a path', { 'foo\\a.py': 'x' }),
  wheel('a line break in a path', { 'foo/a\nb': 'x' }),
  wheel('a tab in a path', { 'foo/a\tb': 'x' }),
  wheel('a control character in a path', { 'foo/a\x01b': 'x' }),
  wheel('a delete character in a path', { 'foo/a\x7fb': 'x' }),
  wheel('a next-line character in a path', { 'foo/a\x85b': 'x' }),
  wheel('a path that ends in a dot', { 'foo/a.': 'x' }),
  wheel('a colon in a path', { 'foo/a:b': 'x' }),
  wheel('a question mark in a path', { 'foo/a?b': 'x' }),
  wheel('a comma in a path', { 'foo/a,b': 'x' }),
  wheel('a quote in a path', { 'foo/a"b': 'x' }),
  wheel('a blank at the end of a path', { 'foo/a ': 'x' }),
  wheel('./ before a path', { './foo/a': 'x' }),
  wheel('/./ in a path', { 'foo/./a': 'x' }),
  wheel('// in a path', { 'foo//a': 'x' }),
  wheel('a/../b in a path', { 'foo/../foo/a': 'x' }),
  wheel('paths that differ in case', { 'foo/A': 'x', 'foo/a': 'y' }),
  wheel('a second .dist-info', { 'bar-1.0.dist-info/METADATA': metadataText({ name: 'bar', version: '1.0' }) }),
  wheel('an empty second .dist-info', { 'bar-1.0.dist-info/': '' }),
  wheel('a file called .dist-info', { 'bar-1.0.dist-info': '' }),
  wheel('no RECORD', { [`${INFO}/RECORD`]: undefined }),
  wheel('no WHEEL', { [`${INFO}/WHEEL`]: undefined }),
  wheel('no METADATA', { [`${INFO}/METADATA`]: undefined }),
  wheel('RECORD.jws', { [`${INFO}/RECORD.jws`]: '{}' }),
  wheel('INSTALLER', { [`${INFO}/INSTALLER`]: 'x\n' }),
  wheel('REQUESTED and direct_url.json', { [`${INFO}/REQUESTED`]: '', [`${INFO}/direct_url.json`]: '{}' }),
  odd('a link', [...members(), { path: 'foo/link', bytes: '__init__.py', mode: 0o120777 }]),
  odd('no members', []),
];

const again = (path: string, bytes: Content): ZipMember => ({ path, bytes, deflate: true });
const metadataPath = `${INFO}/METADATA`;

const ZIP: OddWheel[] = [
  odd('a member twice, the same bytes', [...members({ 'foo/a.py': 'x = 1\n' }), again('foo/a.py', 'x = 1\n')]),
  odd('a member twice, other bytes', [...members({ 'foo/a.py': 'x = 1\n' }), again('foo/a.py', 'x = 2\n')]),
  odd('METADATA twice, the same bytes', [...members(), again(metadataPath, metadataText(FOO))]),
  odd('METADATA twice, other bytes', [...members(), again(metadataPath, `${metadataText(FOO)}Requires-Dist: bar\n`)]),
  odd('RECORD twice, the same bytes', [...members(), again(`${INFO}/RECORD`, goodRecord())]),
  odd('a folder twice', [...members({ 'foo/x/': '' }), { path: 'foo/x/' }]),
  odd('another name in a local header', [
    ...members(),
    { path: 'foo/a.py', bytes: 'x', says: { localPath: 'foo/b.py' } },
  ]),
  odd('an empty name in a local header', [...members(), { path: 'foo/a.py', bytes: 'x', says: { localPath: '' } }]),
  odd('bytes before the first member', members(), { prefix: Buffer.from('#!/bin/sh\nexit 1\n') }),
  odd('bytes after its end', members(), { suffix: Buffer.from('\n') }),
  odd('many bytes after its end', members(), { suffix: Buffer.alloc(1000, 'x') }),
  odd('zeros after its end', members(), { suffix: Buffer.alloc(1000) }),
  odd('a comment', members(), { comment: Buffer.from('hello') }),
  odd('zip64', members(), { zip64: true }),
  odd(
    'members in zip64',
    members().map((each) => ({ ...each, zip64: true })),
  ),
  odd(
    'data descriptors',
    members().map((each) => ({ ...each, descriptor: true })),
  ),
  odd(
    'stored members with data descriptors',
    members().map((each) => ({ ...each, deflate: false, descriptor: true })),
  ),
  odd('a second, cut end record', members(), { suffix: Buffer.from('PK\x05\x06\0\0\0\0', 'latin1') }),
  odd('a second, cut end record in its comment', members(), { comment: Buffer.from('PK\x05\x06\0\0\0\0', 'latin1') }),
  odd('a whole end record in its comment', members(), {
    comment: Buffer.concat([Buffer.from('PK\x05\x06', 'latin1'), Buffer.alloc(18)]),
  }),
  odd('a second, whole end record', members(), {
    suffix: Buffer.concat([Buffer.from('PK\x05\x06', 'latin1'), Buffer.alloc(18)]),
  }),
  odd('a wrong checksum', [...members(), { path: 'foo/a.py', bytes: 'x = 1\n', says: { crc32: 1 } }]),
  odd('a size that lies, in a member', [
    ...members(),
    { path: 'foo/a.py', bytes: 'x = 1\n', deflate: true, says: { size: 3 } },
  ]),
  odd('a damaged member', [...members(), { path: 'foo/a.py', bytes: Buffer.alloc(40, 0xff), says: { method: 8 } }]),
  odd('an extra field that the directory does not have', withExtra(members())),
  odd('bytes before the first member that its offsets count', shifted(members(), Buffer.from('#!/bin/sh\nexit 1\n'))),
  odd('bytes between members', withHole(Buffer.from('hole'))),
  odd(
    'a member that the directory does not list',
    withHole(makeZip([{ path: 'foo/b.py', bytes: 'x' }]).subarray(0, 39)),
  ),
  odd('another method in a local header', [...members(), lying('method')]),
  odd('another checksum in a local header', [...members(), lying('crc32')]),
  odd('another size in a local header', [...members(), lying('size')]),
];

function withExtra(list: ZipMember[]): ZipMember[] {
  return list.map((each) => ({ ...each, localExtra: Buffer.from([1, 0x99, 4, 0, 0, 0, 0, 0]) }));
}

/** Offsets count from the start of the file. */
function shifted(list: ZipMember[], prefix: Uint8Array): ZipMember[] {
  const [first, ...rest] = list as [ZipMember, ...ZipMember[]];
  return [{ ...first, before: prefix }, ...rest];
}

function withHole(hole: Uint8Array): ZipMember[] {
  const list = members();
  return list.map((each, at) => (at === list.length - 1 ? { ...each, before: hole } : each));
}

function lying(field: 'method' | 'crc32' | 'size'): ZipMember {
  return { path: 'foo/a.py', bytes: 'x = 1\n', localSays: { [field]: field === 'method' ? 8 : 3 } };
}

const named = (filename: string, options: PackageOptions, what: string): OddWheel => ({
  what,
  filename,
  bytes: makeZip(wheelMembers(options)),
});

const NAMES: OddWheel[] = [
  named('foo__x-1.0-py3-none-any.whl', { name: 'foo--x', version: '1.0' }, 'two underscores in its name'),
  named('foo.x-1.0-py3-none-any.whl', { name: 'foo.x', version: '1.0' }, 'a dot in its name'),
  named('foo-1.0-py3.11-none-any.whl', FOO, 'a dot in its Python tag'),
  named('foo-1.0-py3_11-none-any.whl', FOO, 'an underscore in its Python tag'),
  named('foo-1.0-py2.py3-none-any.whl', FOO, 'a tag set'),
  named('foo-1.0-py3.py2-none-any.whl', FOO, 'a tag set that is not sorted'),
  named('foo-1.0-PY3-none-any.whl', FOO, 'a tag in upper case'),
  named('foo-1.0-1-py3-none-any.whl', FOO, 'a build number'),
  named('foo-1.0-1a-py3-none-any.whl', FOO, 'a build number with a letter'),
  named('foo-1.0-1_x-py3-none-any.whl', FOO, 'a build number with an underscore'),
  named('foo-1.0_x-py3-none-any.whl', { name: 'foo', version: '1.0+x' }, 'an underscore for + in its version'),
  named('foo-1_3.1.0-py3-none-any.whl', { name: 'foo', version: '1!3.1.0' }, 'an underscore for ! in its version'),
  named('foo-1.0_1-py3-none-any.whl', { name: 'foo', version: '1.0.post1' }, 'an underscore for - in its version'),
  named('foo-1.0_rc1-py3-none-any.whl', { name: 'foo', version: '1.0rc1' }, 'an underscore before rc'),
  named('foo-1.0_gitabc-py3-none-any.whl', { name: 'foo', version: '1.0+gitabc' }, 'an underscore before git'),
  named('foo-1.0+a_b-py3-none-any.whl', { name: 'foo', version: '1.0+a.b' }, 'an underscore in its local version'),
  named('foo-v1.0-py3-none-any.whl', FOO, 'v before its version'),
  named('foo-1.0.0-py3-none-any.whl', FOO, 'a longer version in its name'),
  named('foo-01.0-py3-none-any.whl', FOO, 'a zero before its version'),
];

export const ODD_WHEELS = { METADATA, WHEEL, RECORD, POINTS, LAYOUT, ZIP, NAMES };
