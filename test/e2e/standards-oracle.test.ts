/**
 * kho's readers of the standards beside Python's `packaging`, `email` and `importlib.metadata`, which installers use.
 * The cases are generated from fixed seeds: the same in each run. Where kho differs on purpose, the test says why.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseEmailMessage } from '../../src/standards/email-message.ts';
import { type CoreMetadata, parseMetadata } from '../../src/standards/metadata.ts';
import { normalizeName } from '../../src/standards/name.ts';
import { parseSdistFilename, sdistVersionFor } from '../../src/standards/sdist-filename.ts';
import { isValidSpecifierSet, specifierSetContains } from '../../src/standards/specifier.ts';
import { expandTags } from '../../src/standards/tags.ts';
import {
  compareVersions,
  isPrerelease,
  isValidVersion,
  normalizeVersion,
  versionKey,
} from '../../src/standards/version.ts';
import { parseWheelFilename } from '../../src/standards/wheel-filename.ts';
import { stripWhiteSpace } from '../../src/standards/white-space.ts';
import { ask } from '../support/standards-oracle.ts';

/** What `read` makes of the text, or null when it refuses: as the oracle answers. */
function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    expect(error).toHaveProperty('name', 'FormatError');
    return null;
  }
}

const sample = <T>(arbitrary: fc.Arbitrary<T>, numRuns: number, seed: number) =>
  fc.sample(arbitrary, { numRuns, seed });

/** Small numbers, so that many versions are near each other, and some that no float can hold. */
const integer = fc.oneof(
  { weight: 8, arbitrary: fc.nat(3).map(String) },
  fc.constantFrom('00', '01', '10', '2024', '9007199254740992', '9007199254740993', '1'.repeat(30)),
);
const separator = fc.constantFrom('', '', '.', '-', '_');
const word = (...words: string[]) =>
  fc
    .tuple(separator, fc.constantFrom(...words), separator, fc.oneof(integer, fc.constant('')))
    .map((parts) => parts.join(''));
const optional = (arbitrary: fc.Arbitrary<string>, nil = 2) =>
  fc.oneof({ weight: nil, arbitrary: fc.constant('') }, arbitrary);
const release = fc.array(integer, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('.'));
const pre = word('a', 'b', 'c', 'rc', 'alpha', 'beta', 'pre', 'preview', 'A', 'RC', 'Beta');
const post = fc.oneof(
  word('post', 'rev', 'r', 'POST'),
  integer.map((digits) => `-${digits}`),
);
const local = fc
  .array(fc.oneof(integer, fc.constantFrom('abc', 'Cu118', '5a', 'x')), { minLength: 1, maxLength: 3 })
  .chain((parts) => fc.constantFrom('.', '-', '_').map((dash) => `+${parts.join(dash)}`));
const version = fc
  .tuple(
    optional(fc.constantFrom('v', 'V', ' ', '\n', '\u2003'), 12),
    optional(fc.constantFrom('0!', '1!', '01!'), 6),
    release,
    optional(pre),
    optional(post),
    optional(word('dev', 'DEV')),
    optional(local, 4),
  )
  .map((parts) => parts.join(''));
/** Nearly a version: one piece of it taken out, doubled, or replaced by what does not belong there. */
const nearlyVersion = fc
  .tuple(
    version,
    fc.nat(30),
    fc.nat(3),
    fc.constantFrom('', '.', '-', '_', '+', '!', 'v', 'x', ' ', '*', 'é', '\u212a', '\u0131', '١', '\0'),
  )
  .map(([text, at, length, piece]) => text.slice(0, at) + piece + text.slice(at + length));

const ODD_VERSIONS = [
  ['2004d', '1.0-final', '0.1.0-SNAPSHOT', '1.0.0-beta.2', '2.0b1-1', '1.0.dev-r1234', '1.3.2.1-r3', '0.5-1-g1234'],
  ['', ' ', 'v', '.', '1.', '.1', '1..2', '1!', '!1', '1!!2', '1+', '+1', '1.0+a..b', '1.0+a-', '1-', '1--1', '1-1-1'],
  [
    '1a',
    '1a.',
    '1.a',
    '1a.1',
    '1.a.1',
    '1a..1',
    '1ab',
    '1arc',
    '1rcr',
    '1r1r1',
    '1post-1',
    '1-post1',
    '1.dev',
    '1dev.1',
  ],
  [
    '1.0\n',
    '\t1.0',
    '1.0\u00a0',
    '1.0\x1c',
    '\x851.0',
    '\ufeff1.0',
    '1.0\u200b',
    '1.0\0',
    '１.0',
    '1.0+ﬁ',
    'ｖ1',
    '1.0poſt1',
  ],
].flat();

test('versions are valid, normalized and pre-releases as packaging says', () => {
  const texts = [...ODD_VERSIONS, ...sample(version, 5000, 1), ...sample(nearlyVersion, 5000, 2)];
  const answers = ask<{ normal: string; prerelease: boolean } | null>(
    'version',
    texts.map((text) => [text]),
  );
  const valid = answers.filter((answer) => answer !== null).length;
  expect(valid).toBeGreaterThan(5000);
  expect(answers.length - valid).toBeGreaterThan(2000);
  texts.forEach((text, index) => {
    const ours = isValidVersion(text) ? { normal: normalizeVersion(text), prerelease: isPrerelease(text) } : null;
    expect([text, ours]).toEqual([text, answers[index]]);
  });
});

test('versions are ordered as packaging says', () => {
  const valid = sample(version, 4000, 3).filter(isValidVersion);
  const pairs = valid.flatMap((a, index) =>
    [1, 2, 3].map((step): [string, string] => [a, valid[(index * step + step) % valid.length]!]),
  );
  const answers = ask<number>('order', pairs);
  pairs.forEach(([a, b], index) => {
    expect([a, b, compareVersions(a, b)]).toEqual([a, b, answers[index]]);
    expect([a, b, versionKey(a) === versionKey(b)]).toEqual([a, b, answers[index] === 0]);
  });
});

test('names are valid and normalized as packaging says', () => {
  const character = fc.constantFrom(...'aZ09-_. ', 'é', '\u017f', '\u212a', '\n', '/');
  const texts = sample(fc.string({ unit: character, maxLength: 6 }), 3000, 4);
  const answers = ask<string | null>(
    'name',
    texts.map((text) => [text]),
  );
  expect(answers.filter((answer) => answer !== null).length).toBeGreaterThan(200);
  texts.forEach((text, index) => {
    expect([text, orNull(() => normalizeName(text))]).toEqual([text, answers[index]]);
  });
});

const specifier = fc
  .tuple(
    fc.constantFrom('==', '!=', '<=', '>=', '<', '>', '~=', '===', '=', '=>'),
    optional(fc.constant(' '), 6),
    fc.oneof(
      { weight: 4, arbitrary: version },
      nearlyVersion,
      release.map((text) => `${text}.*`),
    ),
    optional(fc.constant('.*'), 12),
  )
  .map((parts) => parts.join(''));
const specifierSet = fc
  .tuple(fc.array(specifier, { maxLength: 2 }), optional(fc.constantFrom(',', ' ', ', '), 6))
  .map(([list, end]) => list.join(',') + end);

test('specifier sets contain what packaging says', () => {
  const cases = sample(
    fc.tuple(
      specifierSet,
      fc.oneof({ weight: 9, arbitrary: version }, nearlyVersion),
      fc.constantFrom(null, null, true, false),
    ),
    15_000,
    5,
  );
  const answers = ask<boolean | null>('specifier', cases);
  for (const expected of [true, false, null])
    expect(answers.filter((answer) => answer === expected).length).toBeGreaterThan(1000);
  cases.forEach(([set, candidate, prereleases], index) => {
    const options = prereleases === null ? {} : { prereleases };
    const ours = isValidSpecifierSet(set) ? specifierSetContains(set, candidate, options) : null;
    expect([set, candidate, prereleases, ours]).toEqual([set, candidate, prereleases, answers[index]]);
  });
});

const fileNamePart = fc.constantFrom(
  'foo',
  'Foo_Bar',
  'foo.bar',
  'foo__bar',
  'f',
  'zope.interface',
  '2to3',
  '_foo',
  'foo_',
  'é',
  '',
  '1.0',
  'a b',
);
const tagSet = (...tags: string[]) =>
  fc.array(fc.constantFrom(...tags), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('.'));
const wheelFilename = fc
  .tuple(
    fileNamePart,
    fc.oneof({ weight: 6, arbitrary: version.map((text) => text.replace(/[-\s]/g, '_')) }, version),
    fc.option(fc.constantFrom('1', '007a', '7.b', '0', 'x', '', '1!2'), { nil: undefined, freq: 3 }),
    tagSet('py3', 'py2', 'cp311', 'CP27', 'pp310', ...(['36', ''] as const)),
    tagSet('none', 'abi3', 'cp311', 'cp27mu'),
    tagSet('any', 'manylinux_2_17_x86_64', 'manylinux2014_x86_64', 'macosx_11_0_arm64', 'win_amd64', 'linux_armv6l'),
  )
  .map(
    ([name, written, build, ...tags]) =>
      `${[name, written, ...(build === undefined ? [] : [build]), ...tags].join('-')}.whl`,
  );

const ODD_WHEELS = [
  'PyYAML-6.0.1-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl',
  'zope.interface-5.0.0-cp27-cp27mu-manylinux2010_x86_64.whl',
  'torch-2.1.0+cpu.cxx11.abi-cp38-cp38-linux_x86_64.whl',
  'pytz-2023.3.post1-py2.py3-none-any.whl',
  'foo-1!2.0-0-py3-none-any.whl',
  'ruff-0.1.0-py3-none-musllinux_1_2_armv7l.whl',
  'numpy-1.26.4-cp311-cp311-macosx_10_9_x86_64.macosx_11_0_arm64.whl',
  'a-1-py3-none-any.whl.whl',
  '-1-py3-none-any.whl',
  'a.whl',
  '.whl',
];

test('wheel filenames are read as packaging reads them, and a few more', () => {
  const filenames = [...ODD_WHEELS, ...sample(wheelFilename, 6000, 6)];
  const answers = ask<{ name: string; version: string; build: string | null; tags: string[] } | null>(
    'wheel',
    filenames.map((filename) => [filename]),
  );
  expect(answers.filter((answer) => answer !== null).length).toBeGreaterThan(500);
  filenames.forEach((filename, index) => {
    const answer = answers[index]!;
    const ours = orNull(() => {
      const { name, version, build, python, abi, platform } = parseWheelFilename(filename);
      const buildTag = build?.replace(/^0+(?=[0-9])/, '') ?? null;
      return {
        name: name as string,
        version: normalizeVersion(version),
        build: buildTag,
        tags: expandTags(python, abi, platform).sort(),
      };
    });
    if (answer && !ours) expect(filename).toSatisfy(isNoSafeName);
    else if (ours && !answer) expect(filename).toSatisfy(wasReadByOlderPip);
    else expect([filename, ours]).toEqual([filename, answer]);
  });
});

/** Refused by kho: the name is no valid project name, or a character has no place in an address or a list of files. */
function isNoSafeName(filename: string): boolean {
  return !/^[A-Za-z0-9]([A-Za-z0-9._]*[A-Za-z0-9])?-/.test(filename) || /[^\w.!+-]/.test(filename);
}

/** Real wheels of before packaging 26: `__` in the name, `_` for a dash or plus in the version, a bare number as Python. */
function wasReadByOlderPip(filename: string): boolean {
  const [name = '', version = '', ...rest] = filename.split('-');
  return name.includes('__') || version.includes('_') || /^[0-9]|\.[0-9]/.test(rest.at(-3) ?? '');
}

const sdistFilename = fc
  .tuple(
    fc
      .array(fc.constantFrom('foo', 'Bar', 'foo.bar', '2', 'a_b', '_x'), { minLength: 1, maxLength: 3 })
      .map((parts) => parts.join('-')),
    fc.oneof({ weight: 5, arbitrary: version.map((text) => text.trim()) }, fc.constantFrom('2004d', '1.0-final', 'x')),
    fc.constantFrom('.tar.gz', '.tar.gz', '.zip'),
  )
  .map(([name, written, suffix]) => `${name}-${written}${suffix}`);

test('sdist filenames are read as packaging reads them, dashes in versions apart', () => {
  const filenames = sample(sdistFilename, 4000, 7);
  const answers = ask<{ project: string; version: string } | null>(
    'sdist',
    filenames.map((filename) => [filename]),
  );
  let compared = 0;
  filenames.forEach((filename, index) => {
    const answer = answers[index]!;
    const project = answer && orNull(() => normalizeName(filename.slice(0, filename.lastIndexOf('-'))));
    if (!project) return; // packaging refuses legacy versions and takes names that are none
    compared++;
    expect(project).toBe(answer.project);
    expect([filename, normalizeVersion(sdistVersionFor(filename, project)!)]).toEqual([filename, answer.version]);
    const { candidates } = parseSdistFilename(filename);
    const valid = candidates.filter((candidate) => isValidVersion(candidate.version));
    if (valid.length === 1) expect([filename, candidates[0]!.project]).toEqual([filename, project]);
  });
  expect(compared).toBeGreaterThan(1500);
});

const base64 = (bytes: Uint8Array) => [Buffer.from(bytes).toString('base64')];

/** Lines of all kinds; not multipart and no mbox line, which compat32 treats in ways that no metadata needs. */
const line = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom('Name: foo', 'Version:1', 'Summary: hạt \t', 'Classifier: A :: B', 'License: x'),
  },
  { weight: 3, arbitrary: fc.constantFrom(' more', '\tmore', '        more', ' ', '\t', '       |more') },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      '',
      'no header',
      'My Name: x',
      ': nameless',
      'Name : x',
      'X-:',
      'Description:',
      '\x0bName: x',
    ),
  },
  fc.string({ unit: fc.constantFrom(':', ' ', 'a', '\x0c', '\x85', '\u2028', '\0', 'é') }),
);
const messageBytes = fc
  .tuple(
    fc.array(fc.tuple(line, fc.constantFrom('\n', '\n', '\n', '\r\n', '\r')), { maxLength: 12 }),
    fc.constantFrom<BufferEncoding>('utf8', 'utf8', 'latin1'),
  )
  .map(([lines, encoding]) => Buffer.from(lines.map((parts) => parts.join('')).join(''), encoding));

test('messages are read as Python reads them with compat32', () => {
  const messages = sample(messageBytes, 5000, 8);
  const answers = ask<{ headers: [string, string][]; body: string }>('message', messages.map(base64));
  messages.forEach((bytes, index) => {
    const { headers, body } = parseEmailMessage(bytes);
    const ours = { headers: headers.map(([name, value]) => [name, stripWhiteSpace(value)]), body };
    expect([bytes.toString('latin1'), ours]).toEqual([bytes.toString('latin1'), answers[index]]);
  });
});

test('descriptions in headers are unindented as importlib.metadata does', () => {
  const text = fc.array(fc.tuple(fc.nat(12), fc.constantFrom('a', '- b', '\tc', '')), { minLength: 1, maxLength: 6 });
  const texts = sample(text, 2000, 9).map(
    (lines) => `x\n${lines.map(([indent, rest]) => ` ${' '.repeat(indent)}${rest}`).join('\n')}`,
  );
  const answers = ask<string>(
    'unindent',
    texts.map((value) => [value]),
  );
  texts.forEach((value, index) => {
    const { description } = parseMetadata(Buffer.from(`Name: a\nVersion: 1\nDescription: ${value}\n`));
    expect([value, description]).toEqual([value, answers[index]]);
  });
});

type Raw = Record<string, string | string[] | Record<string, string>>;

test('METADATA of what is installed is read as packaging reads it', () => {
  const files = ask<string[]>('installed', [[]])[0]!.map((text) => Buffer.from(text, 'base64'));
  expect(files.length).toBeGreaterThan(3);
  const answers = ask<{ raw: Raw; unparsed: string[] }>('metadata', files.map(base64));
  files.forEach((bytes, index) => {
    const { raw, unparsed } = answers[index]!;
    const ours = parseMetadata(bytes);
    for (const [field, value] of Object.entries(raw))
      expect([ours.name, field, inOurTerms(ours, field)]).toEqual([ours.name, field, clean(field, value)]);
    const spoken = Object.entries(ours)
      .filter(([, value]) => (value ?? '').length > 0)
      .map(([field]) => snake(field));
    expect(spoken.filter((field) => !(field in raw) && !unparsed.includes(field.replaceAll('_', '-')))).toEqual([]);
  });
});

const snake = (field: string) => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** `requires_dist` of packaging is `requiresDist` here; it splits keywords and project URLs, kho leaves them as written. */
function inOurTerms(metadata: CoreMetadata, field: string): unknown {
  const value = metadata[field.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()) as keyof CoreMetadata];
  if (field === 'keywords') return (value as string).split(',').map((keyword) => keyword.trim());
  if (field !== 'project_urls') return value;
  return Object.fromEntries(
    (value as string[]).map((text) => [text.split(',')[0]!.trim(), text.slice(text.indexOf(',') + 1).trim()]),
  );
}

/** packaging keeps UNKNOWN, and the line breaks and the indent of folded headers. */
function clean(field: string, value: Raw[string]): unknown {
  if (value === '' || value === 'UNKNOWN') return undefined;
  if (Array.isArray(value)) return value.filter((text) => text !== '' && text !== 'UNKNOWN');
  if (typeof value !== 'string' || field === 'description') return value;
  const lines = value.split('\n').map((text) => text.trim());
  return ['license', 'author', 'maintainer'].includes(field)
    ? parseMetadata(Buffer.from(`Name: a\nVersion: 1\nLicense: ${value}\n`)).license
    : lines.filter((text) => text !== '').join(' ');
}
