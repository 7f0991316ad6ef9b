/**
 * Wheels: what the file name says must be what the metadata inside says.
 *
 * Source: PyPA "Binary distribution format" (PEP 427); how strict, as pip and uv are when they install.
 */
import type { ByteSource } from '../formats/byte-source.ts';
import { readPackedEntry, readZipArchive, readZipEntry, unpackEntry, type ZipEntry } from '../formats/zip.ts';
import { compareReadings } from '../formats/zip-readings.ts';
import type { Doubt } from '../problems.ts';
import { checkEntryPoints } from '../standards/entry-points.ts';
import { checkIdentityFields } from '../standards/identity-fields.ts';
import { unreadablePython, unreadableRequirement } from '../standards/metadata-doubts.ts';
import { checkRecord } from '../standards/record-rows.ts';
import { normalizeVersion } from '../standards/version.ts';
import { checkWheelFile } from '../standards/wheel-file.ts';
import { checkTagCase, checkWheelName, parseWheelFilename } from '../standards/wheel-filename.ts';
import { checkWheelLayout } from '../standards/wheel-layout.ts';
import { doubtsOf, readingDoubts } from './doubts.ts';
import { METADATA_LIMIT_BYTES, metadataTooBig, RECORD_LIMIT_BYTES } from './limits.ts';
import type { PackageContents } from './package-contents.ts';
import { readBinaries } from './read-binaries.ts';
import { infoFolder, memberOf, readMetadataMember } from './wheel-metadata.ts';

/** @throws {FormatError} what is wrong with the file name, the archive, or the metadata */
export async function readWheel(filename: string, source: ByteSource): Promise<PackageContents> {
  const { name: project, version, platform } = parseWheelFilename(filename);
  const archive = await readZipArchive(source);
  const members = archive.entries;
  const folder = infoFolder(members, { project, version });
  const [entry, wheelEntry, recordEntry] = ['METADATA', 'WHEEL', 'RECORD'].map((name) => {
    return memberOf(members, `${folder}/${name}`);
  }) as [ZipEntry, ZipEntry, ZipEntry];
  const odd = readingDoubts(await compareReadings(source, archive));
  const { metadata, metadataBytes } = await readMetadataMember(source, entry, { project, version });
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
    zipEntries: members,
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
