/**
 * Wheels: what the file name says must be what the metadata inside says.
 *
 * Source: PyPA "Binary distribution format" (PEP 427); how strict, as pip and uv are when they install.
 */
import { isUtf8 } from 'node:buffer';
import { type Member, shownPath } from '../formats/archive-member.ts';
import type { ByteSource } from '../formats/byte-source.ts';
import { readPackedEntry, readZipArchive, readZipEntry, unpackEntry, type ZipEntry } from '../formats/zip.ts';
import { compareReadings } from '../formats/zip-readings.ts';
import { type Doubt, FormatError } from '../problems.ts';
import { checkEntryPoints } from '../standards/entry-points.ts';
import { checkIdentityFields } from '../standards/identity-fields.ts';
import { parseMetadata } from '../standards/metadata.ts';
import { unreadablePython, unreadableRequirement } from '../standards/metadata-doubts.ts';
import { checkMetadataLimits } from '../standards/metadata-limits.ts';
import { checkRecord } from '../standards/record-rows.ts';
import { normalizeVersion } from '../standards/version.ts';
import { checkWheelFile } from '../standards/wheel-file.ts';
import { checkTagCase, checkWheelName, parseWheelFilename } from '../standards/wheel-filename.ts';
import { checkWheelLayout } from '../standards/wheel-layout.ts';
import { doubtsOf, readingDoubts } from './doubts.ts';
import { METADATA_LIMIT_BYTES, metadataTooBig, RECORD_LIMIT_BYTES } from './limits.ts';
import type { PackageContents } from './package-contents.ts';
import { readBinaries } from './read-binaries.ts';
import { isSameName, isSameVersion } from './same-identity.ts';

const INFO_SUFFIX = '.dist-info';

/** @throws {FormatError} what is wrong with the file name, the archive, or the metadata */
export async function readWheel(filename: string, source: ByteSource): Promise<PackageContents> {
  const { name: project, version, platform } = parseWheelFilename(filename);
  const archive = await readZipArchive(source);
  const members = archive.entries;
  const folder = findInfoFolder(members);
  checkInfoFolder(folder, project, version);

  const path = `${folder}/METADATA`;
  const [entry, wheelEntry, recordEntry] = ['METADATA', 'WHEEL', 'RECORD'].map((name) => {
    const found = members.findLast((member) => member.path === `${folder}/${name}`);
    if (!found)
      throw new FormatError('no-metadata', `has no ${shownPath(`${folder}/${name}`)}, without which pip refuses it`);
    return found;
  }) as [ZipEntry, ZipEntry, ZipEntry];
  const odd = readingDoubts(await compareReadings(source, archive));
  if (entry.size > METADATA_LIMIT_BYTES) throw metadataTooBig(path);
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
  const doubts: Doubt[] = [
    ...doubtsOf('passed-over', checkWheelName(filename)),
    ...identityDoubts(metadataBytes),
    ...doubtsOf('passed-over', unreadableRequirement(metadata, metadataBytes)),
    ...doubtsOf(
      'refused-by-some',
      checkTagCase(filename),
      unreadablePython(metadata),
      await checkWheelOnce(source, wheelEntry),
    ),
    ...doubtsOf('refused-by-some', checkWheelLayout(members), await checkTexts(source, recordEntry, members)),
    ...odd,
  ];
  return {
    kind: 'wheel',
    project,
    name: metadata.name,
    version: normalizeVersion(version),
    metadata,
    metadataBytes,
    members,
    doubts,
    readBinaries: (depth) => readBinaries(source, members, platform, depth),
  };
}

function identityDoubts(metadataBytes: Uint8Array): Doubt[] {
  return checkIdentityFields(metadataBytes).map(({ isPassedOver, what }) => ({
    code: isPassedOver ? 'passed-over' : 'refused-by-some',
    what,
  }));
}

/** @throws {FormatError} */
async function checkTexts(
  source: ByteSource,
  record: ZipEntry,
  members: readonly ZipEntry[],
): Promise<string | undefined> {
  const inRecord =
    record.size > RECORD_LIMIT_BYTES ? undefined : checkRecord(await readZipEntry(source, record, RECORD_LIMIT_BYTES));
  const path = record.path.replace(/RECORD$/, 'entry_points.txt');
  const points = members.findLast((member) => member.path === path && member.kind === 'file');
  if (points === undefined || points.size > METADATA_LIMIT_BYTES) return inRecord;
  return checkEntryPoints(await readZipEntry(source, points, METADATA_LIMIT_BYTES)) ?? inRecord;
}

/** What was found of WHEEL files, as they lie in archives: a build tool writes few different ones, and they need not be unpacked again. */
const seenWheelFiles = new Map<string, string | undefined>();
const SEEN_LIMIT = 4096;
const LONGEST_REMEMBERED = 1024;

/** @throws {FormatError} */
async function checkWheelOnce(source: ByteSource, entry: ZipEntry): Promise<string | undefined> {
  if (entry.size > METADATA_LIMIT_BYTES) throw metadataTooBig(entry.path);
  const packed = await readPackedEntry(source, entry, METADATA_LIMIT_BYTES);
  const key = `${entry.method} ${entry.crc32} ${entry.size} ${packed.length} ${packed.toString('latin1', 0, LONGEST_REMEMBERED)}`;
  if (seenWheelFiles.has(key)) return seenWheelFiles.get(key);
  const doubt = checkWheelFile(unpackEntry(packed, entry));
  if (packed.length > LONGEST_REMEMBERED) return doubt;
  if (seenWheelFiles.size >= SEEN_LIMIT) seenWheelFiles.clear();
  seenWheelFiles.set(key, doubt);
  return doubt;
}

/** The one `*.dist-info` at the top; pip refuses a wheel that has two. */
function findInfoFolder(members: ZipEntry[]): string {
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
