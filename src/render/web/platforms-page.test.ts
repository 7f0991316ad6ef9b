import { expect, test } from 'vitest';
import type { PlatformSummary } from '../../catalog/platform-summary.ts';
import { glibcNeeds } from './glibc-needs.ts';
import type { ProjectCard, SiteContext } from './model.ts';
import { coveredAs, ofPlatformsPage, platformsPage, platformsPageCount } from './platforms-page.ts';

const SITE: SiteContext = {
  ...{
    title: 'Packages',
    language: 'en',
    style: 's.css',
    script: 's.js',
    theme: 't.js',
    icon: 'i.svg',
    remoteImages: false,
  },
  ...{ texts: { en: 'en.js', vi: 'vi.js' }, repositories: ['glibc'] },
};

function card(name: string, summary: Partial<PlatformSummary>): ProjectCard {
  const coverage = [{ platform: 'glibc-x86_64', state: 'wheel' as const, pythons: ['3.11'], lacking: [], ...summary }];
  return {
    ...{ name, displayName: name, latest: '1.0', keywords: [], platforms: [], bytes: 1, files: 1, changedMs: 0 },
    ...{ requires: [], recent: [], seen: { platforms: [], pythons: [] }, stablePythons: [], coverage },
  };
}

const textOf = (cards: readonly ProjectCard[], number = 1) =>
  platformsPage(SITE, 'glibc', {
    ...{ projects: ofPlatformsPage(cards, cards.map(coveredAs), number), number, pages: 2, everywhere: 0 },
    ...{ glibc: glibcNeeds(cards), machines: { platforms: ['glibc-x86_64'], pythons: ['3.11'] } },
  })
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');

test('platformsPage() tells which glibc runs all of it, who needs that, and which systems have it', () => {
  const text = textOf([card('old', { glibcFloor: '2.17' }), card('new', { glibcFloor: '2.34' })]);
  expect(text).toContain('2.17 – 2.34 2.34 because of new Debian 12 and later Ubuntu 21.10 and later');
  expect(textOf([card('pure', {})])).not.toContain('Needs glibc');
});

test('platformsPage() names Pythons without a wheel in few words', () => {
  const text = textOf([card('foo', { lacking: ['3.9', '3.10', '3.11', '3.13'] })]);
  expect(text).toContain('not for 3.9–3.11, 3.13');
});

test('platformsPage() shows many projects on several pages, those that lack something first', () => {
  const whole = Array.from({ length: 500 }, (_, place) => card(`foo-${place}`, {}));
  const cards = [...whole, card('lacks', { lacking: ['3.9'] })];
  expect(platformsPageCount(0)).toBe(1);
  expect(platformsPageCount(500)).toBe(1);
  expect(platformsPageCount(501)).toBe(2);
  expect(textOf(cards)).toContain('foo-498');
  expect(textOf(cards)).toMatch(/lacks .* foo-0 /);
  expect(textOf(cards)).not.toContain('foo-499');
  expect(textOf(cards, 2)).toContain('foo-499');
  expect(textOf(cards, 2)).not.toContain('lacks');
});
