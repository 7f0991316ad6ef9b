import { type FileStamp, fileStamp, isSameStamp } from '../io/file-stamp.ts';
import { look } from '../io/open-file.ts';
import { FormatError } from '../problems.ts';
import { type CoreMetadata, parseMetadata } from '../standards/metadata.ts';
import { type Inspection, readMetadata } from './inspect-file.ts';
import { type FileDetails, readDetails } from './read-details.ts';

/** So much of what was read last is kept, in bytes, about. */
const KEEP_BYTES = 8 * 1024 * 1024;

/** What one member of an archive takes in memory, in bytes, about. */
const MEMBER_BYTES = 200;

type PackageMetadata = Pick<Inspection, 'metadata' | 'metadataBytes'>;

interface Kept {
  /** Of the file when it was read: what was kept of another one tells nothing. */
  stamp: FileStamp;
  metadata: PackageMetadata;
  details?: FileDetails;
  bytes: number;
}

/**
 * Opens packages once for all steps of a run: what the inspection has read serves the index and then the pages for people, of which several
 * show the same file. What was read last is kept, as far as there is room. Paths are absolute.
 */
export class PackageReader {
  /** The one read last comes last. */
  readonly #kept = new Map<string, Kept>();
  #keptBytes = 0;

  /**
   * What was just read of a file.
   *
   * @param metadataBytes absent where there is nothing to keep; a list of members is all that pages want of an sdist besides
   */
  keep(
    path: string,
    stamp: FileStamp,
    { metadataBytes, metadata, facts, members }: Partial<PackageMetadata & Pick<Inspection, 'members' | 'facts'>>,
  ): void {
    if (!metadataBytes) return;
    const both = { metadataBytes, metadata: metadata ?? parseMetadata(metadataBytes) };
    this.#keep(path, stamp, both, facts?.kind === 'sdist' && members ? { ...both, members } : undefined);
  }

  /** @param stamp of the file as it was seen; @throws {FormatError} when it is no longer the same */
  async metadata(path: string, stamp: FileStamp): Promise<PackageMetadata> {
    return this.#find(path, stamp)?.metadata ?? (await readMetadata(path, stamp));
  }

  /** Of the file that is there now; undefined where it changes at this very moment: the next run makes the page anew. */
  async metadataNow(path: string): Promise<CoreMetadata | undefined> {
    return orUndefined(async () => {
      const stamp = stampNow(path);
      const { metadata } = stamp ? await this.metadata(path, stamp) : await readMetadata(path);
      return metadata;
    });
  }

  /** As `metadataNow`: all that pages about it show. */
  async detailsNow(path: string): Promise<FileDetails | undefined> {
    return orUndefined(async () => {
      const stamp = stampNow(path);
      if (!stamp) return readDetails(path);
      const kept = this.#find(path, stamp)?.details;
      if (kept) return kept;
      const details = await readDetails(path, stamp);
      this.#keep(path, stamp, details, details);
      return details;
    });
  }

  #find(path: string, stamp: FileStamp): Kept | undefined {
    const kept = this.#kept.get(path);
    return kept && isSameStamp(kept.stamp, stamp) ? kept : undefined;
  }

  #keep(path: string, stamp: FileStamp, metadata: PackageMetadata, details: FileDetails | undefined): void {
    this.#forget(path);
    const bytes = metadata.metadataBytes.length + sizeOf(details);
    if (bytes > KEEP_BYTES) return;
    this.#kept.set(path, { stamp, metadata, ...(details && { details }), bytes });
    this.#keptBytes += bytes;
    for (const oldest of this.#kept.keys()) {
      if (this.#keptBytes <= KEEP_BYTES) return;
      this.#forget(oldest);
    }
  }

  #forget(path: string): void {
    this.#keptBytes -= this.#kept.get(path)?.bytes ?? 0;
    this.#kept.delete(path);
  }
}

/** Besides its metadata. */
function sizeOf(details: FileDetails | undefined): number {
  return details ? (details.recordText?.length ?? 0) + details.members.length * MEMBER_BYTES : 0;
}

/** Undefined for a link, whose stamp says nothing of what it leads to, and where nothing can be seen. */
function stampNow(path: string): FileStamp | undefined {
  try {
    const stats = look(path);
    return stats?.isFile() ? fileStamp(stats) : undefined;
  } catch {
    return undefined; // opening it will say why
  }
}

async function orUndefined<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}
