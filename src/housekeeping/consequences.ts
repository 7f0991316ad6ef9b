/** What somebody should know before files go. */
import { sitePath } from '../catalog/resolve-listing.ts';
import type { SiteConfig } from '../config/site-config.ts';
import { readManifest } from '../publish/manifest.ts';
import { compareVersions, isPrerelease } from '../standards/version.ts';
import { packagesOf, type StoredPackage } from './find-packages.ts';

/** What has been there for longer, lock files name. */
const SETTLED_MS = 7 * 86_400_000;

/** The first that pages have shown for so long. */
export function settledAmong(found: readonly StoredPackage[], config: SiteConfig, now: number): string | undefined {
  const manifest = readManifest(config.root);
  const uploaded = new Map<string, number>();
  for (const name of manifest?.projects.names() ?? [])
    for (const { repository, path, uploadedMs, problem } of manifest?.projects.get(name)?.files ?? [])
      if (uploadedMs !== undefined && !problem) uploaded.set(sitePath({ repository, path }), uploadedMs);
  return found.find(({ file }) => now - (uploaded.get(file) ?? now) > SETTLED_MS)?.file;
}

/** What installers will take when these are gone: one line each, no full stop. */
export function consequencesOf(config: SiteConfig, found: readonly StoredPackage[]): string[] {
  const gone = new Set(found.map(({ full }) => full));
  return config.repositories.flatMap((repository) => {
    const all = packagesOf(repository, config);
    const projects = new Set(found.filter((file) => file.repository === repository.name).map(({ project }) => project));
    return [...projects].flatMap((project): string[] => {
      if (project === undefined) return [];
      const newest = (files: readonly StoredPackage[]) =>
        files
          .flatMap(({ version }) => (version !== undefined && !isPrerelease(version) ? [version] : []))
          .sort(compareVersions)
          .at(-1);
      const files = all.filter((file) => file.project === project);
      const [before, after] = [newest(files), newest(files.filter(({ full }) => !gone.has(full)))];
      if (files.every(({ full }) => gone.has(full))) {
        return [
          `nothing of ${project} is left in ${repository.name}: a client that asks another index too would take what that has under this name`,
        ];
      }
      return before === after || after === undefined
        ? []
        : [`in ${repository.name}, installers will take ${project} ${after} instead of ${before}`];
    });
  });
}
