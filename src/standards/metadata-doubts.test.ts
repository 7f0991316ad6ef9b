import { expect, test } from 'vitest';
import { parseMetadata } from './metadata.ts';
import { unreadablePython, unreadableRequirement } from './metadata-doubts.ts';

function read(lines: string) {
  const bytes = Buffer.from(`Metadata-Version: 2.1\nName: foo\nVersion: 1.0\n${lines}`);
  const metadata = parseMetadata(bytes);
  return { requirement: unreadableRequirement(metadata, bytes), python: unreadablePython(metadata) };
}

test.each([
  '',
  'Requires-Dist: bar (>=1,)\nRequires-Python: >=3.6,\n',
  'Requires-Dist: bar @ bar.zip\n',
  '\nRequires-Dist: \n',
])('nothing is doubted of %j', (lines) => expect(read(lines)).toEqual({}));

test.each([
  'bar >= ',
  'bar (>=2004d)',
  'bar (>=1.*)',
  'bar (>=1 <2)',
  'bar; python_version >',
  'bar; nonsense == "1"',
  '',
])('unreadableRequirement() says that new pips pass over %j', (text) =>
  expect(read(`Requires-Dist: ok\nRequires-Dist: ${text}\n`).requirement).toContain('pip from 24.1 on'),
);

test.each(['three', '3', '">=3.6"', '>=3.6.*', '>=3.6 <4', '=>3.6'])('unreadablePython() finds %j', (text) => {
  expect(read(`Requires-Python: ${text}\n`).python).toContain('which is no version specifier');
});
