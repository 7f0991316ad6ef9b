import type { ProjectCard, RepositoryMachines } from '../render/web/model.ts';
import { shardsOf } from '../render/web/shards.ts';
import { addSeen, invert, type ListPart, listPart, seenOf } from './list-part.ts';

/** So many columns a table has for each platform at most. */
const MOST_PYTHONS = 8;

/** What is kept of a repository's cards: its parts in their order, and one of those that lists leave out (quarantined). */
export interface KeptParts {
  listed: ListPart[];
  unlisted: ListPart;
}

/** What lists are made of: cards are read when a page is rendered that shows them. */
export interface RepositoryList extends KeptParts {
  cardsOf(names: readonly string[]): ProjectCard[];
}

/** What each repository of a site lists, as cards: who is there, and who needs whom. */
export class RepositoryCards {
  readonly #byRepository: Map<string, CardsOfOne>;

  /**
   * @param kept by repository, of the run before; the cards behind it are read only where something changed
   * @param cardsOf what stood on the cards of a project then, by repository
   */
  constructor(
    repositories: readonly string[],
    kept: Readonly<Record<string, KeptParts>> = {},
    cardsOf: (project: string) => Readonly<Record<string, ProjectCard>> = () => ({}),
  ) {
    const byName = new Map(repositories.map((name) => [name, Object.hasOwn(kept, name) ? kept[name] : undefined]));
    const known = new Map<string, Readonly<Record<string, ProjectCard>>>();
    const read = (project: string) => {
      const cards = known.get(project) ?? cardsOf(project);
      known.set(project, cards);
      return cards;
    };
    this.#byRepository = new Map(
      [...byName].map(([name, parts]) => [name, new CardsOfOne(name, parts, (project) => read(project)[name])]),
    );
  }

  /** One project's cards, by repository: those it has there now, and those that went. */
  change(before: Readonly<Record<string, ProjectCard>>, now: Readonly<Record<string, ProjectCard>>): void {
    for (const [repository, { name }] of Object.entries(before))
      if (!Object.hasOwn(now, repository)) this.#byRepository.get(repository)?.remove(name);
    for (const [repository, card] of Object.entries(now)) this.#byRepository.get(repository)?.add(card);
  }

  /** The same project with more said of it. */
  replace(repository: string, card: ProjectCard): void {
    this.#byRepository.get(repository)?.replace(card);
  }

  /** What the wheels of a repository are for, all together: its newest Pythons. */
  machines(repository: string): RepositoryMachines {
    return this.#byRepository.get(repository)?.machines() ?? { platforms: [], pythons: [] };
  }

  has(repository: string, name: string): boolean {
    return this.#byRepository.get(repository)?.has(name) === true;
  }

  /** Projects that need `name`: sorted. */
  dependents(repository: string, name: string): readonly string[] {
    return this.#byRepository.get(repository)?.dependents(name) ?? [];
  }

  /**
   * Projects whose pages tell of others that changed: what these needed or need now, and, where one came or went, who needs it.
   *
   * @param changes of each changed project the cards before and after
   */
  relatedTo(changes: readonly (readonly [Record<string, ProjectCard>, Record<string, ProjectCard>])[]): Set<string> {
    const related = new Set<string>();
    for (const [before, after] of changes) {
      for (const repository of new Set([...Object.keys(before), ...Object.keys(after)])) {
        const [old, now] = [before[repository], after[repository]];
        const [neededBefore, needed] = [new Set(old?.requires), new Set(now?.requires)];
        for (const name of [...neededBefore, ...needed]) {
          // What is not there has no page.
          if (neededBefore.has(name) !== needed.has(name) && this.has(repository, name)) related.add(name);
        }
        const name = (now ?? old)?.name;
        if (name !== undefined && (old === undefined) !== (now === undefined)) {
          for (const dependent of this.dependents(repository, name)) related.add(dependent);
        }
      }
    }
    return related;
  }

  /** Projects whose coverage was told for other machines than their repository has by now. */
  withOtherMachines(): string[] {
    return [...this.#byRepository.values()].flatMap((cards) => cards.withOtherMachines());
  }

  /** By repository. */
  lists(): Map<string, RepositoryList> {
    return new Map([...this.#byRepository].map(([repository, cards]) => [repository, cards.list()]));
  }
}

/** The cards of one repository: parts of which none changed since the run before, and single cards. */
class CardsOfOne {
  readonly #repository: string;
  readonly #cardBefore: (project: string) => ProjectCard | undefined;
  /** The parts that were kept, by the names in them. */
  readonly #partOf = new Map<string, ListPart>();
  /** Those of which no card changed. */
  readonly #same: Set<ListPart>;
  readonly #unlistedBefore: ListPart | undefined;
  /** All of the other parts, and those that came: undefined until somebody asks for what stood there before. */
  readonly #single = new Map<string, ProjectCard | undefined>();
  /** Both made when first asked for. */
  #dependents: Map<string, string[]> | undefined;
  #machines: RepositoryMachines | undefined;

  constructor(
    repository: string,
    kept: KeptParts | undefined,
    cardBefore: (project: string) => ProjectCard | undefined,
  ) {
    this.#repository = repository;
    this.#cardBefore = cardBefore;
    this.#unlistedBefore = kept?.unlisted;
    const parts = kept ? [...kept.listed, kept.unlisted] : [];
    this.#same = new Set(parts);
    for (const part of parts) for (const name of part.names) this.#partOf.set(name, part);
  }

  add(card: ProjectCard): void {
    this.replace(card);
    this.#dependents = undefined;
    this.#machines = undefined;
  }

  replace(card: ProjectCard): void {
    this.#open(card.name);
    this.#single.set(card.name, card);
  }

  remove(name: string): void {
    this.#open(name);
    this.#single.delete(name);
    this.#partOf.delete(name);
    this.#dependents = undefined;
    this.#machines = undefined;
  }

  has(name: string): boolean {
    return this.#partOf.has(name) || this.#single.has(name);
  }

  machines(): RepositoryMachines {
    this.#machines ??= machinesOf(addSeen([...[...this.#same].map(({ seen }) => seen), seenOf(this.#singleCards())]));
    return this.#machines;
  }

  dependents(needed: string): string[] {
    this.#dependents ??= this.#allDependents();
    return (this.#dependents.get(needed) ?? []).toSorted();
  }

  #allDependents(): Map<string, string[]> {
    const all = new Map<string, string[]>();
    const add = (needed: string, names: string[]) => {
      const others = all.get(needed);
      if (others) others.push(...names);
      else all.set(needed, names);
    };
    for (const [needed, by] of invert(this.#singleCards()))
      add(
        needed,
        by.map(({ name }) => name),
      );
    for (const { needs, names } of this.#same)
      for (const [needed, places] of needs)
        add(
          needed,
          places.map((place) => names[place] as string),
        );
    return all;
  }

  withOtherMachines(): string[] {
    const now = JSON.stringify(this.machines());
    const ofParts = [...this.#same].filter(({ machines, names }) => names.length > 0 && machines !== now);
    const single = this.#singleCards().filter(({ machines }) => machines !== now);
    return [...ofParts.flatMap(({ names }) => names), ...single.map(({ name }) => name)];
  }

  list(): RepositoryList {
    const hidden = new Set(this.#same.has(this.#unlistedBefore as ListPart) ? this.#unlistedBefore?.names : []);
    for (const { name, unlisted } of this.#singleCards()) if (unlisted) hidden.add(name);
    const names = [...new Set([...this.#partOf.keys(), ...this.#single.keys()])].sort();
    const listed = shardsOf(names.filter((name) => !hidden.has(name)).map((name) => ({ name })));
    return {
      listed: listed.map(({ key, items }) =>
        this.#part(
          key,
          items.map(({ name }) => name),
        ),
      ),
      unlisted: this.#part('', [...hidden].sort()),
      cardsOf: (of) => of.map((name) => this.#card(name)),
    };
  }

  /** The one that was kept, where it is about the same cards. */
  #part(key: string, names: readonly string[]): ListPart {
    const kept = names.length === 0 ? undefined : this.#partOf.get(names[0] as string);
    const isSame =
      kept?.key === key &&
      this.#same.has(kept) &&
      kept.names.length === names.length &&
      kept.names.every((name, at) => name === names[at]);
    const cards = () => names.map((name) => this.#card(name));
    return isSame ? kept : listPart(this.#repository, key, cards());
  }

  /** Its part counts no more: what else is in it is told by its cards. */
  #open(name: string): void {
    const part = this.#partOf.get(name);
    if (!part || !this.#same.delete(part)) return;
    for (const each of part.names) if (!this.#single.has(each)) this.#single.set(each, undefined);
  }

  #singleCards(): ProjectCard[] {
    return [...this.#single.keys()].map((name) => this.#card(name));
  }

  #card(name: string): ProjectCard {
    const known = this.#single.get(name);
    if (known) return known;
    const card = this.#cardBefore(name);
    if (!card) throw new Error(`no card of "${name}"`);
    if (this.#single.has(name)) this.#single.set(name, card);
    return card;
  }
}

function machinesOf({ platforms, exactPythons, stablePythons }: ListPart['seen']): RepositoryMachines {
  const pythons = (exactPythons.length > 0 ? exactPythons : stablePythons).toSorted(comparePythons);
  return { platforms, pythons: pythons.slice(-MOST_PYTHONS) };
}

function comparePythons(a: string, b: string): number {
  return Number.parseInt(a.slice('3.'.length), 10) - Number.parseInt(b.slice('3.'.length), 10) || (a < b ? -1 : 1);
}
