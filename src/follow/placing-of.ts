import type { RepositoryConfig, SiteConfig } from '../config/site-config.ts';
import type { Doer } from '../housekeeping/housekeeping.ts';
import { fromRoot } from '../publish/target.ts';
import type { PullRun } from './pull-run.ts';

/** Where what was brought goes to, and who puts it there. */
export interface PullPlace {
  config: SiteConfig;
  repository: RepositoryConfig;
  /** Of packages, from the site's root. */
  packages: string;
  doer: Doer;
}

export function placingOf({ config, order: { into }, doer }: PullRun): PullPlace {
  return { config, doer, repository: into, packages: fromRoot(into.name, 'packages') };
}
