import { FormatError } from '../problems.ts';
import { asBuffer, type ByteSource } from './byte-source.ts';

/** Bits of a source, most significant first, through a window of memory that moves along. */
export class BitWindow {
  readonly #source: ByteSource;
  readonly #ahead: number;
  readonly #memory: Buffer;
  /** How much of the memory holds bytes, and where the next one is. */
  #length = 0;
  #at = 0;
  /** From the start of the source: where the next refill reads. */
  #offset = 0;
  /** Up to 32 bits that were taken out of the window, the last `#bitCount` of the number. */
  #bits = 0;
  #bitCount = 0;

  /** @param ahead how many bytes may be read between two calls of `refill` */
  constructor(source: ByteSource, ahead: number) {
    this.#source = source;
    this.#ahead = ahead;
    this.#memory = Buffer.allocUnsafe(Math.min(2 * ahead, source.size));
  }

  /** Have the next bytes ready, as many as there are. */
  async refill(): Promise<void> {
    if (this.#length - this.#at >= this.#ahead || this.#offset === this.#source.size) return;
    this.#memory.copyWithin(0, this.#at, this.#length);
    this.#length -= this.#at;
    this.#at = 0;
    const wanted = Math.min(this.#memory.length - this.#length, this.#source.size - this.#offset);
    const bytes = asBuffer(await this.#source.read(this.#offset, wanted));
    bytes.copy(this.#memory, this.#length);
    this.#length += bytes.length;
    this.#offset = bytes.length < wanted ? this.#source.size : this.#offset + bytes.length;
  }

  /** The next bits, up to 25, without moving on; zeros stand for what is missing at the end. */
  peek(count: number): number {
    while (this.#bitCount < count) {
      this.#bits = (this.#bits << 8) | (this.#at < this.#length ? (this.#memory[this.#at] as number) : 0);
      this.#at++;
      this.#bitCount += 8;
    }
    return (this.#bits >>> (this.#bitCount - count)) & ((1 << count) - 1);
  }

  /** @param count no more than were looked at */
  skip(count: number): void {
    this.#bitCount -= count;
    if (this.#at - (this.#bitCount >> 3) > this.#length) throw this.fault();
  }

  read(count: number): number {
    const value = this.peek(count);
    this.skip(count);
    return value;
  }

  readUint32(): number {
    return this.read(16) * 0x10000 + this.read(16);
  }

  /** Go on at the next whole byte. */
  align(): void {
    this.#bitCount -= this.#bitCount & 7;
  }

  /** For the reader that cannot make sense of the bits: maybe there are no more. */
  fault(): FormatError {
    return this.#at > this.#length
      ? new FormatError('incomplete', 'is a bzip2 file cut short')
      : new FormatError('damaged', 'is a damaged bzip2 file');
  }
}
