import type { SiteConfig } from '../config/site-config.ts';
import type { GuardedSource } from '../fetch/ask-only.ts';
import type { AnyCandidate } from '../fetch/ours-or-theirs.ts';
import type { UpstreamCandidate } from '../fetch/read-index-page.ts';
import type { NameBook } from '../names/name-book.ts';
import { originKey, readOrigins } from '../names/origins.ts';
import type { PackageSource } from '../needs/package-source.ts';
import type { SiteCandidate } from '../needs/site-source.ts';

/**
 * Where what is ordered comes from: the site's own names from here, and nobody else is asked; shared ones from both, the site's own files
 * first; all others from there, whatever copies of them are here already.
 */
export function mirrorSource(
  { root }: Pick<SiteConfig, 'root'>,
  ours: PackageSource<SiteCandidate>,
  theirs: GuardedSource,
  names: NameBook,
): PackageSource<AnyCandidate> {
  const { origins } = readOrigins(root);
  const isOwn = ({ filename, file: { sha256 } }: SiteCandidate) => !origins.has(originKey({ filename, sha256 }));
  return {
    async candidates(name) {
      const there: readonly UpstreamCandidate[] = await theirs.candidates(name);
      const { is } = names.originOf(name);
      if (is === 'upstream') return there;
      const here = (await ours.candidates(name)).filter((file) => is === 'own' || isOwn(file));
      const taken = new Set(here.map(({ filename }) => filename));
      return [...here, ...there.filter(({ filename }) => !taken.has(filename))];
    },
    held: (name) => ours.held?.(name) ?? [],
    metadata: (file) => (file.origin === 'here' ? ours.metadata(file) : theirs.metadata(file)),
  };
}
