import { expect, test } from 'vitest';
import { seededRandom } from '../../test/support/seeded-random.ts';
import type { PlatformSummary } from '../catalog/platform-summary.ts';
import type { ProjectCard } from '../render/web/model.ts';
import { addListSums, listPart } from './list-part.ts';
import { type KeptParts, RepositoryCards } from './repository-cards.ts';

type Cards = Record<string, ProjectCard>;

const REPOSITORIES = ['glibc', 'musl'];
const DAY_MS = 86_400_000;

/** Some 800 projects at first, so that each repository has several parts. */
class RandomSite {
  readonly projects = new Map<string, Cards>();
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
    for (let count = 0; count < 900; count++) this.#put(this.#name());
  }

  /** What a run does: some come, some change, some go. @returns names of those */
  step(): string[] {
    const names = [...this.projects.keys()];
    return Array.from({ length: 1 + Math.floor(this.#random() * 4) }, () => {
      const name = this.#random() < 0.5 ? this.#one(names) : this.#name();
      if (this.#random() < 0.3) this.projects.delete(name);
      else this.#put(name);
      return name;
    });
  }

  #name(): string {
    return `p${Math.floor(this.#random() * 2000)}`;
  }

  #one<T>(list: readonly T[]): T {
    return list[Math.floor(this.#random() * list.length)] as T;
  }

  #put(name: string): void {
    const cards = REPOSITORIES.filter(() => this.#random() < 0.9).map((repository) => [repository, this.#card(name)]);
    this.projects.set(name, Object.fromEntries(cards));
  }

  #card(name: string): ProjectCard {
    const random = this.#random;
    const version = `1.${Math.floor(random() * 3)}`;
    const recent = [Math.floor(random() * 800), Math.floor(random() * 800)].sort((a, b) => b - a);
    return {
      ...{ name, displayName: name.toUpperCase(), keywords: [], platforms: [this.#one(['any', 'sdist', 'musl'])] },
      ...(random() < 0.9 && { latest: version, coverage: random() < 0.5 ? [this.#summary()] : undefined }),
      ...{ bytes: Math.floor(random() * 50), files: 2, changedMs: (recent[0] ?? 0) * DAY_MS },
      ...(random() < 0.02 && { unlisted: true as const }),
      requires: [`p${Math.floor(random() * 50)}`, 'constructor'],
      recent: recent.map((day, at) => ({ version: `${version}.${at}`, publishedMs: day * DAY_MS, files: 1 })),
      seen: {
        platforms: random() < 0.02 ? ['glibc-ppc64le'] : ['glibc-x86_64'],
        pythons: random() < 0.5 ? ['3.11'] : [],
      },
      stablePythons: ['3.8'],
    } as ProjectCard;
  }

  #summary(): PlatformSummary {
    return {
      platform: this.#one(['glibc-x86_64', 'musl-x86_64']),
      state: this.#one(['wheel', 'sdist', 'missing']),
      pythons: this.#random() < 0.7 ? ['3.11'] : [],
      lacking: this.#random() < 0.5 ? ['3.12'] : [],
      glibcFloor: this.#one(['2.17', '2.28', '2.34']),
    };
  }
}

/** As they come from the disk. */
const throughJson = <T>(value: T): T => JSON.parse(JSON.stringify(value));

/** Of a run that made all cards. */
function ofAll(projects: ReadonlyMap<string, Cards>): RepositoryCards {
  const cards = new RepositoryCards(REPOSITORIES);
  for (const each of projects.values()) cards.change({}, each);
  return cards;
}

/** What a run knows before pages are made. */
const known = (cards: RepositoryCards) =>
  REPOSITORIES.map((repository) => [
    cards.machines(repository),
    Array.from({ length: 60 }, (_, at) => [cards.has(repository, `p${at}`), cards.dependents(repository, `p${at}`)]),
    cards.dependents(repository, 'constructor'),
  ]);

/** The second round of a run: each card says which machines it was told for. */
function tellMachines(cards: RepositoryCards, projects: ReadonlyMap<string, Cards>, names: Iterable<string>): void {
  for (const name of names) {
    for (const [repository, card] of Object.entries(projects.get(name) ?? {})) {
      card.machines = JSON.stringify(cards.machines(repository));
      cards.replace(repository, card);
    }
  }
}

const partsOf = (cards: RepositoryCards): Record<string, KeptParts> =>
  Object.fromEntries([...cards.lists()].map(([name, { listed, unlisted }]) => [name, { listed, unlisted }]));

test.each([1, 2])('RepositoryCards knows after any changes what a run knows that reads all cards: %i', (seed) => {
  const site = new RandomSite(seed);
  const first = ofAll(site.projects);
  tellMachines(first, site.projects, first.withOtherMachines());
  let kept = throughJson(partsOf(first));
  let before = throughJson([...site.projects]);
  let read = 0;
  for (let step = 0; step < 5; step++) {
    const names = new Set(site.step());
    const old = new Map(before);
    const cards = new RepositoryCards(REPOSITORIES, kept, (name) => {
      read++;
      return old.get(name) as Cards;
    });
    for (const name of names) cards.change(old.get(name) ?? {}, site.projects.get(name) ?? {});
    const all = ofAll(site.projects);
    expect(known(cards)).toEqual(known(all));
    const others = cards.withOtherMachines();
    expect(new Set([...others, ...names])).toEqual(new Set([...all.withOtherMachines(), ...names]));
    tellMachines(cards, site.projects, [...others, ...names]);
    const parts = partsOf(cards);
    expect(throughJson(parts)).toEqual(throughJson(partsOf(ofAll(site.projects))));
    kept = throughJson(parts);
    before = throughJson([...site.projects]);
  }
  expect(read).toBeGreaterThan(0);
});

test('RepositoryCards reads no card of a part in which nothing changed', () => {
  const { projects } = new RandomSite(4);
  const kept = partsOf(ofAll(projects));
  const [{ names }] = (kept['glibc'] as KeptParts).listed as [KeptParts['unlisted']];
  const read: string[] = [];
  const cards = new RepositoryCards(['glibc'], kept, (name) => {
    read.push(name);
    return projects.get(name) as Cards;
  });
  const changed = projects.get(names[0] as string) as Cards;
  cards.change(changed, { glibc: { ...(changed['glibc'] as ProjectCard), bytes: 1 } });
  expect(cards.lists().get('glibc')?.listed.slice(1)).toEqual(kept['glibc']?.listed.slice(1));
  expect(kept['glibc']?.listed.length).toBeGreaterThan(1);
  expect(new Set(read)).toEqual(new Set(names.slice(1)));
});

test.each([5, 7])('addListSums() of all parts is what is told of all cards at once: %i', (seed) => {
  const { projects } = new RandomSite(seed);
  const lists = ofAll(projects).lists();
  expect([...lists.values()].flatMap(({ listed }) => listed).length).toBeGreaterThan(2);
  for (const [repository, { listed, cardsOf }] of lists) {
    const cards = listed.flatMap(({ names }) => cardsOf(names));
    expect(addListSums(listed.map(({ sums }) => sums))).toEqual(listPart(repository, '1', cards).sums);
  }
});
