import type { ProjectCard, RepositoryMachines } from '../render/web/model.ts';

/** So many columns a table has for each platform at most. */
const MOST_PYTHONS = 8;

/** What each repository of a site lists, as cards: who is there, and who needs whom. */
export class RepositoryCards {
  readonly #byRepository: Map<string, Map<string, ProjectCard>>;
  /** By repository, then by the normalized name of what is needed. Made when first asked for. */
  #dependents: Map<string, Map<string, string[]>> | undefined;
  readonly #machines = new Map<string, RepositoryMachines>();

  constructor(repositories: readonly string[]) {
    this.#byRepository = new Map(repositories.map((name) => [name, new Map()]));
  }

  /** One project's cards, by repository. */
  add(cards: Readonly<Record<string, ProjectCard>>): void {
    for (const repository in cards) {
      const card = cards[repository] as ProjectCard;
      this.#byRepository.get(repository)?.set(card.name, card);
    }
    this.#dependents = undefined;
    this.#machines.clear();
  }

  /** The same project with more said of it. */
  replace(repository: string, card: ProjectCard): void {
    this.#byRepository.get(repository)?.set(card.name, card);
  }

  /** What the wheels of a repository are for, all together: its newest Pythons. */
  machines(repository: string): RepositoryMachines {
    let machines = this.#machines.get(repository);
    if (!machines) {
      const cards = [...(this.#byRepository.get(repository)?.values() ?? [])];
      const seen = cards.map((card) => card.seen);
      const exact = seen.flatMap((one) => one.pythons);
      const named = exact.length > 0 ? exact : cards.flatMap(({ stablePythons }) => stablePythons);
      const pythons = [...new Set(named)].sort(comparePythons);
      machines = {
        platforms: [...new Set(seen.flatMap((one) => one.platforms))].sort(),
        pythons: pythons.slice(-MOST_PYTHONS),
      };
      this.#machines.set(repository, machines);
    }
    return machines;
  }

  has(repository: string, name: string): boolean {
    return this.#byRepository.get(repository)?.has(name) === true;
  }

  /** Projects that need `name`: sorted. */
  dependents(repository: string, name: string): readonly string[] {
    this.#dependents ??= new Map([...this.#byRepository].map(([key, cards]) => [key, invert(cards)]));
    return this.#dependents.get(repository)?.get(name) ?? [];
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
    return [...this.#byRepository].flatMap(([repository, cards]) => {
      const now = JSON.stringify(this.machines(repository));
      return [...cards.values()].filter(({ machines }) => machines !== now).map(({ name }) => name);
    });
  }

  /** By repository, each sorted by name. */
  sorted(): Map<string, ProjectCard[]> {
    const byName = (a: ProjectCard, b: ProjectCard) => (a.name < b.name ? -1 : 1);
    return new Map([...this.#byRepository].map(([key, cards]) => [key, [...cards.values()].sort(byName)]));
  }
}

function comparePythons(a: string, b: string): number {
  return Number.parseInt(a.slice('3.'.length), 10) - Number.parseInt(b.slice('3.'.length), 10) || (a < b ? -1 : 1);
}

function invert(cards: ReadonlyMap<string, ProjectCard>): Map<string, string[]> {
  const dependents = new Map<string, string[]>();
  for (const { name, requires } of [...cards.values()].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    for (const needed of requires) {
      if (needed === name) continue; // its own extras
      const names = dependents.get(needed);
      if (names) names.push(name);
      else dependents.set(needed, [name]);
    }
  }
  return dependents;
}
