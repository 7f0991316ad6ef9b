import { type ObjectStore, StoreError } from '../object-store/object-store.ts';
import type { Touching } from './bucket-head.ts';

/** Uploads in parts that the push before this one did not end are paid for until somebody abandons them. @throws {StoreError} but for stores that know none */
export async function abandonUploads(store: ObjectStore, touched: Touching): Promise<void> {
  const keys = new Set([...touched.values()].flatMap((unit) => [...unit.keys()]));
  try {
    for (const upload of await store.unfinished('')) if (keys.has(upload.key)) await store.abandon(upload);
  } catch (error) {
    if (!(error instanceof StoreError) || (error.fault !== 'refused' && error.fault !== 'denied')) throw error;
  }
}
