import { readMetadata } from '../inspect/inspect-file.ts';
import type { FileIdentity } from '../io/file-stamp.ts';
import { FormatError } from '../problems.ts';
import { type CoreMetadata, parseMetadata } from '../standards/metadata.ts';

/** Metadata kept from the inspection, so that a page made right after need not open the package again. In bytes. */
const KEEP_BYTES = 8 * 1024 * 1024;

interface PackageMetadata {
  metadata: CoreMetadata;
  metadataBytes: Uint8Array;
}

/** Metadata of one project's files: what was just read, or else read again from the package. Bounded in memory. */
export class MetadataReader {
  readonly #kept = new Map<string, PackageMetadata>();
  #keptBytes = 0;

  keep(path: string, { metadataBytes, metadata }: Partial<PackageMetadata>): void {
    if (!metadataBytes) return;
    this.#keptBytes += metadataBytes.length;
    if (this.#keptBytes > KEEP_BYTES) return;
    this.#kept.set(path, { metadataBytes, metadata: metadata ?? parseMetadata(metadataBytes) });
  }

  /** @param path absolute; @param seen what the scan saw there; @throws {FormatError} when the file is no longer what it was */
  async read(path: string, seen?: FileIdentity): Promise<PackageMetadata> {
    return this.#kept.get(path) ?? (await readMetadata(path, seen));
  }

  /** For a page: where the file changes at this very moment, what its facts tell; the next run makes the page anew. */
  async readOrMakeDo(path: string, facts: { name: string; version: string }): Promise<CoreMetadata> {
    try {
      return (await this.read(path)).metadata;
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      return parseMetadata(Buffer.from(`Metadata-Version: 2.1\nName: ${facts.name}\nVersion: ${facts.version}\n`));
    }
  }
}
