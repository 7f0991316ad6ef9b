import { expect, test } from 'vitest';
import { PagePlace } from './layout.ts';
import type { ProjectCard } from './model.ts';
import { dayText, pictureSums, picturesOf, placeInYear, WEEKS } from './pictures.ts';
import { picturesSection } from './pictures-section.ts';
import { Words } from './words.ts';

const MACHINES = { platforms: ['glibc-x86_64'], pythons: ['3.11'] };

const day = (text: string) => Date.parse(text) / 86_400_000;

function card(name: string, more: Partial<ProjectCard> = {}): ProjectCard {
  const recent = [{ version: '1.0', publishedMs: Date.parse('2026-11-22T23:59:59Z'), files: 1 }];
  return { name, displayName: name, latest: '1.0', bytes: 100, recent, ...more } as ProjectCard;
}

const summary = { platform: 'glibc-x86_64', pythons: ['3.11'], lacking: [] as string[], state: 'wheel' as const };

test('picturesOf() counts what a platform has of which projects', () => {
  const cards = [
    card('pure'),
    card('whole', { coverage: [summary] }),
    card('partly', { coverage: [{ ...summary, lacking: ['3.12'] }] }),
    card('source', { coverage: [{ ...summary, pythons: [], state: 'sdist' }] }),
    card('nothing', { coverage: [{ ...summary, pythons: [], state: 'missing' }] }),
  ];
  expect(picturesOf(pictureSums(cards), MACHINES).machines).toEqual([
    { platform: 'glibc-x86_64', runs: 2, partly: 1, source: 1, nothing: 1 },
  ]);
  expect(picturesOf(pictureSums([card('pure')]), MACHINES).machines).toEqual([]);
});

test('picturesOf() names the largest projects, by name where two are as large, and adds up the others', () => {
  const cards = Array.from({ length: 11 }, (_, place) =>
    card(`foo-${place}`, { bytes: place < 2 ? 500 : 100 - place }),
  );
  const { largest, others } = picturesOf(pictureSums(cards.toReversed()), MACHINES).room;
  expect(largest.slice(0, 3).map(({ name }) => name)).toEqual(['foo-0', 'foo-1', 'foo-2']);
  expect(largest).toHaveLength(8);
  expect(others).toEqual({ projects: 3, bytes: 92 + 91 + 90 });
});

test('picturesOf() ends the year with what came last, and asks no clock', () => {
  const of = (...days: string[]) =>
    picturesOf(
      pictureSums(
        days.map((text) =>
          card('a', { recent: [{ version: '1', publishedMs: Date.parse(`${text}T12:00:00Z`), files: 1 }] }),
        ),
      ),
      MACHINES,
    ).year;
  expect(of('2020-02-29', '2020-02-29', '2019-03-01', '2018-01-01')).toEqual({
    lastDay: day('2020-02-29'),
    days: [
      { day: day('2019-03-01'), releases: 1 },
      { day: day('2020-02-29'), releases: 2 },
    ],
  });
  expect(of('2020-02-29', '2020-02-29')).toBeUndefined();
  expect(of()).toBeUndefined();
});

test.each([
  ['2026-11-22', '2026-11-22', { week: WEEKS - 1, weekday: 6 }],
  ['2026-11-16', '2026-11-22', { week: WEEKS - 1, weekday: 0 }],
  ['2026-11-15', '2026-11-22', { week: WEEKS - 2, weekday: 6 }],
  ['2025-11-23', '2026-11-22', { week: 1, weekday: 6 }],
  ['2025-11-01', '2026-11-22', undefined],
])('placeInYear() of %s in a year to %s', (of, last, expected) => {
  expect(placeInYear(day(of), day(last))).toEqual(expected);
  expect(dayText(day(of))).toBe(of);
});

test('picturesSection() says in words what it draws, and takes no name for a drawing', () => {
  const cards = [
    card('<script>', { name: 'a', bytes: 2000, displayName: '"><script>alert(1)</script>', coverage: [summary] }),
    card('b', { recent: [{ version: '1', publishedMs: Date.parse('2026-01-01'), files: 1 }] }),
  ];
  const { text } = picturesSection(
    picturesOf(pictureSums(cards), MACHINES),
    new PagePlace('musl', 'index.html'),
    new Words('en'),
  );
  expect(text).not.toContain('<script');
  expect(text).not.toContain('style=');
  expect(text.match(/<svg/g)?.length).toBe(text.match(/<svg[^>]* aria-hidden="true"/g)?.length);
  const said = text
    .replace(/<svg.*?<\/svg>/gs, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');
  expect(said).toContain('glibc-x86_64 2 of 2');
  expect(said).toContain('2.0 kB');
  expect(said).toContain('2 releases from 2025-11-10 to 2026-11-22. The most on one day: 1, on 2026-11-22.');
});
