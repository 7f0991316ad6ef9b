import { bytesBody } from '../object-store/bytes-body.ts';
import type { ObjectStore } from '../object-store/object-store.ts';
import { CACHE_CONTROL } from '../standards/http/cache-control.ts';
import { contentType, TEXT_TYPE } from '../standards/http/media-types.ts';
import { RECORD_FOLDER } from './bucket-record.ts';

/** Whether a store keeps what is said of how long an object may be kept: some do not. @param run no other has it @throws {StoreError} */
export async function keepsCacheControl(store: ObjectStore, run: string): Promise<boolean> {
  const key = `${RECORD_FOLDER}probe-${run}`;
  await store.put(key, bytesBody('kho check'), {
    contentType: contentType(TEXT_TYPE),
    cacheControl: CACHE_CONTROL.ask,
  });
  const found = await store.head(key);
  await store.remove([key]);
  return found?.headers.cacheControl !== '';
}
