/**
 * Wheels: what the file name says must be what the metadata inside says.
 *
 * Source: PyPA "Binary distribution format" (PEP 427); how strict, as pip and uv are when they install.
 */
import { type Member, shown } from '../formats/archive-member.ts';
import type { ByteSource } from '../formats/byte-source.ts';
import { readPackedEntry, readZipDirectory, readZipEntry, unpackEntry, type ZipEntry } from '../formats/zip.ts';
import { FormatError } from '../problems.ts';
import { parseMetadata } from '../standards/metadata.ts';
import { checkMetadataLimits } from '../standards/metadata-limits.ts';
import { normalizeVersion } from '../standards/version.ts';
import { checkWheelVersion } from '../standards/wheel-file.ts';
import { parseWheelFilename } from '../standards/wheel-filename.ts';
import { METADATA_LIMIT_BYTES, metadataTooBig } from './limits.ts';
import type { PackageContents } from './package-contents.ts';
import { readBinaries } from './read-binaries.ts';
import { isSameName, isSameVersion } from './same-identity.ts';

const INFO_SUFFIX = '.dist-info';

/** @throws {FormatError} what is wrong with the file name, the archive, or the metadata */
export async function readWheel(filename: string, source: ByteSource): Promise<PackageContents> {
  const { name: project, version, platform } = parseWheelFilename(filename);
  const members = await readZipDirectory(source);
  const folder = findInfoFolder(members);
  checkInfoFolder(folder, project, version);

  const path = `${folder}/METADATA`;
  const [entry, wheelEntry] = ['METADATA', 'WHEEL', 'RECORD'].map((name) => {
    const found = members.findLast((member) => member.path === `${folder}/${name}`);
    if (!found)
      throw new FormatError('no-metadata', `has no ${shown(`${folder}/${name}`)}, without which pip refuses it`);
    return found;
  }) as [ZipEntry, ZipEntry];
  if (entry.size > METADATA_LIMIT_BYTES) throw metadataTooBig(path);
  const metadataBytes = await readZipEntry(source, entry, METADATA_LIMIT_BYTES);
  const metadata = parseMetadata(metadataBytes);
  checkMetadataLimits(metadata);

  if (!isSameName(metadata.name, project)) {
    throw new FormatError('name-mismatch', `is named for ${project}, but its metadata says ${shown(metadata.name)}`);
  }
  if (!isSameVersion(metadata.version, version)) {
    throw new FormatError(
      'version-mismatch',
      `is named for version ${version}, but its metadata says ${shown(metadata.version)}`,
    );
  }
  await checkWheelFile(source, wheelEntry);
  return {
    kind: 'wheel',
    project,
    name: metadata.name,
    version: normalizeVersion(version),
    metadata,
    metadataBytes,
    members,
    readBinaries: (depth) => readBinaries(source, members, platform, depth),
  };
}

/** WHEEL files that were found good, as they lie in archives: a build tool writes few different ones, and they need not be unpacked again. */
const goodWheelFiles = new Set<string>();
const GOOD_WHEEL_FILES_LIMIT = 4096;
const LONGEST_REMEMBERED = 1024;

/** @throws {FormatError} */
async function checkWheelFile(source: ByteSource, entry: ZipEntry): Promise<void> {
  if (entry.size > METADATA_LIMIT_BYTES) throw metadataTooBig(entry.path);
  const packed = await readPackedEntry(source, entry, METADATA_LIMIT_BYTES);
  const seen = `${entry.method} ${entry.crc32} ${entry.size} ${packed.length} ${packed.toString('latin1', 0, LONGEST_REMEMBERED)}`;
  if (goodWheelFiles.has(seen)) return;
  checkWheelVersion(unpackEntry(packed, entry));
  if (packed.length > LONGEST_REMEMBERED) return;
  if (goodWheelFiles.size >= GOOD_WHEEL_FILES_LIMIT) goodWheelFiles.clear();
  goodWheelFiles.add(seen);
}

/** The one `*.dist-info` at the top; pip refuses a wheel that has two. */
function findInfoFolder(members: ZipEntry[]): string {
  let found: string | undefined;
  for (const member of members) {
    const folder = infoFolderOf(member);
    if (folder === undefined || folder === found) continue;
    if (found !== undefined) {
      throw new FormatError('bad-metadata', `has two folders of metadata: ${shown(found)} and ${shown(folder)}`);
    }
    found = folder;
  }
  if (found === undefined) throw new FormatError('no-metadata', `has no folder ${INFO_SUFFIX}`);
  return found;
}

function infoFolderOf({ path }: Member): string | undefined {
  const at = path.indexOf(INFO_SUFFIX);
  if (at < 0) return undefined;
  const slash = path.indexOf('/');
  const length = slash < 0 ? path.length : slash;
  return at + INFO_SUFFIX.length === length ? path.slice(0, length) : undefined;
}

/** `{name}-{version}.dist-info`, compared after normalizing both: real ones vary in case, dots and dashes. */
function checkInfoFolder(folder: string, project: string, version: string): void {
  const stem = folder.slice(0, -INFO_SUFFIX.length);
  const dash = stem.lastIndexOf('-');
  if (!isSameName(stem.slice(0, Math.max(0, dash)), project)) {
    throw new FormatError('name-mismatch', `is named for ${project}, but holds ${shown(folder)}`);
  }
  if (!isSameVersion(stem.slice(dash + 1), version)) {
    throw new FormatError('version-mismatch', `is named for version ${version}, but holds ${shown(folder)}`);
  }
}
