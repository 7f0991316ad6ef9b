/**
 * Values as ssh puts them into keys and signatures: numbers of four bytes, and texts with their length before them.
 *
 * Source: RFC 4251 "The Secure Shell (SSH) Protocol Architecture", section 5.
 */

/** Reads from the beginning; what is not there is undefined, and so is all that comes after it. */
export class SshWire {
  #rest: Buffer | undefined;

  constructor(bytes: Uint8Array) {
    this.#rest = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  take(count: number): Buffer | undefined {
    const rest = this.#rest;
    this.#rest = rest === undefined || rest.length < count ? undefined : rest.subarray(count);
    return this.#rest && rest?.subarray(0, count);
  }

  number(): number | undefined {
    return this.take(4)?.readUInt32BE(0);
  }

  bytes(): Buffer | undefined {
    const length = this.number();
    return length === undefined ? undefined : this.take(length);
  }

  text(): string | undefined {
    return this.bytes()?.toString('latin1');
  }

  /** A whole number that is not negative, without the zeros before it. */
  positive(): Buffer | undefined {
    const bytes = this.bytes();
    if (bytes === undefined || (bytes[0] ?? 0) >= 0x80) return undefined;
    let zeros = 0;
    while (bytes[zeros] === 0) zeros++;
    return bytes.subarray(zeros);
  }

  /** Everything was there, and was read. */
  get isAtEnd(): boolean {
    return this.#rest?.length === 0;
  }
}

/** A text as ssh writes it. */
export function sshBytes(value: string | Uint8Array): Buffer {
  const bytes = Buffer.from(value as Uint8Array);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
