import { basename } from 'node:path';
import type { RepositoryConfig, SiteConfig } from '../config/site-config.ts';
import { KhoError } from '../errors.ts';
import { findKeptFile } from '../kept-upstream/kept-page.ts';
import { isSaidOwn, judgeName } from '../names/judge-name.ts';
import { readNames } from '../names/own-names.ts';
import { FormatError } from '../problems.ts';
import type { NormalizedName } from '../standards/name.ts';
import { quoted } from '../standards/quoted.ts';

/** A package that is to come into a repository, under the name that it would have there. */
interface ComingPackage {
  place: string;
  project: NormalizedName;
  sha256: string;
}

/**
 * Clients that reach another index through the repository may have locked a file of that name, with the bytes that it has there: no other
 * ones come under it. Names that somebody said are the site's own are never asked for there.
 *
 * @throws {FormatError} `listed-upstream`
 */
export function refuseListedUpstream(
  config: SiteConfig,
  { upstreams = [] }: RepositoryConfig,
  { place, project, sha256 }: ComingPackage,
): void {
  if (upstreams.length === 0) return;
  if (isSaidToBeOwn(config, project)) return;
  const filename = basename(place);
  for (const upstream of upstreams) {
    const found = findKeptFile(config.root, { upstream, project }, filename);
    if (found === undefined || found.file.sha256 === sha256) continue;
    const what = `is not taken: ${quoted(upstream)} lists a file of this name with other bytes, which clients may have locked`;
    throw new FormatError('listed-upstream', what);
  }
}

function isSaidToBeOwn(config: SiteConfig, project: NormalizedName): boolean {
  try {
    return isSaidOwn(judgeName(project, config, readNames(config.root).get(project), false));
  } catch (error) {
    if (!(error instanceof KhoError)) throw error;
    return false; // what was decided cannot be read, which is told elsewhere: files come in all the same
  }
}
