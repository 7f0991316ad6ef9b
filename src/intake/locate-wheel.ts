import { dirname } from 'node:path';
import type { RepositoryConfig, SiteConfig } from '../config/site-config.ts';
import { followLink } from '../io/reach.ts';
import { FormatError } from '../problems.ts';

/**
 * The real path of a wheel that somebody named, and the repository whose packages/ it lies in. A path that leads through packages/ must
 * end there: whoever may write in that folder could lead kho to any file by a link.
 *
 * @param path absolute
 * @throws {FormatError} `link-outside`; `not-readable` when nothing is there
 */
export function locateWheel(
  path: string,
  config: SiteConfig | undefined,
): { file: string; repository: RepositoryConfig | undefined } {
  const file = followLink(path)?.real;
  if (file === undefined) throw new FormatError('not-readable', 'cannot be read (ENOENT)');
  const around = (inner: string) =>
    config?.repositories.find(({ packages }) => packages !== undefined && `${inner}/`.startsWith(`${packages}/`));
  const repository = around(file);
  if (!repository && leadsThrough(path, (folder) => around(folder) !== undefined)) {
    throw new FormatError('link-outside', 'is, or lies behind, a link that leads out of packages/');
  }
  return { file, repository };
}

function leadsThrough(path: string, isPackages: (folder: string) => boolean): boolean {
  for (let at = dirname(path); at !== dirname(at); at = dirname(at)) {
    const real = followLink(at)?.real;
    if (real !== undefined && isPackages(real)) return true;
  }
  return false;
}
