import { expect, test } from 'vitest';
import { changesPage, newestChanges } from './changes-page.ts';
import type { ProjectCard, SiteContext } from './model.ts';

/** @param times of its releases, newest first: versions are numbered from the oldest */
function card(name: string, times: number[], more: Partial<ProjectCard> = {}): ProjectCard {
  return {
    ...{ name, displayName: name, keywords: [], platforms: [], bytes: 1, files: 1, changedMs: 0, requires: [] },
    ...{ seen: { platforms: [], pythons: [] }, stablePythons: [] },
    recent: times.map((publishedMs, place) => ({ version: String(times.length - place), publishedMs, files: 1 })),
    ...more,
  };
}

test('changesPage() marks what is yanked, and says why instead of what it is', () => {
  const recent = [{ version: '1', publishedMs: 1, files: 1, yanked: 'Leaks <secrets>' }];
  const changes = newestChanges('glibc', [card('a', [], { recent, summary: 'Does things' })], 9);
  const site: SiteContext = {
    ...{
      title: 'T',
      language: 'en',
      style: 's.css',
      script: 's.js',
      theme: 't.js',
      icon: 'i.svg',
      remoteImages: false,
    },
    ...{ texts: { en: 'en.js', vi: 'vi.js' }, repositories: ['glibc'] },
  };
  const page = changesPage(site, 'glibc', changes);
  expect(page).toMatch(/<span class="tag is-bad">.*Yanked.*<span class="about">Leaks &lt;secrets&gt;<\/span>/);
  expect(page).not.toContain('Does things');
});

const told = (cards: ProjectCard[], limit: number) =>
  newestChanges('glibc', cards, limit).map(({ name, version }) => `${name} ${version}`);

test.each<[string, ProjectCard[], number, string[]]>([
  ['newest first', [card('a', [1]), card('b', [3]), card('c', [2])], 9, ['b 1', 'c 1', 'a 1']],
  [
    'at one time by name and version',
    [card('b', [1]), card('a', [1, 1]), card('a-b', [1])],
    9,
    ['a 1', 'a 2', 'a-b 1', 'b 1'],
  ],
  ['no more than the limit', [card('a', [1]), card('b', [3]), card('c', [2])], 2, ['b 1', 'c 1']],
  ['several of one project', [card('a', [9, 8, 7]), card('b', [5]), card('c', [6])], 3, ['a 3', 'a 2', 'a 1']],
  ['by name where more than the limit are as new', [card('c', [1]), card('b', [1]), card('a', [1])], 2, ['a 1', 'b 1']],
  ['what is older than 1970', [card('a', [-5]), card('b', [-9])], 9, ['a 1', 'b 1']],
  ['nothing of quarantined projects', [card('a', [1]), card('b', [2], { unlisted: true })], 1, ['a 1']],
  ['nothing', [], 5, []],
])('newestChanges() tells %s', (_what, cards, limit, expected) => {
  expect(told(cards, limit)).toEqual(expected);
});
