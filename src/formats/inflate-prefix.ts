import { constants, inflateRawSync } from 'node:zlib';

/**
 * Unpack the beginning of a deflated member: what comes out of its first bytes.
 *
 * @param packed cut off anywhere
 * @param limitBytes of what may come out
 * @returns undefined when it is damaged, or more than the limit comes out
 */
export function inflatePrefix(packed: Uint8Array, limitBytes: number): Buffer | undefined {
  try {
    return inflateRawSync(packed, {
      finishFlush: constants.Z_SYNC_FLUSH, // without it, an end that is missing would be an error
      maxOutputLength: limitBytes,
      chunkSize: Math.min(limitBytes, Math.max(64, 4 * packed.length)),
    });
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code.startsWith('Z_') || code === 'ERR_BUFFER_TOO_LARGE') return undefined;
    throw error;
  }
}
