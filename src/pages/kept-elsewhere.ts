/** What of other indexes is kept here, as far as pages for people tell of it. Others may write there: names are believed only where they are some. */
import { join } from 'node:path';
import type { RepositoryConfig, SiteConfig } from '../config/site-config.ts';
import { look } from '../io/open-file.ts';
import { closeFolders } from '../io/reach.ts';
import { keptFiles, keptProjects } from '../kept-upstream/kept-packages.ts';
import { keptProjectFolder, packageOf, upstreamFolder } from '../kept-upstream/kept-places.ts';
import { FormatError } from '../problems.ts';
import type { KeptProject } from '../render/web/model.ts';
import { type NormalizedName, normalizeName } from '../standards/name.ts';
import { compareVersions } from '../standards/version.ts';
import { versionOfFile } from '../standards/version-of-file.ts';
import { believed } from './believed.ts';

export class KeptElsewhere {
  readonly #root: string;
  /** By upstream: names of projects, in order. */
  readonly #names = new Map<string, ReadonlySet<NormalizedName>>();
  readonly #known = new Map<string, KeptProject | undefined>();

  constructor({ root, upstreams }: SiteConfig) {
    this.#root = root;
    if (upstreams.size === 0) return;
    closeFolders(upstreamFolder(root));
    for (const upstream of upstreams.keys())
      this.#names.set(upstream, new Set(believed(() => keptProjects(root, upstream).filter(isName))));
  }

  /** Projects of which something may be kept, sorted. */
  names(upstream: string): readonly NormalizedName[] {
    return [...(this.#names.get(upstream) ?? [])];
  }

  /** Undefined where nothing is. */
  of(upstream: string, project: NormalizedName): KeptProject | undefined {
    const key = `${upstream}/${project}`;
    if (!this.#known.has(key)) this.#known.set(key, this.#lookAt(upstream, project));
    return this.#known.get(key);
  }

  #lookAt(upstream: string, project: NormalizedName): KeptProject | undefined {
    if (!this.#names.get(upstream)?.has(project)) return undefined;
    const place = { upstream, project };
    const versions = new Set<string>();
    let bytes = 0;
    for (const filename of believed(() => keptFiles(this.#root, place)) ?? []) {
      bytes += believed(() => look(join(keptProjectFolder(this.#root, place), filename))?.size) ?? 0;
      const version = packageOf(filename) === filename ? versionOfFile(filename, project) : undefined;
      if (version !== undefined) versions.add(version);
    }
    if (versions.size === 0) return undefined;
    return { upstream, name: project, versions: [...versions].sort((a, b) => compareVersions(b, a)), bytes };
  }
}

/**
 * Whether pages of a repository may tell what is kept of an upstream: where a private one passes it on too, what its machines asked for would
 * stand on a page for everybody.
 */
export function mayTellKept(upstream: string, repository: RepositoryConfig, { repositories }: SiteConfig): boolean {
  const passesOn = (each: RepositoryConfig) => each.upstreams?.includes(upstream) === true;
  return (
    passesOn(repository) &&
    (repository.private === true || !repositories.some((each) => each.private && passesOn(each)))
  );
}

function isName(text: string): boolean {
  try {
    return normalizeName(text) === text;
  } catch (error) {
    if (error instanceof FormatError) return false;
    throw error;
  }
}
