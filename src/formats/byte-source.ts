/** Bytes that can be read from any place: memory, a file, a range over HTTP. */
export interface ByteSource {
  /** In bytes. */
  readonly size: number;
  /** Short only at the end. The array may be overwritten by the next read: copy what you keep. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

export function memorySource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: async (offset, length) => bytes.subarray(offset, offset + length),
  };
}

/** The same memory, with the reading methods of Buffer. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
