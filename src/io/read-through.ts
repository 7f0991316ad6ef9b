import { read } from 'node:fs';

/** Read at once. In bytes. */
const PIECE_BYTES = 256 * 1024;

/**
 * Read an open file from its start to its end, beside the thread that answers others: between two pieces it does other things.
 *
 * @param onPiece what it gets is overwritten by the next piece
 * @returns how many bytes there were
 * @throws an error of Node
 */
export async function readThrough(descriptor: number, onPiece: (bytes: Uint8Array) => void): Promise<number> {
  const buffer = Buffer.allocUnsafe(PIECE_BYTES);
  for (let position = 0; ; ) {
    const count = await readAt(descriptor, buffer, position);
    if (count === 0) return position;
    onPiece(buffer.subarray(0, count));
    position += count;
  }
}

/** As many bytes as fit or are there; none at the end. @throws an error of Node */
export function readAt(descriptor: number, into: Uint8Array, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    read(descriptor, into, 0, into.length, position, (error, count) => (error ? reject(error) : resolve(count)));
  });
}
