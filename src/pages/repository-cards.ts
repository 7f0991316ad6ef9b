import type { ProjectCard } from '../render/web/model.ts';

/** What each repository of a site lists, as cards: who is there, and who needs whom. */
export class RepositoryCards {
  readonly #byRepository: Map<string, Map<string, ProjectCard>>;
  /** By repository, then by the normalized name of what is needed. Made when first asked for. */
  #dependents: Map<string, Map<string, string[]>> | undefined;

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
        const needed = new Set([...(old?.requires ?? []), ...(now?.requires ?? [])]);
        for (const name of needed) {
          if (old?.requires.includes(name) !== now?.requires.includes(name)) related.add(name);
        }
        const name = (now ?? old)?.name;
        if (name !== undefined && (old === undefined) !== (now === undefined)) {
          for (const dependent of this.dependents(repository, name)) related.add(dependent);
        }
      }
    }
    return related;
  }

  /** By repository, each sorted by name. */
  sorted(): Map<string, ProjectCard[]> {
    const byName = (a: ProjectCard, b: ProjectCard) => (a.name < b.name ? -1 : 1);
    return new Map([...this.#byRepository].map(([key, cards]) => [key, [...cards.values()].sort(byName)]));
  }
}

function invert(cards: ReadonlyMap<string, ProjectCard>): Map<string, string[]> {
  const dependents = new Map<string, string[]>();
  for (const { name, requires } of [...cards.values()].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    for (const needed of requires) {
      if (needed === name) continue; // its own extras
      const known = dependents.get(needed);
      if (known) known.push(name);
      else dependents.set(needed, [name]);
    }
  }
  return dependents;
}
