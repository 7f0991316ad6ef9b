/**
 * Sdists: what the file name says must be what PKG-INFO inside says.
 *
 * Source: PyPA "Source distribution format" (PEP 625, 643). Old ones, with other folders inside or without PKG-INFO, are
 * taken as pip takes them, which looks for neither.
 */
import type { Member } from '../formats/archive-member.ts';
import { shownPath } from '../formats/archive-member.ts';
import type { ByteSource } from '../formats/byte-source.ts';
import { type Compression, decompress } from '../formats/decompress.ts';
import { TarReader } from '../formats/tar.ts';
import { readZipArchive, readZipEntry } from '../formats/zip.ts';
import { compareReadings } from '../formats/zip-readings.ts';
import { type Doubt, FormatError } from '../problems.ts';
import { type CoreMetadata, parseMetadata } from '../standards/metadata.ts';
import { unreadablePython } from '../standards/metadata-doubts.ts';
import { checkMetadataLimits } from '../standards/metadata-limits.ts';
import { SDIST_ARCHIVES } from '../standards/package-suffixes.ts';
import { parseSdistFilename, type SdistFilename } from '../standards/sdist-filename.ts';
import { doubtsOf, readingDoubts } from './doubts.ts';
import { METADATA_LIMIT_BYTES, metadataTooBig } from './limits.ts';
import type { PackageContents } from './package-contents.ts';
import { indexVersion, isSameName, isSameVersion } from './same-identity.ts';

interface Unpacked {
  members: Member[];
  /** PKG-INFO; absent in very old sdists, and in what is none. */
  info?: Uint8Array;
  doubts?: Doubt[];
}

/** @throws {FormatError} what is wrong with the file name, the archive, or the metadata */
export async function readSdist(filename: string, source: ByteSource): Promise<PackageContents> {
  const { suffix, candidates } = parseSdistFilename(filename);
  const stem = filename.slice(0, -suffix.length);
  const archive = SDIST_ARCHIVES[suffix];
  const {
    members,
    info,
    doubts = [],
  } = archive === 'zip' ? await readZip(source, stem) : await readTar(source, archive, stem);
  const metadataBytes = info ?? metadataOfFilename(stem, candidates, members);
  const metadata = parseMetadata(metadataBytes);
  checkMetadataLimits(metadata);
  const { project, version } = findCandidate(candidates, metadata);
  return {
    kind: 'sdist',
    project,
    name: metadata.name,
    version: indexVersion(version, metadata.version),
    metadata,
    metadataBytes,
    members,
    doubts: [...doubts, ...doubtsOf('refused-by-some', unreadablePython(metadata))],
  };
}

async function readZip(source: ByteSource, stem: string): Promise<Unpacked> {
  const archive = await readZipArchive(source);
  const members = archive.entries;
  const doubts = readingDoubts(await compareReadings(source, archive));
  const choice = new InfoChoice(stem);
  for (const member of members) choice.offer(member);
  const entry = members.findLast((member) => member.kind === 'file' && member.path === choice.path);
  if (!entry) return { members, doubts };
  return { members, doubts, info: await readZipEntry(source, entry, METADATA_LIMIT_BYTES) };
}

async function readTar(source: ByteSource, compression: Compression, stem: string): Promise<Unpacked> {
  const choice = new InfoChoice(stem);
  let info: Uint8Array | undefined;
  const tar = new TarReader({
    wants: (member) => choice.offer(member),
    take: (_member, bytes) => {
      info = bytes;
    },
  });
  await decompress(source, compression, (piece) => tar.push(piece));
  tar.end();
  return { members: tar.members, ...(info && { info }) };
}

/** Which PKG-INFO counts: that in the folder named like the file, else in another folder at the top, else at the top itself. */
class InfoChoice {
  readonly #stem: string;
  #rank = 0;
  path: string | undefined;

  constructor(stem: string) {
    this.#stem = stem;
  }

  /** @returns whether this is the best so far; of two with one path the last counts, as when they are unpacked */
  offer({ path, kind, size }: Member): boolean {
    if (kind !== 'file' || !path.endsWith('PKG-INFO')) return false;
    const rank = this.#rankOf(path);
    if (rank <= this.#rank && path !== this.path) return false;
    if (size > METADATA_LIMIT_BYTES) throw metadataTooBig(path);
    this.#rank = rank;
    this.path = path;
    return true;
  }

  #rankOf(path: string): number {
    if (path === `${this.#stem}/PKG-INFO`) return 3;
    if (path === 'PKG-INFO') return 1;
    return /^[^/]+\/PKG-INFO$/.test(path) ? 2 : 0;
  }
}

/**
 * Sdists from before PKG-INFO, or made by hand from a source tree: pip installs them, as long as it finds what builds them. All that is
 * known of them is in their name.
 */
function metadataOfFilename(stem: string, candidates: SdistFilename['candidates'], members: Member[]): Uint8Array {
  if (!members.some(({ path }) => /^(?:[^/]+\/)?(?:setup\.py|pyproject\.toml)$/.test(path))) {
    throw new FormatError('no-metadata', 'has no PKG-INFO, nor a setup.py or pyproject.toml to build it with');
  }
  const version = candidates[0]?.version ?? '';
  const name = stem.slice(0, -version.length - 1);
  return Buffer.from(`Metadata-Version: 1.0\nName: ${name}\nVersion: ${version}\n`);
}

/** The way to read the file name that the metadata confirms. */
function findCandidate(
  candidates: SdistFilename['candidates'],
  metadata: CoreMetadata,
): SdistFilename['candidates'][number] {
  const named = candidates.filter(({ project }) => isSameName(metadata.name, project));
  const found = named.find(({ version }) => isSameVersion(metadata.version, version));
  if (found) return found;
  const [nearest] = named;
  if (nearest) {
    const ownVersion = shownPath(metadata.version);
    throw new FormatError(
      'version-mismatch',
      `is named for version ${nearest.version}, but its metadata says ${ownVersion}`,
    );
  }
  throw new FormatError('name-mismatch', `is named for another project than its metadata: ${shownPath(metadata.name)}`);
}
