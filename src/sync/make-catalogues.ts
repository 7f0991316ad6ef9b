import { hash } from 'node:crypto';
import { join } from 'node:path';
import { sitePath } from '../catalog/resolve-listing.ts';
import type { SiteConfig } from '../config/site-config.ts';
import { catalogProject } from '../index/project-job.ts';
import type { PackageReader } from '../inspect/package-reader.ts';
import { look, readFile } from '../io/open-file.ts';
import type { Manifest } from '../publish/manifest.ts';
import type { Target } from '../publish/target.ts';
import { fingerprint } from '../render/fingerprint.ts';
import type { NormalizedName } from '../standards/name.ts';
import { TEXT_LIMITS } from '../standards/text-limits.ts';
import { cataloguePath } from '../sync-format/catalogue.ts';
import { linesOfProject } from './project-lines.ts';
import type { SyncState } from './sync-state.ts';

export interface CatalogueSources {
  config: SiteConfig;
  target: Target;
  /** Of the indexes as they stand. */
  manifest: Manifest;
  packages: PackageReader;
  /** Of the catalogues before, made under the same settings. */
  before: SyncState | undefined;
}

export interface MadeCatalogues {
  /** By repository. */
  texts: Map<string, string>;
  /** See `SyncState`. */
  projects: Map<string, string>;
  /** Of so many projects lines were made. */
  made: number;
}

/** The catalogues of these repositories. Lines of a project are made where the manifest says something else of it; all others are taken over. */
export async function makeCatalogues(
  repositories: readonly string[],
  sources: CatalogueSources,
): Promise<MadeCatalogues> {
  const { config, target, manifest, packages, before } = sources;
  const known = new Map(repositories.map((name) => [name, linesBefore(target, name, before)]));
  const isKnown = [...known.values()].every((lines) => lines !== undefined);
  const parts = new Map<string, string[]>(repositories.map((name) => [name, []]));
  const result: MadeCatalogues = { texts: new Map(), projects: new Map(), made: 0 };
  for (const name of [...manifest.projects.names()].sort()) {
    const source = fingerprint(manifest.projects.line(name));
    result.projects.set(name, source);
    if (isKnown && before?.projects.get(name) === source) {
      for (const [repository, lines] of known) parts.get(repository)?.push(lines?.get(name) ?? '');
      continue;
    }
    const files = manifest.projects.get(name)?.files ?? [];
    const { projects } = catalogProject(name as NormalizedName, files, config);
    const records = new Map(files.map((file) => [sitePath(file), file]));
    result.made++;
    for (const [repository, ofRepository] of parts) {
      const project = projects.get(repository);
      if (project) ofRepository.push(await linesOfProject(project, repository, { target, packages, records }));
    }
  }
  for (const [repository, ofRepository] of parts) result.texts.set(repository, ofRepository.join(''));
  return result;
}

/** By project, out of the catalogue that was published; undefined where that is not there as it was. */
function linesBefore(
  target: Target,
  repository: string,
  before: SyncState | undefined,
): Map<string, string> | undefined {
  const sha256 = before?.repositories[repository]?.catalogue;
  const text = sha256 === undefined ? undefined : readCatalogueText(target, repository, sha256);
  if (text === undefined) return undefined;
  const lines = new Map<string, string>();
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start) + 1 || text.length;
    const line = text.slice(start, end);
    const name = /^\{"project":"([a-z0-9-]+)",/.exec(line)?.[1];
    if (name === undefined) return undefined;
    lines.set(name, (lines.get(name) ?? '') + line);
    start = end;
  }
  return lines;
}

/** Undefined where it is not there, or is not what its name says. */
export function readCatalogueText(target: Target, repository: string, sha256: string): string | undefined {
  const path = join(target.folderOf(repository), cataloguePath(sha256));
  const stats = look(path);
  if (!stats?.isFile() || stats.size > TEXT_LIMITS.catalogueBytes) return undefined;
  const bytes = readFile(path);
  return hash('sha256', bytes, 'hex') === sha256 ? bytes.toString('utf8') : undefined;
}
