import { isUndecided } from '../names/judge-name.ts';
import type { NameBook } from '../names/name-book.ts';
import type { PackageSource } from '../needs/package-source.ts';
import type { NormalizedName } from '../standards/name.ts';
import type { UpstreamCandidate } from './read-index-page.ts';

/** Another index, which is never asked for names that are the site's own. */
export interface GuardedSource extends PackageSource<UpstreamCandidate> {
  /** Those that it was not asked for, though nobody has decided yet whose they are. Sorted. */
  undecided(): NormalizedName[];
}

export function askOnly(source: PackageSource<UpstreamCandidate>, names: NameBook): GuardedSource {
  const undecided = new Set<NormalizedName>();
  return {
    async candidates(name) {
      const origin = names.originOf(name);
      if (origin.is !== 'own') return source.candidates(name);
      if (isUndecided(origin)) undecided.add(name);
      return [];
    },
    metadata: (file) => source.metadata(file),
    undecided: () => [...undecided].sort(),
  };
}
