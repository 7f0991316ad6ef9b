import { readMetadata } from '../inspect/inspect-file.ts';
import { type FileDetails, readDetails } from '../inspect/read-details.ts';
import { FormatError } from '../problems.ts';
import type { CoreMetadata } from '../standards/metadata.ts';

/** So much of what was read last is kept, in bytes, about. */
const KEEP_BYTES = 8 * 1024 * 1024;

/** What one member of an archive takes in memory, in bytes, about. */
const MEMBER_BYTES = 200;

/**
 * Opens packages for their pages. A file's page tells what changed since the version before, whose page is made next, and a project's page
 * shows what the newest file says: so what was read last is kept. Paths are absolute.
 *
 * Where a file changes at this very moment, all give undefined: the next run makes the page anew.
 */
export class PackageReader {
  /** The one read last comes last. */
  readonly #kept = new Map<string, { details: FileDetails; bytes: number }>();
  #keptBytes = 0;

  async details(path: string): Promise<FileDetails | undefined> {
    const kept = this.#kept.get(path);
    if (kept) return kept.details;
    const details = await orUndefined(() => readDetails(path));
    if (details) this.#keep(path, details);
    return details;
  }

  async metadata(path: string): Promise<CoreMetadata | undefined> {
    const kept = this.#kept.get(path);
    return kept ? kept.details.metadata : orUndefined(async () => (await readMetadata(path)).metadata);
  }

  #keep(path: string, details: FileDetails): void {
    const { metadataBytes, members, recordText = '' } = details;
    const bytes = metadataBytes.length + recordText.length + members.length * MEMBER_BYTES;
    this.#kept.set(path, { details, bytes });
    this.#keptBytes += bytes;
    for (const [oldest, { bytes: freed }] of this.#kept) {
      if (this.#keptBytes <= KEEP_BYTES) return;
      this.#kept.delete(oldest);
      this.#keptBytes -= freed;
    }
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
