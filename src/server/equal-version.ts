import { join } from 'node:path';
import { versionKey } from '../standards/version.ts';
import type { PageStore, StoredPage } from './page-store.ts';
import type { ServedSite } from './served-site.ts';

/**
 * Where `pypi/NAME/0.2/json` is to be found when the release calls itself 0.2.0: as PyPI has it, versions that are equal have one page.
 *
 * @param path of a page that is not there, from the repository's folder
 * @returns a location relative to it
 */
export async function equalVersionLocation(
  pages: PageStore,
  site: ServedSite,
  { repository, path }: { repository: string; path: string },
): Promise<string | undefined> {
  const [, project, version] = /^pypi\/([^/]+)\/([^/]+)\/json$/.exec(path) ?? [];
  if (project === undefined || version === undefined) return undefined;
  const folder = site.folderOf(repository);
  const page = await pages.get(join(folder, 'pypi', project, 'json'), folder);
  const published = page && versionsOf(page).get(versionKey(version));
  return published === undefined || published === version ? undefined : `../${encodeURIComponent(published)}/json`;
}

/** How the page of a project spells its releases, by `versionKey`. */
function versionsOf(page: StoredPage): ReadonlyMap<string, string> {
  const found = page.derived.get(versionsOf) ?? readVersions(page.bytes);
  page.derived.set(versionsOf, found);
  return found as ReadonlyMap<string, string>;
}

function readVersions(bytes: Buffer): Map<string, string> {
  try {
    const { releases } = JSON.parse(bytes.toString('utf8')) as { releases?: object };
    return new Map(Object.keys(releases ?? {}).map((version) => [versionKey(version), version]));
  } catch {
    return new Map(); // somebody wrote over it
  }
}
