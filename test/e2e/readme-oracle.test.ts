/** Descriptions of real packages as kho shows them, beside what PyPI makes of them. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DescriptionKind, descriptionKind } from '../../src/readme/description-kind.ts';
import { renderDescription } from '../../src/readme/render-description.ts';
import { copyTo, corpus } from '../support/corpus.ts';
import { renderAsOnPypi } from '../support/readme-oracle.ts';
import { comparable, type Outline, outlineOf } from '../support/readme-outline.ts';
import { TestSite } from '../support/site.ts';

interface Readme {
  project: string;
  kind: 'markdown' | 'rst';
  ours: Outline;
  theirs: Outline | undefined;
}

const site = new TestSite();
let readmes: Readme[];

/**
 * What differs, and why: kho makes no table of contents (pillow, …), and shows the words of images that lie beside the README
 * and are in no package (orjson, tornado).
 */
const DIFFERENT: Partial<Record<keyof Outline, string[]>> = {
  items: ['pillow'],
  text: ['orjson', 'pillow', 'tornado'],
};
/** It has a fault: PyPI shows nothing of it, kho what it can. */
const UNREADABLE = ['requests'];

beforeAll(async () => {
  await copyTo(join(site.root, 'packages'), await corpus());
  site.put('kho.toml', 'pages = false\n');
  await site.build();
  const found: { project: string; text: string; type: string | undefined; kind: DescriptionKind }[] = [];
  for (const { name } of site.json('simple/index.json').projects) {
    const { info } = site.json(`pypi/${name}/json`);
    const text: string = (info.description ?? '').replace(/\r\n?/g, '\n');
    const type: string | undefined = info.description_content_type ?? undefined;
    if (text.trim() !== '') found.push({ project: name, text, type, kind: descriptionKind(text, type) });
  }
  const rich = found.flatMap((readme) => (readme.kind === 'text' ? [] : [{ ...readme, kind: readme.kind }]));
  const answers = await renderAsOnPypi(rich.map(({ text, kind }) => [text, kind] as const));
  readmes = rich.map(({ project, text, type, kind }, place) => {
    const { html } = renderDescription(text, type, { topHeading: 3, remoteImages: true });
    const theirs = answers[place];
    return {
      ...{ project, kind, ours: comparable(outlineOf(html)) },
      theirs: theirs === undefined ? undefined : comparable(outlineOf(theirs)),
    };
  });
});

afterAll(() => site.close());

test('there are enough of both kinds', () => {
  const ofKind = (kind: string) => readmes.filter((readme) => readme.kind === kind).length;
  expect(ofKind('markdown')).toBeGreaterThan(15);
  expect(ofKind('rst')).toBeGreaterThan(50);
  expect(readmes.flatMap(({ project, theirs }) => (theirs ? [] : [project]))).toEqual(UNREADABLE);
});

test.each([
  ['headings', 500],
  ['links', 1000],
  ['items', 1000],
  ['rows', 50],
  ['code', 150],
  ['text', 100_000],
] as const)('of %s kho shows those that PyPI shows', (part, least) => {
  const compared = readmes.flatMap((readme) => (readme.theirs ? [{ ...readme, theirs: readme.theirs }] : []));
  const different = compared.filter(({ ours, theirs }) => JSON.stringify(ours[part]) !== JSON.stringify(theirs[part]));
  for (const { project, ours, theirs } of different) {
    if (!DIFFERENT[part]?.includes(project)) expect(ours[part], project).toEqual(theirs[part]);
  }
  expect(different.map(({ project }) => project)).toEqual(DIFFERENT[part] ?? []);
  expect(compared.reduce((sum, { theirs }) => sum + theirs[part].length, 0)).toBeGreaterThan(least);
});
