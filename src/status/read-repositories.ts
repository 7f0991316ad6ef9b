import { sitePath } from '../catalog/resolve-listing.ts';
import type { SiteConfig } from '../config/site-config.ts';
import { settingsText } from '../index/compare.ts';
import { scanSite } from '../index/scan-site.ts';
import { readManifest } from '../publish/manifest.ts';
import { fileState, mayBeSameState } from '../scan/file-state.ts';

export interface RepositoryStatus {
  name: string;
  /** As its pages list them, with those that it includes. */
  projects: number;
  files: number;
  /** Files of its own that are held back. */
  held: number;
}

/** What differs from what was published. */
export interface WaitingFiles {
  /** So many files are new, changed or gone. */
  files: number;
  /** When the first of those that are there came, or changed; milliseconds since 1970. */
  sinceMs?: number;
  /** kho.toml says something else by now. */
  hasOtherSettings: boolean;
}

/** By what the last build remembers, and a look at what lies in the folders: no package is opened. @throws {KhoError} READ */
export function readRepositories(
  config: SiteConfig,
  now: number,
): { repositories: RepositoryStatus[]; waiting: WaitingFiles } {
  const manifest = readManifest(config.root);
  const counts = new Map(
    config.repositories.map(({ name }): [string, RepositoryStatus] => [name, { name, projects: 0, files: 0, held: 0 }]),
  );
  const states = new Map<string, string>();
  for (const name of manifest?.projects.names() ?? []) {
    const record = manifest?.projects.get(name);
    for (const [repository, { files }] of Object.entries(record?.shown ?? {})) {
      const count = counts.get(repository);
      if (count === undefined) continue;
      count.projects++;
      count.files += files.length;
    }
    for (const file of record?.files ?? []) {
      const count = counts.get(file.repository);
      if (count && file.problem) count.held++;
      states.set(sitePath(file), file.unseen ? '' : file.state);
    }
  }
  const waiting: WaitingFiles = {
    files: 0,
    hasOtherSettings: manifest !== undefined && manifest.settings !== settingsText(config),
  };
  const since: number[] = [];
  for (const files of scanSite(config, manifest?.strays ?? {}).projects.values()) {
    for (const file of files) {
      const path = sitePath(file);
      const isKnown = mayBeSameState(states.get(path), fileState(file, now)); // published within moments of its coming, and looked at again by the next build
      states.delete(path);
      if (isKnown || file.unseen) continue;
      waiting.files++;
      since.push(file.stamp.changedMs);
    }
  }
  waiting.files += [...states.values()].filter((state) => state !== '').length; // those are gone
  if (since.length > 0) waiting.sinceMs = Math.min(...since);
  return { repositories: [...counts.values()], waiting };
}
