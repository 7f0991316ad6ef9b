import type { FileTail } from '../../fetch/download-file.ts';
import type { ByteRange } from '../../standards/http/byte-range.ts';
import type { UpstreamFile } from '../../upstream-model.ts';

/** Remembered of all files, in bytes: installers read some ten kilobytes of each wheel before they want it. */
const MOST_BYTES = 4 * 1024 * 1024;
/** Of so many files: who asks for single bytes must not fill memory with names. */
const MOST_ENDS = 1000;
/** Nothing tells yet whether an end is right, and who reads ends alone never gets to know: one that came wrong is forgotten. In milliseconds. */
const KEPT_MS = 600_000;

interface KnownEnd extends FileTail {
  /** When the first of it came. */
  sinceMs: number;
}

/**
 * Ends of files that are not here: installers read them to learn what a wheel needs, and want all of it after that. Then the rest comes, and
 * this is put to it; nothing crosses the line twice.
 */
export class KnownEnds {
  /** By whatever tells files apart. The one that was kept longest ago comes first. */
  readonly #ends = new Map<string, KnownEnd>();
  readonly #now: () => number;
  #bytes = 0;

  /** @param now milliseconds since 1970 */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** A part that came. Only what reaches to the end of the file, or to what is known of that, is kept. @param size of the file */
  keep(key: string, { start, end }: ByteRange, bytes: Uint8Array, size: number): void {
    const known = this.get(key);
    const reaches = end === size || (known !== undefined && end >= known.from);
    if (!reaches || (known !== undefined && start >= known.from)) return;
    const own = known ? bytes.subarray(0, known.from - start) : bytes;
    this.drop(key);
    const sinceMs = known?.sinceMs ?? this.#now();
    this.#ends.set(key, { from: start, bytes: Buffer.concat(known ? [own, known.bytes] : [own]), sinceMs });
    this.#bytes += size - start;
    for (const oldest of this.#ends.keys()) {
      if (this.#bytes <= MOST_BYTES && this.#ends.size <= MOST_ENDS) break;
      this.drop(oldest);
    }
  }

  get(key: string): KnownEnd | undefined {
    const known = this.#ends.get(key);
    if (known === undefined || this.#now() - known.sinceMs < KEPT_MS) return known;
    this.drop(key);
    return undefined;
  }

  /** The file is here, or what came of it is of no use. */
  drop(key: string): void {
    this.#bytes -= this.#ends.get(key)?.bytes.length ?? 0;
    this.#ends.delete(key);
  }
}

/** Of a file that its index lists. @param path see `keptPath` */
export function endKey(path: string, { sha256 }: UpstreamFile): string {
  return `${path} ${sha256}`;
}
