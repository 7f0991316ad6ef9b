import { KhoError } from '../errors.ts';
import type { ObjectInfo } from '../object-store/object-store.ts';
import type { RetryStore } from '../object-store/retry-store.ts';

export interface ReadStored {
  etag: string;
  bytes: Buffer;
  /** Milliseconds since 1970, by the store's clock. */
  modifiedMs: number;
}

/**
 * A whole object.
 *
 * @param most in bytes; what is longer was written by no kho
 * @throws {KhoError} BUCKET {StoreError}
 */
export async function readStored(
  store: RetryStore,
  key: string,
  most: number,
  unlessEtag?: string,
): Promise<ReadStored | 'unchanged' | undefined> {
  const whole = async (from: AsyncIterable<Uint8Array>, { etag, size, modifiedMs }: ObjectInfo) => {
    if (size > most) throw tooLong(`${store.name}/${key}`, most);
    const pieces: Uint8Array[] = [];
    let length = 0;
    for await (const piece of from) {
      pieces.push(piece);
      length += piece.length;
      if (length > most) throw tooLong(`${store.name}/${key}`, most);
    }
    return { etag, modifiedMs, bytes: Buffer.concat(pieces) };
  };
  return await store.read(key, whole, unlessEtag === undefined ? {} : { unlessEtag });
}

function tooLong(where: string, most: number): KhoError {
  return new KhoError('BUCKET', `Cannot read "${where}": it has more than the ${most} bytes of kho's own`, {
    hint: 'look at what is there: no kho wrote it',
  });
}
