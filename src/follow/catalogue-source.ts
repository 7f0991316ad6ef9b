/** What the centre has, as its catalogue tells: nothing is asked for what files depend on. */
import type { Candidate } from '../catalog/candidate.ts';
import type { PackageSource } from '../needs/package-source.ts';
import type { CoreMetadata } from '../standards/metadata.ts';
import type { NormalizedName } from '../standards/name.ts';
import { normalizeVersion } from '../standards/version.ts';
import { parseWheelFilename } from '../standards/wheel-filename.ts';
import type { Catalogue, CatalogueFile } from '../sync-format/catalogue.ts';

export interface CatalogueCandidate extends Candidate {
  file: CatalogueFile;
}

/** Projects that are quarantined there have nothing to offer (PEP 792). */
export function catalogueSource({ files, statuses }: Catalogue): PackageSource<CatalogueCandidate> {
  const quarantined = new Set(statuses.filter(({ status }) => status === 'quarantined').map(({ project }) => project));
  const byProject = new Map<NormalizedName, CatalogueFile[]>();
  for (const file of files) {
    const same = byProject.get(file.project);
    if (same) same.push(file);
    else byProject.set(file.project, [file]);
  }
  const known = new Map<NormalizedName, CatalogueCandidate[]>();
  return {
    async candidates(name) {
      const listed = quarantined.has(name) ? [] : (byProject.get(name) ?? []);
      const candidates = known.get(name) ?? listed.map(toCandidate);
      known.set(name, candidates);
      return candidates;
    },
    metadata: async ({ file }) => (file.requiresDist === undefined ? undefined : metadataOf(file, file.requiresDist)),
  };
}

export function filenameOf({ path }: Pick<CatalogueFile, 'path'>): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function toCandidate(file: CatalogueFile): CatalogueCandidate {
  const filename = filenameOf(file);
  return {
    ...{ file, filename, version: normalizeVersion(file.version), sha256: file.sha256, size: file.size },
    isYanked: file.yanked !== undefined,
    ...(filename.endsWith('.whl') && { wheel: parseWheelFilename(filename) }),
    ...(file.requiresPython !== undefined && { requiresPython: file.requiresPython }),
  };
}

/** As much of it as a catalogue tells, which is all that installers ask. */
function metadataOf(
  { project, version, providesExtra, requiresPython }: CatalogueFile,
  requiresDist: string[],
): CoreMetadata {
  return {
    ...{ name: project, version, requiresDist, providesExtra: providesExtra ?? [] },
    ...(requiresPython !== undefined && { requiresPython }),
    ...{ dynamic: [], platforms: [], supportedPlatforms: [], licenseFiles: [], classifiers: [], requiresExternal: [] },
    ...{ projectUrls: [], providesDist: [], obsoletesDist: [], importNames: [], importNamespaces: [] },
    ...{ requires: [], provides: [], obsoletes: [] },
  };
}
