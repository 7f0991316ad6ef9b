import { join } from 'node:path';
import type { Candidate } from '../catalog/candidate.ts';
import { listedCandidate } from '../catalog/candidate.ts';
import { type HeldFile, readHeldFile } from '../catalog/held-files.ts';
import type { IndexedFile } from '../catalog/model.ts';
import type { RepositoryCatalog } from '../catalog/repository-catalog.ts';
import { sitePath } from '../catalog/resolve-listing.ts';
import type { SiteConfig } from '../config/site-config.ts';
import { readMetadata } from '../inspect/inspect-file.ts';
import { FormatError, PROBLEM_HINTS } from '../problems.ts';
import { inPlaceTarget } from '../publish/target.ts';
import type { CoreMetadata } from '../standards/metadata.ts';
import type { NormalizedName } from '../standards/name.ts';
import type { PackageSource } from './package-source.ts';

export interface SiteCandidate extends Candidate {
  origin: 'here';
  file: IndexedFile;
}

/** What one repository lists. */
export function siteSource({ projects, held }: RepositoryCatalog, config: SiteConfig): PackageSource<SiteCandidate> {
  const byName = new Map(projects.map((project) => [project.name, project]));
  const candidatesByName = new Map<NormalizedName, SiteCandidate[]>();
  const { packagesOf } = inPlaceTarget(config);
  const listedFiles = (name: NormalizedName) => (byName.get(name)?.releases ?? []).flatMap(({ files }) => files);
  return {
    async candidates(name) {
      const candidates =
        candidatesByName.get(name) ??
        listedFiles(name).flatMap((file) => (file.passedOver === undefined ? toCandidate(file) : []));
      candidatesByName.set(name, candidates);
      return candidates;
    },
    held: (name) =>
      [...(held.get(name) ?? []), ...listedFiles(name).flatMap(passedOverFile)].flatMap(
        (file) => readHeldFile(file, name) ?? [],
      ),
    async metadata({ file }): Promise<CoreMetadata | undefined> {
      try {
        return (await readMetadata(join(packagesOf(file.repository), file.path))).metadata;
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
        return undefined;
      }
    },
  };
}

/** It is listed; but who installs anew gets an older release. */
function passedOverFile(file: IndexedFile): HeldFile[] {
  if (file.passedOver === undefined) return [];
  const code = 'passed-over';
  return [{ file: sitePath(file), code, what: file.passedOver, hint: PROBLEM_HINTS[code] }];
}

function toCandidate(file: IndexedFile): SiteCandidate {
  return { origin: 'here', file, ...listedCandidate(file) };
}
