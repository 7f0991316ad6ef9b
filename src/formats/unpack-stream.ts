import { pipeline } from 'node:stream/promises';
import type { Gunzip, InflateRaw } from 'node:zlib';

/**
 * Unpack pieces one after the other, in bounded memory. What follows the end of the compressed data is left unread.
 *
 * @param unpacker a stream of zlib
 * @param sink gets the unpacked bytes, piece by piece; what it throws ends the reading
 * @throws {Error} of zlib (its code begins with `Z_`), of the source, or of the sink
 */
export async function unpackStream(
  packed: AsyncIterable<Uint8Array>,
  unpacker: Gunzip | InflateRaw,
  sink: (piece: Uint8Array) => void,
): Promise<void> {
  let ended = false;
  try {
    await pipeline(packed, unpacker, async (unpacked: AsyncIterable<Uint8Array>) => {
      for await (const piece of unpacked) sink(piece);
      ended = true;
    });
  } catch (error) {
    // The data ended before the input did: a pipeline calls that, which is none of ours, an aborted one.
    if (!ended || (error as Error).name !== 'AbortError') throw error;
  }
}
