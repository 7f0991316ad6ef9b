/** Where things lie at the centre: plain files, by whatever web server. */
import type { HttpClient } from '../fetch/http-client.ts';
import { shownAddress } from '../fetch/upstream-address.ts';
import type { CatalogueFile } from '../sync-format/catalogue.ts';

export interface Centre {
  /** Without name and password. */
  shown: string;
  /** The repository that is followed there. */
  repository: string;
  client: HttpClient;
  /** @param path from the folder of the repository, as in sync-format */
  address(path: string): URL;
  /** @param ending `.asc`, of what stands beside it */
  addressOf(file: Pick<CatalogueFile, 'path' | 'repository'>, ending?: string): URL;
}

/** @param url of the site's root */
export function centreAt(url: URL, repository: string, client: HttpClient): Centre {
  client.logIn(url);
  const root = new URL(url);
  root.search = '';
  root.hash = '';
  if (!root.pathname.endsWith('/')) root.pathname += '/';
  const within = (name: string, path: string) => {
    const parts = [...(name === '.' ? [] : [name]), ...path.split('/')];
    return new URL(parts.map(encodeURIComponent).join('/'), root);
  };
  return {
    ...{ shown: shownAddress(root), repository, client },
    address: (path) => within(repository, path),
    addressOf: (file, ending = '') => within(file.repository ?? repository, `packages/${file.path}${ending}`),
  };
}
