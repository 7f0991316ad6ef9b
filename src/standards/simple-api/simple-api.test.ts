import fc from 'fast-check';
import { type DefaultTreeAdapterTypes, type ParserError, parse } from 'parse5';
import { expect, test } from 'vitest';
import { anyText } from '../../../test/support/any-text.ts';
import { renderProjectDetailHtml, renderProjectListHtml } from './html.ts';
import { parseProjectDetail, serializeProjectDetail, serializeProjectList } from './json.ts';
import { PROJECT_STATUSES, type ProjectDetail, type ProjectFile } from './types.ts';

const SHA256 = '0123456789abcdef'.repeat(4);

const FILE: ProjectFile = {
  filename: 'foo-1.0+cpu-py3-none-any.whl',
  url: '../../packages/foo-1.0%2Bcpu-py3-none-any.whl',
  hashes: { sha256: SHA256 },
  'requires-python': '>=3.8,<4',
  'core-metadata': { sha256: SHA256 },
  'gpg-sig': true,
  yanked: 'said "no" & <b>never</b>',
  size: 42,
  'upload-time': '2026-11-22T10:00:00Z',
  provenance: 'https://example.vn/packages/foo-1.0%2Bcpu-py3-none-any.whl.provenance',
};

const DETAIL: ProjectDetail = {
  meta: { 'api-version': '1.4' },
  name: 'foo',
  'project-status': { status: 'archived', reason: 'moved to <bar>' },
  versions: ['1.0+cpu'],
  files: [FILE],
};

test('renderProjectDetailHtml() writes all that HTML has words for', () => {
  expect(renderProjectDetailHtml(DETAIL)).toBe(`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="pypi:repository-version" content="1.4">
<meta name="pypi:project-status" content="archived">
<meta name="pypi:project-status-reason" content="moved to &lt;bar&gt;">
<title>Links for foo</title>
</head>
<body>
<h1>Links for foo</h1>
<a href="../../packages/foo-1.0%2Bcpu-py3-none-any.whl#sha256=${SHA256}" data-requires-python="&gt;=3.8,&lt;4" data-core-metadata="sha256=${SHA256}" data-gpg-sig="true" data-yanked="said &quot;no&quot; &amp; &lt;b&gt;never&lt;/b&gt;" data-provenance="https://example.vn/packages/foo-1.0%2Bcpu-py3-none-any.whl.provenance">foo-1.0+cpu-py3-none-any.whl</a><br>
</body>
</html>
`);
});

test('renderProjectListHtml() links every project', () => {
  const list = { meta: { 'api-version': '1.4' }, projects: [{ name: 'bar' }, { name: 'foo-baz' }] };
  const html = renderProjectListHtml(list);
  expect(html).toContain('<meta name="pypi:repository-version" content="1.4">');
  expect(html).toContain('<a href="bar/">bar</a><br>\n<a href="foo-baz/">foo-baz</a><br>\n');
  expect(strictly(html).links.map(({ text }) => text)).toEqual(['bar', 'foo-baz']);
  expect(JSON.parse(serializeProjectList(list))).toEqual(list);
});

test('serializeProjectDetail() writes the data as it is', () => {
  expect(serializeProjectDetail(DETAIL)).toBe(`${JSON.stringify(DETAIL)}\n`);
});

/** Any UTF-16, well-formed or not, rich in what could break out of an attribute. */
const hostileText = fc.oneof(
  fc.constantFrom(
    '',
    '"',
    "'>",
    '</a><script>',
    '&quot;',
    '&amp;lt;',
    '&#0;',
    '\n',
    '\r\n',
    '\0',
    '\u0080',
    '\ufeff',
    '\ud800',
    '\ufffe',
  ),
  anyText(),
  fc.string({
    unit: fc.constantFrom(
      '"',
      "'",
      '<',
      '>',
      '&',
      ';',
      '\n',
      '\r',
      '\t',
      '\0',
      '\x1b',
      ' ',
      '=',
      '`',
      '\x9f',
      '\udc00',
      '\u2028',
    ),
  }),
);
/** As `fc.webPath()`, which makes a table of all of Unicode first. */
const path = fc.array(anyText()).map((names) => names.map((name) => `/${encodeURIComponent(name)}`).join(''));

const sha256 = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 64, maxLength: 64 });
const file: fc.Arbitrary<ProjectFile> = fc
  .record(
    {
      filename: hostileText.filter((text) => !/[\0-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]/.test(text)),
      url: path.map((text) => `..${text}`),
      hashes: fc.record({ sha256 }),
      'requires-python': hostileText,
      'core-metadata': fc.record({ sha256 }),
      'gpg-sig': fc.boolean(),
      yanked: fc.oneof(
        fc.constant<true>(true),
        hostileText.filter((text) => text !== ''),
      ),
      size: fc.nat(),
      'upload-time': fc.constant('2026-11-22T10:00:00Z'),
      provenance: path.map((text) => `https://example.vn:8443${text}`),
    },
    { requiredKeys: ['filename', 'url', 'hashes', 'size', 'upload-time'] },
  )
  .map((made) => made as ProjectFile);
const detail: fc.Arbitrary<ProjectDetail> = fc.record({
  meta: fc.constant({ 'api-version': '1.4' }),
  name: fc.constantFrom('foo', 'foo-bar'),
  versions: fc.constant(['1.0']),
  files: fc.array(file, { maxLength: 3 }),
  'project-status': fc.record({ status: fc.constantFrom(...PROJECT_STATUSES), reason: hostileText }),
});

test('renderProjectDetailHtml() is strict HTML5 and says the same as serializeProjectDetail()', () => {
  fc.assert(
    fc.property(detail, (page) => {
      const json = JSON.parse(Buffer.from(serializeProjectDetail(page)).toString()) as ProjectDetail;
      const { errors, metas, links } = strictly(Buffer.from(renderProjectDetailHtml(page)).toString());
      expect(errors).toEqual([]);
      expect(metas).toMatchObject({
        'pypi:repository-version': json.meta['api-version'],
        'pypi:project-status': json['project-status']?.status,
        'pypi:project-status-reason': json['project-status']?.reason,
      });
      expect(links).toEqual(json.files.map(inHtmlTerms));
    }),
    { numRuns: 400, seed: 503 },
  );
});

function inHtmlTerms(entry: ProjectFile) {
  return {
    text: entry.filename,
    attributes: {
      href: `${entry.url}#sha256=${entry.hashes.sha256}`,
      ...(entry['requires-python'] !== undefined && { 'data-requires-python': entry['requires-python'] }),
      ...(entry['core-metadata'] && { 'data-core-metadata': `sha256=${entry['core-metadata'].sha256}` }),
      ...(entry['gpg-sig'] !== undefined && { 'data-gpg-sig': String(entry['gpg-sig']) }),
      ...(entry.yanked !== undefined && { 'data-yanked': entry.yanked === true ? '' : entry.yanked }),
      ...(entry.provenance !== undefined && { 'data-provenance': entry.provenance }),
    },
  };
}

/** What a browser sees, and all that the HTML5 parser finds fault with. */
function strictly(html: string) {
  const errors: string[] = [];
  const metas: Record<string, string> = {};
  const links: { text: string; attributes: Record<string, string> }[] = [];
  const visit = (node: DefaultTreeAdapterTypes.Node): void => {
    if ('attrs' in node) {
      const attributes = Object.fromEntries(node.attrs.map(({ name, value }) => [name, value]));
      const text = node.childNodes.map((child) => ('value' in child ? child.value : `<${child.nodeName}>`)).join('');
      if (node.tagName === 'a') links.push({ text, attributes });
      if (node.tagName === 'meta' && attributes['name']) metas[attributes['name']] = attributes['content'] ?? '';
    }
    if ('childNodes' in node) node.childNodes.forEach(visit);
  };
  visit(parse(html, { onParseError: ({ code }: ParserError) => void errors.push(code) }));
  return { errors, metas, links };
}

test('parseProjectDetail() recalls the files of a page', () => {
  const expected = { filename: FILE.filename, hashes: FILE.hashes, 'upload-time': FILE['upload-time'] };
  expect(parseProjectDetail(serializeProjectDetail(DETAIL))).toEqual({ name: 'foo', files: [expected] });
});

test('parseProjectDetail() leaves out files that lack what it needs', () => {
  const page = {
    meta: { 'api-version': '1.9', more: 1 },
    name: 'foo',
    files: [null, 1, {}, { ...FILE, hashes: {} }, { ...FILE, 'upload-time': null }, { ...FILE, filename: [] }, FILE],
  };
  expect(parseProjectDetail(JSON.stringify(page)).files).toHaveLength(1);
});

test.each([
  ['', 'it is not JSON'],
  ['<!DOCTYPE html>', 'it is not JSON'],
  ['null', 'its api-version is not 1.x'],
  ['{"meta":{"api-version":"2.0"},"name":"foo","files":[]}', 'its api-version is not 1.x'],
  ['{"meta":{"api-version":"1.0"},"name":"foo"}', 'it has no name or no files'],
  ['{"meta":{"api-version":"1.0"},"projects":[]}', 'it has no name or no files'],
])('parseProjectDetail() refuses %j: %s', (text, why) => {
  expect(() => parseProjectDetail(text)).toThrow(expect.objectContaining({ code: 'bad-metadata' }));
  expect(() => parseProjectDetail(text)).toThrow(why);
});
