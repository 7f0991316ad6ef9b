/** Descriptions of real packages as kho shows them, beside what PyPI makes of them. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { descriptionKind } from '../../src/readme/description-kind.ts';
import { renderDescription } from '../../src/readme/render-description.ts';
import { copyTo, corpus } from '../support/corpus.ts';
import { type PypiRendering, renderAsOnPypi } from '../support/readme-oracle.ts';
import { comparable, type Outline, outlineOf } from '../support/readme-outline.ts';
import { TestSite } from '../support/site.ts';

interface Readme {
  /** `name version` */
  project: string;
  kind: 'markdown' | 'rst';
  /** PyPI shows nothing of those that are not; docutils goes on after the fault, and so does kho. */
  isFaultless: boolean;
  ours: Outline;
  theirs: Outline;
}

const site = new TestSite();
let readmes: Readme[];

/** What differs, and is meant to. */
const DIFFERENT: Partial<Record<string, [reason: string, ...(keyof Outline)[]]>> = {
  'orjson 3.10.18': ['images that lie beside the README are in no package: their words are shown', 'text'],
  'tornado 6.6a1': ['the same', 'text'],
  'backports-ssl-match-hostname 3.5.0.1': ['a link that leads nowhere: its words are shown', 'items', 'text'],
  'flask 0.1': ['code that is not indented: kho shows it as code', 'code', 'items', 'links', 'text'],
  'jinja2 2.0rc1': ['code that ends in its midst: kho goes on', 'code'],
  'shapely 1.0a7': ['the same', 'code'],
  'zc-buildout 1.0.0b31': ['the same', 'code'],
  'zope-interface 3.5.0': ['the same', 'code'],
};

beforeAll(async () => {
  // In a repository kho publishes the description of the latest version: so there is one repository for each file of a project.
  const repositories = new Map<string, number>();
  for (const file of await corpus()) {
    const place = repositories.get(file.project) ?? 0;
    repositories.set(file.project, place + 1);
    await copyTo(join(site.root, `files-${place}`, 'packages'), [file]);
  }
  site.put('kho.toml', 'pages = false\n');
  await site.build();
  const rich: { project: string; text: string; type: string | undefined; kind: 'markdown' | 'rst' }[] = [];
  const seen = new Set<string>();
  for (let place = 0; place < Math.max(...repositories.values()); place++) {
    for (const { name } of site.json(`files-${place}/simple/index.json`).projects) {
      const { info } = site.json(`files-${place}/pypi/${name}/json`);
      const text: string = (info.description ?? '').replace(/\r\n?/g, '\n');
      const type: string | undefined = info.description_content_type ?? undefined;
      const kind = descriptionKind(text, type);
      if (kind !== 'text' && text.trim() !== '' && !seen.has(text))
        rich.push({ project: `${name} ${info.version}`, text, type, kind });
      seen.add(text);
    }
  }
  const answers = await renderAsOnPypi(rich.map(({ text, kind }) => [text, kind] as const));
  readmes = rich.map(({ project, text, type, kind }, place) => {
    const { html } = renderDescription(text, type, { topHeading: 3, remoteImages: true });
    const [theirs, isFaultless] = answers[place] as PypiRendering;
    return { project, kind, isFaultless, ours: comparable(outlineOf(html)), theirs: comparable(outlineOf(theirs)) };
  });
});

afterAll(() => site.close());

test('there are enough of all kinds', () => {
  const count = (kind: string, isFaultless: boolean) =>
    readmes.filter((readme) => readme.kind === kind && readme.isFaultless === isFaultless).length;
  expect(count('markdown', true)).toBeGreaterThan(20);
  expect(count('rst', true)).toBeGreaterThan(120);
  expect(count('rst', false)).toBeGreaterThan(8);
});

test.each([
  ['headings', 1000],
  ['links', 1000],
  ['items', 1500],
  ['rows', 50],
  ['code', 500],
  ['text', 200_000],
] as const)('of %s kho shows those that PyPI shows', (part, least) => {
  const found = readmes.filter(({ ours, theirs }) => JSON.stringify(ours[part]) !== JSON.stringify(theirs[part]));
  const isMeant = ({ project }: Readme) => DIFFERENT[project]?.slice(1).includes(part);
  for (const readme of found) {
    if (!isMeant(readme)) expect(readme.ours[part], readme.project).toEqual(readme.theirs[part]);
  }
  const meant = Object.keys(DIFFERENT).filter((project) => DIFFERENT[project]?.slice(1).includes(part));
  expect(found.map(({ project }) => project).sort()).toEqual(meant.sort());
  expect(readmes.reduce((sum, { theirs }) => sum + theirs[part].length, 0)).toBeGreaterThan(least);
});
