import { join } from 'node:path';
import { onlyPrivateUser, privateNames, visibleFrom } from '../config/private-repositories.ts';
import type { SiteConfig } from '../config/site-config.ts';
import { inPlaceTarget, type Target } from '../publish/target.ts';
import type { SiteShape } from './route.ts';

/** Where the published files of a site are. Made anew when its configuration changes. */
export class ServedSite implements SiteShape {
  readonly config: SiteConfig;
  readonly repositories: ReadonlySet<string>;
  readonly upstreams: ReadonlySet<string>;
  readonly privateRepositories: ReadonlySet<string>;
  readonly privateUserOf = (upstream: string) => onlyPrivateUser(upstream, this.config);
  readonly #target: Target;

  constructor(config: SiteConfig) {
    this.config = config;
    this.repositories = new Set(config.repositories.map(({ name }) => name));
    this.upstreams = new Set(config.upstreams.keys());
    this.privateRepositories = new Set(privateNames(config));
    this.#target = inPlaceTarget(config);
  }

  /** Those that answers about this one may speak of. */
  otherRepositories(repository: string): string[] {
    return [...visibleFrom(repository, this.config)].filter((name) => name !== repository);
  }

  /** Of a repository's pages; absolute and real. For `.` the site's own, repository or not. */
  folderOf(repository: string): string {
    return this.#target.folderOf(repository);
  }

  /** Absolute and real. */
  packagesOf(repository: string): string {
    return this.#target.packagesOf(repository);
  }

  /** @param path from the repository's folder, with `/` */
  pagePath(repository: string, path: string): string {
    return join(this.folderOf(repository), path);
  }
}
