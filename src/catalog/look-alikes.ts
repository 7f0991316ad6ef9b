import type { Libc } from '../standards/platforms/binary-facts.ts';
import { parsePlatformTag } from '../standards/platforms/platform-tag.ts';
import { platformTagsOf } from '../standards/platforms/wheel-platforms.ts';

/** Two wheels of which a machine may take the one that is for the other libc. */
export interface LookAlikePair {
  glibc: string;
  musl: string;
}

interface Names {
  glibc?: string;
  musl?: string;
}

/** Gathers, for one repository, the wheels named `linux_<arch>` that are tied to one libc. */
export class LookAlikes {
  /** By architecture, and by architecture and project: the first of each libc. */
  readonly #ofAll = new Map<string, Names>();
  readonly #ofProjects = new Map<string, Names>();

  add(project: string, filename: string, libc: Libc): void {
    if (libc !== 'glibc' && libc !== 'musl') return;
    for (const tag of platformTagsOf(filename).split('.').map(parsePlatformTag)) {
      if (tag.family !== 'linux') continue;
      put(this.#ofAll, tag.architecture, libc, filename);
      put(this.#ofProjects, `${tag.architecture} ${project}`, libc, filename);
    }
  }

  /** Of one project where there are such; else any two, since what is only there for one libc is taken by the other too. */
  pairs(): LookAlikePair[] {
    const close = whole(this.#ofProjects);
    return close.length > 0 ? close : whole(this.#ofAll);
  }
}

function put(map: Map<string, Names>, key: string, libc: 'glibc' | 'musl', filename: string): void {
  const names = map.get(key) ?? {};
  const firstName = names[libc];
  if (firstName === undefined || filename < firstName) names[libc] = filename;
  map.set(key, names);
}

function whole(map: ReadonlyMap<string, Names>): LookAlikePair[] {
  const pairs = [...map.values()].flatMap(({ glibc, musl }) => (glibc && musl ? [{ glibc, musl }] : []));
  return pairs.sort((a, b) => (a.glibc < b.glibc ? -1 : 1));
}
