/** Where the metadata of a wheel is, and what it says: for wheels that are here, and for those of which only this is asked for. */
import { isUtf8 } from 'node:buffer';
import { type Member, shownPath } from '../formats/archive-member.ts';
import type { ByteSource } from '../formats/byte-source.ts';
import { readZipArchive, readZipEntry, type ZipEntry } from '../formats/zip.ts';
import { FormatError } from '../problems.ts';
import { type CoreMetadata, parseMetadata } from '../standards/metadata.ts';
import { checkMetadataLimits } from '../standards/metadata-limits.ts';
import { parseWheelFilename, type WheelFilename } from '../standards/wheel-filename.ts';
import { METADATA_LIMIT_BYTES, metadataTooBig } from './limits.ts';
import { isSameName, isSameVersion } from './same-identity.ts';

type Identity = Pick<WheelFilename, 'version'> & { project: string };

interface ReadMetadataMember {
  metadata: CoreMetadata;
  /** As they stand in the wheel. */
  metadataBytes: Uint8Array;
}

const INFO_SUFFIX = '.dist-info';

/**
 * Of a wheel far away: its directory and METADATA are read, and nothing else of it crosses the line. What it is worth otherwise is judged
 * when it has come.
 *
 * @throws {FormatError} what is wrong with the file name, the directory, or the metadata
 */
export async function readMetadataAlone(filename: string, source: ByteSource): Promise<ReadMetadataMember> {
  const { name: project, version } = parseWheelFilename(filename);
  const { entries } = await readZipArchive(source);
  const entry = memberOf(entries, `${infoFolder(entries, { project, version })}/METADATA`);
  return readMetadataMember(source, entry, { project, version });
}

/** The folder of metadata, which is named as the wheel is. @throws {FormatError} */
export function infoFolder(members: readonly Member[], { project, version }: Identity): string {
  const folder = findInfoFolder(members);
  checkInfoFolder(folder, project, version);
  return folder;
}

/** @throws {FormatError} `no-metadata` */
export function memberOf(members: readonly ZipEntry[], path: string): ZipEntry {
  const found = members.findLast((member) => member.path === path);
  if (!found) throw new FormatError('no-metadata', `has no ${shownPath(path)}, without which pip refuses it`);
  return found;
}

/** @throws {FormatError} where it cannot be read, or is of another wheel */
export async function readMetadataMember(
  source: ByteSource,
  entry: ZipEntry,
  { project, version }: Identity,
): Promise<ReadMetadataMember> {
  if (entry.size > METADATA_LIMIT_BYTES) throw metadataTooBig(entry.path);
  const metadataBytes = await readZipEntry(source, entry, METADATA_LIMIT_BYTES);
  if (!isUtf8(metadataBytes)) throw new FormatError('bad-metadata', 'has METADATA that is not UTF-8: pip refuses it');
  const metadata = parseMetadata(metadataBytes);
  checkMetadataLimits(metadata);
  if (!isSameName(metadata.name, project)) {
    throw new FormatError(
      'name-mismatch',
      `is named for ${project}, but its metadata says ${shownPath(metadata.name)}`,
    );
  }
  if (!isSameVersion(metadata.version, version)) {
    throw new FormatError(
      'version-mismatch',
      `is named for version ${version}, but its metadata says ${shownPath(metadata.version)}`,
    );
  }
  return { metadata, metadataBytes };
}

/** The one `*.dist-info` at the top; pip refuses a wheel that has two. */
function findInfoFolder(members: readonly Member[]): string {
  let found: string | undefined;
  for (const member of members) {
    const folder = infoFolderOf(member);
    if (folder === undefined || folder === found) continue;
    if (found !== undefined) {
      throw new FormatError(
        'bad-metadata',
        `has two folders of metadata: ${shownPath(found)} and ${shownPath(folder)}`,
      );
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
    throw new FormatError('name-mismatch', `is named for ${project}, but holds ${shownPath(folder)}`);
  }
  if (!isSameVersion(stem.slice(dash + 1), version)) {
    throw new FormatError('version-mismatch', `is named for version ${version}, but holds ${shownPath(folder)}`);
  }
}
