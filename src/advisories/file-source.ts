import { closeSync, fstatSync } from 'node:fs';
import type { ByteSource } from '../formats/byte-source.ts';
import { fill, openFile } from '../io/open-file.ts';

/** Read a file from any place while `use` runs. @throws as `openFile` */
export async function withFileSource<T>(path: string, use: (source: ByteSource) => Promise<T>): Promise<T> {
  const descriptor = openFile(path);
  try {
    const { size } = fstatSync(descriptor);
    return await use({
      size,
      async read(offset, length) {
        const piece = Buffer.allocUnsafe(Math.max(0, Math.min(length, size - offset)));
        return piece.subarray(0, fill(descriptor, piece, offset, piece.length));
      },
    });
  } finally {
    closeSync(descriptor);
  }
}
