/**
 * What comes from outside is read, and shown, in time that grows with its length: everything that kho reads is grown 16-fold, in
 * each way that patterns and lists are known to trip over, and may take 96 times as long: with the square it were 256 times.
 */
import { describe, expect, test } from 'vitest';
import { loadSettings } from '../../src/config/load-settings.ts';
import { NoIndexPage } from '../../src/fetch/index-page-faults.ts';
import { readIndexPage } from '../../src/fetch/read-index-page.ts';
import { checkProvenance, readYankReason } from '../../src/inspect/side-files.ts';
import { normalizeName } from '../../src/standards/name.ts';
import { checkWheelFile, withTags } from '../../src/standards/wheel-file.ts';
import { changeRecord } from '../../src/standards/wheel-record.ts';
import { LARGER, MOST_TIMES, measureGrowth } from '../support/growth.ts';
import {
  type Grown,
  LOCK_KINDS,
  METADATA_KINDS,
  README_KINDS,
  repeated,
  TEXT_KINDS,
  TOML_KINDS,
} from '../support/growth-kinds.ts';
import { readLock, readRequirements, renderReadme, showDetails, showMetadata } from '../support/growth-readers.ts';

/** Of the smaller input, in bytes. */
const BYTES = 16 * 1024;

async function grow(kind: Grown, read: (text: string) => unknown, bytes = BYTES): Promise<void> {
  const { times, smallMs, largeMs } = await measureGrowth(bytes, kind, read);
  expect(times, `${smallMs} ms, and ${largeMs} ms for ${LARGER} times as much`).toBeLessThanOrEqual(MOST_TIMES);
}

const table = (kinds: Record<string, Grown>) => Object.entries(kinds);
const bytes = (text: string) => Buffer.from(text);

describe('METADATA is read and shown', () => {
  test.each(table(METADATA_KINDS))('full of %s', (_what, kind) => grow(kind, showMetadata));
});

describe('WHEEL is read, changed and shown', () => {
  const read = (text: string) => {
    withTags(bytes(text), ['py3-none-any']);
    try {
      checkWheelFile(bytes(text));
    } catch {
      // It says odd versions.
    }
    return showDetails({ wheelText: text });
  };
  test.each(
    table({
      ...TEXT_KINDS,
      tags: repeated((n) => `Tag: py3-none-a${n}\n`),
      'lines of a tag': repeated(() => ' a\n', 'Tag: a\n'),
      'tags and blanks': repeated(() => ' ', 'Tag:', '\n'),
      versions: repeated(() => '1.', 'Wheel-Version: ', 'x\n'),
    }),
  )('full of %s', (_what, kind) => grow(kind, read));
});

describe('RECORD is changed and shown', () => {
  const read = (text: string) => {
    changeRecord(bytes(text), new Map([['a/b', bytes('c')]]));
    return showDetails({ recordText: text });
  };
  test.each(
    table({
      ...TEXT_KINDS,
      lines: repeated((n) => `a/${n}.py,sha256=${'x'.repeat(43)},${n}\n`),
      'quoted names': repeated((n) => `"a""${n}",,\n`),
      'names that end nowhere': repeated((n) => `"a${n},,\n`),
      'doubled quotes': repeated(() => '""'),
    }),
  )('full of %s', (_what, kind) => grow(kind, read));
});

describe('entry_points.txt is shown', () => {
  const read = (text: string) => showDetails({ entryPointsText: text });
  test.each(table({ ...TEXT_KINDS, entries: repeated((n) => `a${n} = b:c\n`, '[console_scripts]\n') }))(
    'full of %s',
    (_what, kind) => grow(kind, read),
  );
});

describe('side-files are read', () => {
  const yanked = (text: string) => {
    try {
      return readYankReason(bytes(text));
    } catch {
      return undefined; // longer than such a reason may be
    }
  };
  const provenance = (text: string) => {
    try {
      return checkProvenance(bytes(text));
    } catch {
      return undefined;
    }
  };
  const bundle = (statement: string) =>
    `{"publisher":{"kind":"a"},"attestations":[{"version":1,"verification_material":{"certificate":"aaaa","transparency_entries":[{}]},"envelope":{"statement":"${statement}","signature":"aaaa"}}]}`;
  const [before, after] = ['{"version":1,"attestation_bundles":[', `${bundle('aaaa')}]}`];
  test.each(table(TEXT_KINDS))('FILE.yanked full of %s', (_what, kind) => grow(kind, yanked, 255));
  test.each(
    table({
      ...TEXT_KINDS,
      bundles: repeated(() => `${bundle('aaaa')},`, before, after),
      base64: repeated(() => 'aaaa', `${before}${bundle('').split('""')[0]}"`, '"'),
      'lists in lists': repeated(() => '[', '{"version":1,"attestation_bundles":'),
      keys: repeated((n) => `"a${n}":1,`, '{', '"version":1}'),
    }),
  )('FILE.provenance full of %s', (_what, kind) => grow(kind, provenance));
});

describe('kho.toml is read', () => {
  const read = (text: string) => loadSettings(bytes(text));
  test.each(
    table({
      ...TOML_KINDS,
      repositories: repeated((n) => `[repositories.r${n}]\nplatforms = ["glibc"]\n`),
      'unknown keys': repeated((n) => `titel${n} = "a"\n`),
      projects: repeated((n) => `[repositories.a.projects.p${n}]\nstatus = "archived"\n`),
      includes: repeated((n) => `"r${n}",`, '[repositories.a]\ninclude = [', ']\n'),
      platforms: repeated((n) => `"p${n}",`, '[repositories.a]\nplatforms = [', ']\n'),
    }),
  )('full of %s', (_what, kind) => grow(kind, read, 8 * 1024 - 512));
});

describe.each(['pylock.toml', 'uv.lock', 'poetry.lock', 'pdm.lock', 'Pipfile.lock'])('%s is read', (name) => {
  const read = (text: string) => readLock(name, text);
  test.each(table({ ...LOCK_KINDS[name] }))('full of %s', (_what, kind) => grow(kind, read));
});

describe('a requirements file is read, and what it needs is looked for', () => {
  test.each(
    table({
      ...TEXT_KINDS,
      requirements: repeated((n) => `a${n}>=1,<2\n`),
      'requirements of one project': repeated((n) => `a>=0.${n}\n`),
      'versions of one requirement': repeated((n) => `!=0.${n},`, 'a>=0'),
      extras: repeated((n) => `e${n},`, 'a[', 'e]\n'),
      'blanks in extras': repeated(() => ' ', 'a[b', 'c]\n'),
      markers: repeated(() => ' and os_name == "nt"', 'a; os_name == "nt"'),
      hashes: repeated((n) => ` --hash=sha256:${String(n).padStart(64, '0')}`, 'a==1'),
      'lines that go on': repeated(() => 'a\\\n'),
      backslashes: repeated(() => '\\', 'a', 'b\\\n'),
      'blanks before a comment': repeated(() => ' ', 'a', 'b'),
      comments: repeated(() => '#'),
      variables: repeated(() => '$' + '{A}'),
      quotes: repeated(() => `"'`, 'a --hash='),
      archives: repeated(() => '.whl['),
      options: repeated(() => ' --a', 'a'),
      'names for pip': repeated((n) => `a${n},`, '--only-binary '),
    }),
  )('full of %s', (_what, kind) => grow(kind, readRequirements));
});

describe('a page of another index is read', () => {
  const url = new URL('https://index.example/simple/a/');
  const read = (text: string, type: string) => {
    try {
      return readIndexPage(Buffer.from(text), type, url, normalizeName('a'));
    } catch (error) {
      if (!(error instanceof NoIndexPage)) throw error;
      return undefined;
    }
  };
  const html = (text: string) => read(text, 'text/html');
  const json = (text: string) => read(text, 'application/json');
  const before = '{"meta":{"api-version":"1.0"},"name":"a","files":[';
  const saysSo = '<meta name="pypi:repository-version" content="1.0">';
  test.each(
    table({
      ...TEXT_KINDS,
      links: repeated(
        (n) => `<a href="a-1.${n}-py3-none-any.whl#sha256=${'a'.repeat(64)}" data-requires-python=">=3">a</a>`,
      ),
      'sdists of many dashes': repeated((n) => `<a href="a${'-1'.repeat(100)}.${n}.tar.gz">`),
      'nested elements': repeated(() => '<div>'),
      'nested links': repeated(() => '<a>'),
      'nested formatting': repeated(() => '<b><p>'),
      'nested tables': repeated(() => '<table>'),
      attributes: repeated((n) => `a${n}="" `, '<a '),
      'attributes of a name': repeated(() => `href="b" `, '<a '),
      'a long address': repeated(() => '/a#', '<a href="', '">'),
      'blanks in a tag': repeated(() => ' ', '<a href'),
      comments: repeated(() => '<!--'),
      'comments at its end': repeated(() => '<!-- -->\n', `${saysSo}</html>`),
      'ends of comments': repeated(() => '-->', saysSo),
      'starts of tags': repeated(() => '</a', saysSo),
      scripts: repeated(() => '<script>'),
      bases: repeated(() => '<base href="http://[">'),
      'character references': repeated(() => '&amp', '<a href="', '">'),
      'odd character references': repeated(() => '&#x', '<a href="', '">'),
    }),
  )('in HTML, full of %s', (_what, kind) => grow(kind, html));
  test.each(
    table({
      ...TEXT_KINDS,
      files: repeated(
        (n) =>
          `{"filename":"a-1.${n}-py3-none-any.whl","url":"a","hashes":{"sha256":"${'a'.repeat(64)}"},"requires-python":">=3"},`,
        before,
        '{}]}',
      ),
      'one address': repeated(() => '/', `${before}{"filename":"a-1-py3-none-any.whl","url":"`, '"}]}'),
      'hashes of a file': repeated(
        (n) => `"h${n}":"a",`,
        `${before}{"filename":"a-1-py3-none-any.whl","url":"a","hashes":{`,
        '"md5":"a"}}]}',
      ),
      'lists in lists': repeated(() => '['),
    }),
  )('in JSON, full of %s', (_what, kind) => grow(kind, json));
});

describe.each(['text/markdown', 'text/x-rst', 'text/plain'])('a README is rendered: %s', (type) => {
  test.each(table({ ...TEXT_KINDS, ...README_KINDS }))('full of %s', (_what, kind) =>
    grow(kind, (text) => renderReadme(type, text)),
  );
});
