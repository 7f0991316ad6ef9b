import { expect, test } from 'vitest';
import { processorMs } from '../../test/support/processor-time.ts';
import { type CoreMetadata, parseMetadata } from './metadata.ts';

const HEAD = 'Metadata-Version: 2.1\nName: foo\nVersion: 1.0\n';
const parse = (text: string) => parseMetadata(Buffer.from(text));

test('parseMetadata() reads every field of the standard', () => {
  const metadata = parse(`Metadata-Version: 2.6
Name: Foo.Bar
Version: 1.0
Dynamic: a
Dynamic: b
Platform: any
Supported-Platform: linux
Summary: One line
Description-Content-Type: text/markdown
Keywords: a,b
Author: Nguyễn
Author-email: n@example.vn
Maintainer: M
Maintainer-email: m@example.vn
License: MIT
License-Expression: MIT
License-File: LICENSE
Classifier: A :: B
Classifier: C
Requires-Dist: bar>=1; extra == "x"
Requires-Python: >=3.8
Requires-External: libpq
Project-URL: Home, https://example.vn
Home-page: https://example.vn
Download-URL: https://example.vn/d
Provides-Extra: x
Provides-Dist: p
Obsoletes-Dist: o
Import-Name: foo
Import-Namespace: ns
Requires: r
Provides: q
Obsoletes: s
X-Unknown: z

# Foo
`);
  expect(metadata).toEqual({
    metadataVersion: '2.6',
    name: 'Foo.Bar',
    version: '1.0',
    dynamic: ['a', 'b'],
    platforms: ['any'],
    supportedPlatforms: ['linux'],
    summary: 'One line',
    description: '# Foo\n',
    descriptionContentType: 'text/markdown',
    keywords: 'a,b',
    author: 'Nguyễn',
    authorEmail: 'n@example.vn',
    maintainer: 'M',
    maintainerEmail: 'm@example.vn',
    license: 'MIT',
    licenseExpression: 'MIT',
    licenseFiles: ['LICENSE'],
    classifiers: ['A :: B', 'C'],
    requiresDist: ['bar>=1; extra == "x"'],
    requiresPython: '>=3.8',
    requiresExternal: ['libpq'],
    projectUrls: ['Home, https://example.vn'],
    homePage: 'https://example.vn',
    downloadUrl: 'https://example.vn/d',
    providesExtra: ['x'],
    providesDist: ['p'],
    obsoletesDist: ['o'],
    importNames: ['foo'],
    importNamespaces: ['ns'],
    requires: ['r'],
    provides: ['q'],
    obsoletes: ['s'],
  } satisfies CoreMetadata);
});

test.each<[what: string, more: string, expected: Partial<CoreMetadata>]>([
  ['header names in any case', 'SUMMARY: s\nclassifier: c\n', { summary: 's', classifiers: ['c'] }],
  ['the first of a repeated field', 'Summary: a\nSummary: b\n', { summary: 'a' }],
  ['white space around a value', 'Summary: \t a b \t\nPlatform:  p \n', { summary: 'a b', platforms: ['p'] }],
  ['a folded line as one', 'Summary: a\n   b\n\n', { summary: 'a b' }],
  ['a value that starts on the next line', 'Requires-Dist:\n a\n\n', { requiresDist: ['a'] }],
  [
    'the lines of a licence',
    'License: A\n        B\n          C\n        \n        D\n',
    { license: 'A\nB\n  C\n\nD' },
  ],
  [
    'a description as a header',
    'Description: A\n        B\n          C\n        \n        D\n',
    { description: 'A\nB\n  C\n\nD' },
  ],
  ['an indent of less than 8', 'Description: A\n  B\n    C\n', { description: 'A\nB\n  C' }],
  ['an indent of more than 8', 'Description: A\n          B\n', { description: 'A\n  B' }],
  ['7 blanks and a bar', 'Description: A\n       |B\n       |\n       |  C\n', { description: 'A\nB\n\n  C' }],
  ['a body before a header', 'Description: A\n\nB\n', { description: 'B\n' }],
  ['a header before an empty body', 'Description: A\n\n\n \n', { description: 'A' }],
  ['a body of UNKNOWN as absent', 'Description: A\n\nUNKNOWN\n\n', { description: 'A' }],
  [
    'CRLF',
    'Summary: a\r\nLicense: A\r\n        B\r\n\r\nx\r\ny\r\n',
    { summary: 'a', license: 'A\nB', description: 'x\r\ny\r\n' },
  ],
])('parseMetadata() reads %s', (_what, more, expected) => {
  expect(parse(HEAD + more)).toMatchObject({ name: 'foo', version: '1.0', ...expected });
});

test('parseMetadata() takes UNKNOWN and nothing for absent', () => {
  const metadata = parse(`${HEAD}Summary: UNKNOWN\nHome-page:\nLicense: \nPlatform: UNKNOWN\nPlatform: \n\n`);
  const fields = Object.entries(metadata).filter(([, value]) => value !== undefined && value.length > 0);
  expect(fields.map(([field]) => field).sort()).toEqual(['metadataVersion', 'name', 'version']);
});

test.each([
  ['Name: UNKNOWN\nVersion: 0.0.0\n', { name: 'UNKNOWN', version: '0.0.0' }],
  ['Metadata-Version: 2.99\nName: a\nVersion: 1\n', { metadataVersion: '2.99', name: 'a', version: '1' }],
])('parseMetadata() reads %j', (text, expected) => {
  expect(parse(text)).toMatchObject(expected);
});

test('parseMetadata() reads bytes that are no UTF-8', () => {
  const bytes = Buffer.from(`${HEAD}Author: Ren\xe9\n\nCaf\xe9 \x93x\x94`, 'latin1');
  expect(parseMetadata(bytes)).toMatchObject({ author: 'René', description: 'Café “x”' });
});

test.each([
  ['', 'has no Name'],
  ['<!DOCTYPE html>\n<html>', 'has no Name'],
  ['Name: foo\n', 'has no Version'],
  ['Name:\nVersion: 1\n', 'has no Name'],
  ['Name: foo\nVersion: UNKNOWN\n', 'has no Version'],
  ['Metadata-Version: 2.1\n\nName: foo\nVersion: 1\n', 'has no Name'], // all of it is body
  ['\ufeffMetadata-Version: 2.1\nName: foo\nVersion: 1\n', 'has no Name'],
  ['Metadata-Version: 3.0\nName: foo\nVersion: 1\n', 'says Metadata-Version "3.0"; kho knows those up to 2.x'],
  [`Metadata-Version: ${'9'.repeat(400)}\nName: foo\nVersion: 1\n`, 'says Metadata-Version "999'],
])('parseMetadata() refuses %j: %s', (text, why) => {
  expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'bad-metadata' }));
  expect(() => parse(text)).toThrow(why);
});

test('parseMetadata() is not slowed down by hostile values', async () => {
  const act = () => {
    parse(`${HEAD}Summary: a${' '.repeat(2_000_000)}b\n c\nLicense: a${' '.repeat(2_000_000)}b\n c\n`);
    parse(`${HEAD}Description: a\n${'        b\n'.repeat(200_000)}`);
    parse(`${HEAD}${'Platform: x\n'.repeat(200_000)}`);
  };
  expect(await processorMs(act)).toBeLessThan(3000);
});
