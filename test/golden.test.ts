/**
 * Pages, descriptions and what is kept, as they were under the versions that stand in the code (RENDER_VERSION, README_VERSION, FORMAT):
 * whoever changes bytes has to raise the version, or sites would keep stale pages in silence.
 *
 * After raising it: `KHO_WRITE_GOLDEN=1 npx vitest run test/golden.test.ts`.
 */
import { hash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readKeptLines } from '../src/io/kept-lines.ts';
import { README_VERSION } from '../src/readme/readme-version.ts';
import { renderDescription } from '../src/readme/render-description.ts';
import { RENDER_VERSION } from '../src/render/page.ts';
import { TestSite } from './support/site.ts';

const GOLDEN = join(import.meta.dirname, 'golden.json');

/** What is to stay the same under one version. */
interface Golden {
  version: number;
  /** Where the version is raised. */
  raisedIn: string;
  /** Of pages and descriptions their hashes, of what is kept the names of its fields. */
  parts: { [name: string]: string };
}

const MARKDOWN =
  '# Title\n\nSome *words*, a [link](https://example.org), :rocket:[^1] and `code`.\n\n[^1]: A note.\n\n```python\nx = 1\n```\n';
const RST =
  'Title\n=====\n\nSome *words*, a `link <https://example.org>`_ and ``code``.\n\n.. code-block:: python\n\n   x = 1\n';

let site: TestSite;
const found: { [what: string]: Golden } = {};
beforeAll(async () => {
  site = new TestSite();
  site.put(
    'kho.toml',
    'url = "https://host/packages"\nprecompress = false\n\n[upload]\nenabled = true\n\n[repositories.musl]\ninclude = ["common"]\n',
  );
  const markdown = {
    metadata: ['Description-Content-Type: text/markdown', 'Requires-Dist: bar'],
    description: MARKDOWN,
  };
  site.wheel('common', { name: 'Foo', version: '1.0', ...markdown });
  const wheel = site.wheel('common', {
    name: 'foo',
    version: '2.0',
    metadata: ['Summary: Does things', 'Author: A. Person'],
  });
  site.put(`${wheel}.yanked`, 'broken');
  const rst = { metadata: ['Description-Content-Type: text/x-rst'], description: RST };
  site.sdist('common', { name: 'bar', version: '1.0', ...rst });
  site.put('musl/packages/baz-1.0-py3-none-any.whl', 'no wheel at all');
  await site.build();
  found['pages'] = {
    version: RENDER_VERSION,
    raisedIn: 'RENDER_VERSION in src/render/page.ts',
    parts: hashesOf(pages()),
  };
  found['descriptions'] = {
    version: README_VERSION,
    raisedIn: 'README_VERSION in src/readme/readme-version.ts',
    parts: hashesOf(descriptions()),
  };
  found['manifest'] = kept('FORMAT in src/publish/manifest.ts', 'manifest');
  found['pages manifest'] = kept('FORMAT in src/pages/pages-manifest.ts', 'pages', 'pages-projects');
});
afterAll(() => site.close());

/** Style and script have names that tell their content, and pages that show them are made anew by that. */
const withoutNames = (text: string) =>
  text.replaceAll(/\b(kho|theme|icon|texts-[a-z-]+)\.[\w-]{10}\.(css|js|svg)/g, '$1.$2');

function pages(): [name: string, text: string][] {
  const paths = Object.keys(site.snapshot()).filter((path) => /(?:\.html|json|\.xml|SHA256SUMS)$/.test(path));
  return paths.map((path) => [path, withoutNames(site.read(path)).replace(/<div class="readme".*?<\/section>/s, '')]);
}

function descriptions(): [name: string, text: string][] {
  const options = { topHeading: 3, remoteImages: true };
  const render = (text: string, type: string) => JSON.stringify(renderDescription(text, type, options));
  return [
    ['markdown', render(MARKDOWN, 'text/markdown')],
    ['rst', render(RST, 'text/x-rst')],
    ['plain', render(MARKDOWN, 'text/plain')],
  ];
}

function hashesOf(texts: [name: string, text: string][]): Golden['parts'] {
  return Object.fromEntries(texts.map(([name, text]) => [name, hash('sha256', text, 'base64url').slice(0, 12)]));
}

/** @param names in .kho; the first begins with a header that says the format */
function kept(raisedIn: string, ...names: string[]): Golden {
  const lines = names.flatMap((name) => readKeptLines(join(site.root, '.kho', name)).lines);
  const fields = new Set<string>();
  for (const line of lines) for (const part of line.split('\t')) addFields(parsed(part), '', fields);
  return { version: JSON.parse(lines[0] ?? '{}').format, raisedIn, parts: { fields: [...fields].sort().join(' ') } };
}

/** Names stand before what is told of them. */
function parsed(part: string): unknown {
  try {
    return JSON.parse(part.replace(/^[^[{]*/, ''));
  } catch {
    return undefined;
  }
}

/** Names of fields; what is an element of a list, or a name that is data, has none. */
function addFields(value: unknown, above: string, into: Set<string>): void {
  if (Array.isArray(value)) for (const each of value) addFields(each, `${above}[]`, into);
  else if (value instanceof Object)
    for (const [name, each] of Object.entries(value))
      addFields(each, `${above}.${/^\w+$/.test(name) ? name : '*'}`, into);
  else into.add(above);
}

/** A field that is new, and may be missing, changes nothing of what older ones mean. */
function withoutNewFields({ parts, ...now }: Golden, before: Golden | undefined): Golden {
  const [fields, old] = [parts['fields']?.split(' '), before?.parts['fields']?.split(' ')];
  if (!fields || !old || now.version !== before?.version) return { ...now, parts };
  return { ...now, parts: { fields: fields.filter((field) => old.includes(field)).join(' ') } };
}

const known = (): { [what: string]: Golden } => JSON.parse(readFileSync(GOLDEN, 'utf8'));

test.each(['pages', 'descriptions', 'manifest', 'pages manifest'])('%s are the same under the same version', (what) => {
  const [now, before] = [withoutNewFields(found[what] as Golden, known()[what]), known()[what]];
  const isRaised = before === undefined || now.version > before.version;
  if (process.env['KHO_WRITE_GOLDEN'] && isRaised) {
    writeFileSync(GOLDEN, `${JSON.stringify({ ...known(), [what]: now }, null, 2)}\n`);
    return;
  }
  expect(
    now.parts,
    `${what} changed: raise ${now.raisedIn}, then write golden.json anew (see the top of this test)`,
  ).toEqual(before?.parts);
  expect(now.version, `${now.raisedIn} was raised: write golden.json anew (see the top of this test)`).toBe(
    before?.version,
  );
});
