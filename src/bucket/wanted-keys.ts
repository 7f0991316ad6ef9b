import type { BucketSource } from './bucket-source.ts';

/** All keys that a site has, and which of them stand in the bucket: to be held against its list in one pass. A key takes its letters, and some bytes. */
export class WantedKeys {
  readonly #keys: readonly string[];
  readonly #isThere: Uint8Array;

  private constructor(keys: readonly string[]) {
    this.#keys = keys;
    this.#isThere = new Uint8Array(keys.length);
  }

  static async of(source: BucketSource): Promise<WantedKeys> {
    const keys: string[] = [];
    for (const unit of source.units()) for (const { key } of await unit.objects()) keys.push(key);
    return new WantedKeys(keys.sort(byBytes));
  }

  get size(): number {
    return this.#keys.length;
  }

  /**
   * Marks those that are listed.
   *
   * @param listed sorted by bytes, as stores do
   * @param onOther told of each that the site does not have
   */
  async mark<Listed extends { key: string }>(
    listed: AsyncIterable<Listed>,
    onOther: (other: Listed) => void,
  ): Promise<void> {
    let place = 0;
    for await (const one of listed) {
      while (place < this.#keys.length && byBytes(this.#keys[place] as string, one.key) < 0) place++;
      if (this.#keys[place] === one.key) this.#isThere[place] = 1;
      else onOther(one);
    }
  }

  /** Undefined where the site has no such key. */
  isThere(key: string): boolean | undefined {
    let low = 0;
    let high = this.#keys.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const order = byBytes(this.#keys[middle] as string, key);
      if (order === 0) return this.#isThere[middle] === 1;
      if (order < 0) low = middle + 1;
      else high = middle - 1;
    }
    return undefined;
  }
}

/** Halves of letters beyond the first 65,536: only with those does JavaScript sort otherwise than stores, by bytes of UTF-8. */
const HALF_LETTER = /[\ud800-\udfff]/;

function byBytes(one: string, other: string): number {
  if (one === other) return 0;
  if (HALF_LETTER.test(one) || HALF_LETTER.test(other)) return Buffer.compare(Buffer.from(one), Buffer.from(other));
  return one < other ? -1 : 1;
}
