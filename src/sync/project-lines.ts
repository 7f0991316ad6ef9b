import { hash } from 'node:crypto';
import type { IndexedFile, Project } from '../catalog/model.ts';
import { sitePath } from '../catalog/resolve-listing.ts';
import type { PackageReader } from '../inspect/package-reader.ts';
import { look, readFile } from '../io/open-file.ts';
import { FormatError } from '../problems.ts';
import type { FileRecord } from '../publish/manifest.ts';
import type { Target } from '../publish/target.ts';
import { uploadTime } from '../render/upload-time.ts';
import { type CoreMetadata, parseMetadata } from '../standards/metadata.ts';
import { TEXT_LIMITS } from '../standards/text-limits.ts';
import { type CatalogueFile, isCatalogueFile, projectLines } from '../sync-format/catalogue.ts';

export interface LineSources {
  target: Target;
  packages: PackageReader;
  /** Of the project, by path from the site's root. */
  records: ReadonlyMap<string, FileRecord>;
}

/** What the catalogue of a repository says of one project. What no follower could read is left out: one file keeps no other from being followed. */
export async function linesOfProject(project: Project, repository: string, sources: LineSources): Promise<string> {
  const { name, status, statusReason: reason } = project;
  const files: CatalogueFile[] = [];
  for (const file of project.releases.flatMap((release) => release.files)) {
    const line = await catalogueFile(project, file, repository, sources);
    if (isCatalogueFile(line)) files.push(line);
  }
  return projectLines(files, status && { project: name, status, ...(reason !== undefined && { reason }) });
}

async function catalogueFile(
  { name }: Project,
  file: IndexedFile,
  repository: string,
  sources: LineSources,
): Promise<CatalogueFile> {
  const sides = sidesOf(file, sources);
  return {
    project: name,
    path: file.path,
    ...(file.repository !== repository && { repository: file.repository }),
    ...{ version: file.version, size: file.size, sha256: file.sha256, uploadTime: uploadTime(file.uploadedMs) },
    ...(file.requiresPython !== undefined && { requiresPython: file.requiresPython }),
    ...(file.yanked !== undefined && { yanked: file.yanked === '' ? true : file.yanked }),
    ...(await needsOf(file, sources)),
    ...(sides.length > 0 && { sides }),
  };
}

type NeedsInLine = Pick<CatalogueFile, 'metadata' | 'requiresDist' | 'providesExtra'>;

/** From FILE.metadata where that is published; else out of the package itself, which costs more. */
async function needsOf(file: IndexedFile, { target, packages }: LineSources): Promise<NeedsInLine> {
  const path = `${target.packagesOf(file.repository)}/${file.path}`;
  if (file.metadataSha256 === undefined) return dependencies(await packages.metadataNow(path));
  const bytes = readSmall(`${path}.metadata`, TEXT_LIMITS.metadataBytes);
  if (bytes === undefined || sha256Of(bytes) !== file.metadataSha256) {
    return dependencies(await packages.metadataNow(path)); // somebody took it away just now: the next build puts it back, and is told again
  }
  return { metadata: { sha256: file.metadataSha256, size: bytes.length }, ...dependencies(readMetadata(bytes)) };
}

function dependencies(metadata: Pick<CoreMetadata, 'requiresDist' | 'providesExtra'> | undefined): NeedsInLine {
  if (metadata === undefined) return {};
  const { requiresDist, providesExtra } = metadata;
  return { requiresDist, ...(providesExtra.length > 0 && { providesExtra }) };
}

function readMetadata(bytes: Buffer): CoreMetadata | undefined {
  try {
    return parseMetadata(bytes);
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

/** Signatures and attestations, where they are published. */
function sidesOf(file: IndexedFile, { target, records }: LineSources): NonNullable<CatalogueFile['sides']> {
  const record = records.get(sitePath(file));
  const published = [...(record?.signed ? ['.asc'] : []), ...(record?.provenance ? ['.provenance'] : [])];
  return published.flatMap((suffix) => {
    const bytes = readSmall(`${target.packagesOf(file.repository)}/${file.path}${suffix}`, TEXT_LIMITS.sideFileBytes);
    return bytes ? [{ suffix, sha256: sha256Of(bytes), size: bytes.length }] : [];
  });
}

/** Undefined where it is not there, or too big. */
function readSmall(path: string, most: number): Buffer | undefined {
  try {
    const stats = look(path);
    return stats?.isFile() && stats.size <= most ? readFile(path) : undefined;
  } catch {
    return undefined; // it went away
  }
}

function sha256Of(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex');
}
