/** Which file is taken where there is a repository of ours and another index. Ours always win. */
import { usableCandidates } from '../catalog/choose-candidate.ts';
import type { PackageSource } from '../needs/package-source.ts';
import type { Choose } from '../needs/resolve-needs.ts';
import type { SiteCandidate } from '../needs/site-source.ts';
import type { MachineFit } from '../standards/platforms/machine-fit.ts';
import type { UpstreamCandidate } from './read-index-page.ts';

export type AnyCandidate = SiteCandidate | UpstreamCandidate;

/** Both together; ours first. */
export function bothSources(
  ours: PackageSource<SiteCandidate>,
  theirs: PackageSource<UpstreamCandidate>,
): PackageSource<AnyCandidate> {
  return {
    candidates: async (name) => [...(await ours.candidates(name)), ...(await theirs.candidates(name))],
    held: (name) => ours.held?.(name) ?? [],
    metadata: (file) => (file.origin === 'here' ? ours.metadata(file) : theirs.metadata(file)),
  };
}

/**
 * The version that pip would take from ours; where ours has only an sdist of it, their wheel of that version. What ours does not
 * have at all comes from theirs: the highest version with a wheel, since what is fetched shall run at once.
 */
export function oursOrTheirs(
  fit: MachineFit,
  ours: PackageSource<SiteCandidate>,
  theirs: PackageSource<UpstreamCandidate>,
): Choose<AnyCandidate> {
  return async (name, limits, options) => {
    const [own] = usableCandidates(name, await ours.candidates(name), limits, fit, options);
    if (own?.wheel) return own;
    const wanted = own ? { ...limits, specifiers: [...limits.specifiers, `==${own.version}`] } : limits;
    const all = usableCandidates(name, await theirs.candidates(name), wanted, fit, { ...options, preferBinary: true });
    const [their] = own ? all.filter(({ wheel }) => wheel !== undefined) : all;
    return their ?? own;
  };
}
