import type { Admission } from '../../admission/admission.ts';
import type { RepositoryRules } from '../../catalog/judge-file.ts';
import type { RepositoryConfig, UpstreamSettings } from '../../config/site-config.ts';
import type { NormalizedName } from '../../standards/name.ts';
import type { ProjectFacts } from '../files/known-facts.ts';
import type { MergedForm } from './merged-places.ts';
import type { MergeOrder } from './page-orders.ts';

/** Of which page, and by what it is judged. */
export interface OrderedMerge {
  /** Of the site. */
  root: string;
  repository: RepositoryConfig;
  project: NormalizedName;
  upstream: UpstreamSettings;
  admission: Pick<Admission, 'policyFor'>;
  facts: ProjectFacts;
  forms: readonly MergedForm[];
  atHand: 'look' | 'keep';
  /** Milliseconds since 1970. */
  nowMs: number;
}

export function mergeOrder(wanted: OrderedMerge): MergeOrder {
  const { root, repository, project, upstream, admission, facts, forms, atHand, nowMs } = wanted;
  return {
    ...{ do: 'merge', root, folder: repository.folder, project, upstream, forms, nowMs, facts },
    ...{ repository: rulesOf(repository), onlyRunnable: repository.onlyRunnable ?? false },
    atHand: repository.private ? 'none' : atHand,
    policy: admission.policyFor(upstream.name, project),
  };
}

/** Without what no other thread has to know. */
function rulesOf({ name, packages, platforms, glibc, musl }: RepositoryConfig): RepositoryRules {
  return {
    name,
    ...(packages !== undefined && { packages }),
    ...(platforms && { platforms }),
    ...(glibc && { glibc }),
    ...(musl !== undefined && { musl }),
  };
}
