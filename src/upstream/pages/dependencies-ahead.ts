import { Lanes } from '../../jobs/lanes.ts';
import { FormatError } from '../../problems.ts';
import { parseMetadata } from '../../standards/metadata.ts';
import type { NormalizedName } from '../../standards/name.ts';
import { parseRequirement } from '../../standards/requirement.ts';
import type { ReadMetadata } from '../files/read-metadata.ts';
import type { MergedForm } from './merged-places.ts';

/** Pages that are asked for at once before anybody wants them; half of what one upstream may be asked at a time is left for who waits. */
const MOST_AT_ONCE = 4;
/** And so many may wait for that. */
const MOST_WAITING = 64;
/** Of one file, names and files: whoever writes a wheel decides what is asked for. */
const MOST_OF_ONE = 32;

/** A client that asked for the page of a project so long ago does not go on from there any more. In milliseconds. */
const GOES_ON_MS = 120_000;
/** Projects of which it is known when their pages were asked for. */
const MOST_KNOWN = 5_000;

interface AskedPage {
  repository: string;
  form: MergedForm;
  /** Milliseconds since 1970. */
  askedMs: number;
  /** Files of it that were read, and when: many machines ask for the same. */
  readFrom: Map<string, number>;
}

type BringPage = (page: Pick<AskedPage, 'repository' | 'form'>, project: NormalizedName) => Promise<unknown>;

/**
 * What a client will ask for next: an installer reads what a package needs, and then asks for the page of each, one after the other. Where
 * it has just asked for a page and for a file of it, pages of what that file always needs are brought meanwhile. What only some machines
 * need, or what belongs to an extra, is not asked for ahead: nobody may ever want it.
 */
export class DependenciesAhead {
  readonly #bring: BringPage;
  readonly #now: () => number;
  readonly #lanes = new Lanes(MOST_AT_ONCE);
  /** By project and repository. The one asked for longest ago comes first. */
  readonly #asked = new Map<string, AskedPage>();
  #isClosed = false;

  /** @param bring has a page brought, as if a client asked for it */
  constructor(bring: BringPage, now: () => number) {
    this.#bring = bring;
    this.#now = now;
  }

  /** A client asked for that page. */
  asked(repository: string, project: NormalizedName, form: MergedForm): void {
    const key = `${project} ${repository}`;
    const readFrom = this.#asked.get(key)?.readFrom ?? new Map();
    this.#asked.delete(key);
    this.#asked.set(key, { repository, form, askedMs: this.#now(), readFrom });
    if (this.#asked.size > MOST_KNOWN) this.#asked.delete(this.#asked.keys().next().value as string);
  }

  /** @param repositories in which its upstream is reached */
  read(repositories: readonly string[], { at: { project }, filename, metadata }: ReadMetadata): void {
    const nowMs = this.#now();
    const going = repositories.flatMap((repository) => {
      const asked = this.#asked.get(`${project} ${repository}`);
      if (asked === undefined || nowMs - asked.askedMs > GOES_ON_MS) return [];
      const isRead = nowMs - (asked.readFrom.get(filename) ?? Number.NEGATIVE_INFINITY) <= GOES_ON_MS;
      if (asked.readFrom.size >= MOST_OF_ONE) asked.readFrom.clear();
      if (!isRead) asked.readFrom.set(filename, nowMs);
      return isRead ? [] : [asked];
    });
    if (going.length === 0) return;
    const names = alwaysNeeded(metadata);
    for (const asked of going) for (const name of names) this.#bringSoon(asked, name);
  }

  close(): void {
    this.#isClosed = true;
  }

  #bringSoon(asked: AskedPage, project: NormalizedName): void {
    if (this.#lanes.waiting >= MOST_WAITING || this.#isClosed) return;
    // Who asks for it is told what is wrong with it.
    this.#lanes.run(async () => (this.#isClosed ? undefined : this.#bring(asked, project))).catch(() => {});
  }
}

/** Names of projects without which nobody can use it. */
export function alwaysNeeded(metadata: Uint8Array): NormalizedName[] {
  try {
    const needed = parseMetadata(metadata).requiresDist.flatMap((text) => {
      const { name, marker, url } = parseRequirement(text);
      return marker === undefined && url === undefined ? [name] : [];
    });
    return [...new Set(needed)].slice(0, MOST_OF_ONE);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return [];
  }
}
