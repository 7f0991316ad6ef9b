import { join } from 'node:path';
import { followLink } from '../clients/follow-link.ts';
import { FormatError } from '../problems.ts';
import { fromRoot } from '../publish/target.ts';
import { projectsOfFile } from '../standards/projects-of-file.ts';
import { servedSideOf } from '../standards/side-files.ts';
import type { PageStore, StoredPage } from './page-store.ts';
import type { ServedSite } from './served-site.ts';

/** Of a listed file, by its path from the site's root: its size in bytes. */
type ListedSizes = ReadonlyMap<string, number>;

export interface PublishedFile {
  /** As listed, in bytes; absent for what stands beside a package. */
  size?: number;
}

/**
 * Which files may be downloaded. The published pages themselves say so: a file is there for clients as soon as the first
 * page names it, and no longer than the last one does, whoever publishes and whatever becomes of kho's own notes.
 */
export class PublishedFiles {
  readonly #pages: PageStore;

  constructor(pages: PageStore) {
    this.#pages = pages;
  }

  /** @param path below the repository's packages/, with `/` */
  async find(site: ServedSite, repository: string, path: string): Promise<PublishedFile | undefined> {
    const side = servedSideOf(path);
    const sitePath = fromRoot(repository, `packages/${side ? path.slice(0, -side.length - 1) : path}`);
    const filename = sitePath.slice(sitePath.lastIndexOf('/') + 1);
    for (const project of projectsOf(filename)) {
      // Its own repository lists it as a rule; one that includes it may list it alone, if the project is quarantined there.
      for (const name of [repository, ...site.otherRepositories(repository)]) {
        const folder = site.folderOf(name);
        const pagePath = join(folder, 'simple', project, 'index.json');
        const page = this.#pages.peek(pagePath) ?? (await this.#pages.get(pagePath, folder));
        const size = page && listingOf(page, fromRoot(name, `simple/${project}/index.json`)).get(sitePath);
        if (size !== undefined) return side === undefined ? { size } : {};
      }
    }
    return undefined;
  }
}

/** The projects that a file of this name may belong to, the likely one first. Old sdists have names of two readings. */
function projectsOf(filename: string): string[] {
  try {
    return projectsOfFile(filename);
  } catch (error) {
    if (error instanceof FormatError) return [];
    throw error;
  }
}

function listingOf(page: StoredPage, pagePath: string): ListedSizes {
  const sizes = page.derived.get('listing');
  if (sizes !== undefined) return sizes as ListedSizes;
  const listing = new Map<string, number>();
  for (const { url, size } of readFiles(page.bytes)) {
    const path = followLink(pagePath, url);
    if (path !== undefined) listing.set(path, size);
  }
  page.derived.set('listing', listing);
  return listing;
}

/** The page is kho's own, but it lies on a disk where others write too. */
function readFiles(bytes: Buffer): { url: string; size: number }[] {
  try {
    const { files } = JSON.parse(bytes.toString());
    return Array.isArray(files)
      ? files.filter(({ url, size }) => typeof url === 'string' && Number.isInteger(size))
      : [];
  } catch {
    return [];
  }
}
