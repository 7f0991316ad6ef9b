import { KhoError } from '../errors.ts';
import type { Clock } from '../object-store/clock.ts';
import { type ObjectStore, type StoredObject, StoreError } from '../object-store/object-store.ts';
import { asking } from '../object-store/retry.ts';

export interface ReadStored {
  etag: string;
  bytes: Buffer;
}

/**
 * A whole object. Asked for again where it comes only in part.
 *
 * @param most in bytes; what is longer was written by no kho
 * @throws {KhoError} BUCKET {StoreError}
 */
export async function readStored(
  store: ObjectStore,
  clock: Clock,
  key: string,
  most: number,
  unlessEtag?: string,
): Promise<ReadStored | 'unchanged' | undefined> {
  return await asking(async () => {
    const found = await store.get(key, unlessEtag === undefined ? {} : { unlessEtag });
    if (found === undefined || found === 'unchanged') return found;
    const bytes = await readBody(found, most);
    if (bytes !== undefined) return { etag: found.etag, bytes };
    throw new KhoError(
      'BUCKET',
      `Cannot read "${store.name}/${key}": it has more than the ${most} bytes of kho's own`,
      {
        hint: 'look at what is there: no kho wrote it',
      },
    );
  }, clock);
}

/** Undefined where there is more. @throws {StoreError} */
async function readBody({ body, size }: StoredObject, most: number): Promise<Buffer | undefined> {
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    if (size > most) return undefined;
    for await (const piece of body) {
      pieces.push(Buffer.from(piece));
      length += piece.length;
      if (length > most) return undefined;
    }
  } catch (cause) {
    throw new StoreError('busy', 'the answer broke off', { cause });
  } finally {
    body.destroy();
  }
  if (length < size) throw new StoreError('busy', `${length} of ${size} bytes came`);
  return Buffer.concat(pieces);
}
