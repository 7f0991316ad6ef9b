import { learnWords } from './learn-words.ts';
import { loadScript } from './load-script.ts';
import { root } from './page.ts';
import { fold, type Searchable } from './search.ts';

/** A project of the site, in all repositories that list it. */
export interface Known extends Searchable {
  displayName: string;
  summary: string;
  /** In the order of the site's repositories. Not empty. */
  places: Place[];
  /** The first of them that has the newest version. */
  newest: Place;
}

export interface Place {
  repository: string;
  /** Empty when no file is offered. */
  version: string;
}

/** As it stands in the files; 0 for what is absent. */
type NameRow = [
  name: string,
  displayName: string | 0,
  summary: string | 0,
  keywords: string | 0,
  versions: [version: string | 0, ...places: number[]][],
];

declare global {
  interface Window {
    khoAll: (repositories: [name: string, platforms: string][], parts: [key: string, first: string][]) => void;
    khoNames: (rows: NameRow[]) => void;
  }
}

/** Between two looks at what came so far. */
const LOOK_AGAIN_MS = 400;

/** All projects of the site, loaded when somebody first asks for one. */
export class SiteData {
  readonly projects: Known[] = [];
  isWhole = false;
  #repositories: string[] = [];
  /** Platforms that the wheels of a repository are for, by its name: those that it has none for are left out. */
  readonly platforms = new Map<string, readonly string[]>();
  #loading: Promise<void> | undefined;

  /**
   * Resolves once all projects are there.
   *
   * @param query the part that has its name comes first
   * @param onMore called while more is to come
   */
  load(query: string, onMore: () => void): Promise<void> {
    this.#loading ??= this.#load(query, onMore);
    return this.#loading;
  }

  async #load(query: string, onMore: () => void): Promise<void> {
    let parts: readonly [key: string, first: string][] = [];
    window.khoAll = (repositories, all) => {
      parts = all;
      this.#repositories = repositories.map(([name]) => name);
      for (const [name, platforms] of repositories) this.platforms.set(name, platforms.split(' ').filter(Boolean));
    };
    window.khoNames = (rows) => {
      for (const row of rows) this.projects.push(this.#known(row));
    };
    await loadScript(`${root}project/search-all.js`);
    const wanted = fold(query).trim();
    const before = parts.filter(([, name]) => name <= wanted);
    const first = before[before.length - 1] ?? parts[0];
    const file = ([key]: readonly [string, string]) => loadScript(`${root}project/search-all-${key}.js`);
    if (first) await file(first);
    let looked = 0;
    const look = () => {
      if (performance.now() - looked < LOOK_AGAIN_MS) return;
      looked = performance.now();
      onMore();
    };
    if (parts.length > 1) look();
    await Promise.all(parts.filter((part) => part !== first).map((part) => file(part).then(look)));
    this.isWhole = true;
    learnWords(this.projects);
  }

  #known([name, displayName, summary, keywords, versions]: NameRow): Known {
    const places = versions.flatMap(([version, ...at]) => at.map((place) => ({ place, version: version || '' })));
    const [newest] = places as [Place & { place: number }];
    return {
      name,
      newest: { repository: this.#repositories[newest.place] ?? '.', version: newest.version },
      displayName: displayName || name,
      summary: summary || '',
      foldedName: name,
      joinedName: name.replaceAll('-', ''),
      foldedText: fold(`${keywords || ''} ${summary || ''}`),
      places: places
        .sort((a, b) => a.place - b.place)
        .map(({ place, version }) => ({ repository: this.#repositories[place] ?? '.', version })),
    };
  }
}
