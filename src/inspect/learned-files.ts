import { type FileStamp, isSameStamp } from '../io/file-stamp.ts';
import type { FileFacts } from './file-facts.ts';

/** What was read of a file before it came to its place: it holds as long as the file there is what it was then. Plain data, so that threads can be told. */
export interface LearnedFile {
  /** From the site's root. */
  file: string;
  /** As it was left there. */
  stamp: FileStamp;
  facts: FileFacts;
  /** Every member was unpacked, and is what its checksum says. */
  isWhole: boolean;
  /** Nobody but kho could write to it since it was read: while its stamp is the same, it is what it was, however fresh. */
  isOursAlone?: true;
  /** As they stand in the package; absent where there was much to remember. */
  metadataBytes?: Uint8Array;
}

/** Of metadata that is kept for a later step, in bytes: most has some ten thousand, and what is longer is read again. */
const LONGEST_METADATA = 64 * 1024;

/** Of all that is kept for the later steps of one run, in bytes. */
const MOST_METADATA = 8 * 1024 * 1024;

/** So many files are kept in mind, of a kilobyte or two each; more of them are read again. */
const MOST_FILES = 10_000;

/** Metadata that a later step of the run may want: as much as there is room for. */
export class MetadataToKeep {
  #bytes = 0;

  /** What to keep of it. */
  take(metadataBytes: Uint8Array): { metadataBytes?: Uint8Array } {
    const { length } = metadataBytes;
    if (length > LONGEST_METADATA || this.#bytes + length > MOST_METADATA) return {};
    this.#bytes += length;
    return { metadataBytes };
  }
}

/** What one step of a run hands to the next of files that it has read. Bounded in memory. */
export class LearnedFiles {
  readonly #byPath = new Map<string, LearnedFile>();

  constructor(files: Iterable<LearnedFile> = []) {
    for (const known of files) this.add(known);
  }

  add(known: LearnedFile): void {
    if (this.#byPath.size < MOST_FILES) this.#byPath.set(known.file, known);
  }

  /** @param stamp of what is there now @returns undefined for other bytes, or such as may be others */
  find(file: string, stamp: FileStamp): LearnedFile | undefined {
    const known = this.#byPath.get(file);
    return known && isSameStamp(known.stamp, stamp) ? known : undefined;
  }

  values(): Iterable<LearnedFile> {
    return this.#byPath.values();
  }
}
