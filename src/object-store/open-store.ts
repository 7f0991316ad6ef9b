import type { StoreSettings } from '../config/store-settings.ts';
import { type Clock, SYSTEM_CLOCK } from './clock.ts';
import { RetryStore } from './retry-store.ts';
import type { StoreAddress } from './store-address.ts';

/** A store as commands use it: asked again while it is busy. Loads the SDK. @throws {KhoError} USAGE for settings that cannot be; {StoreError} */
export async function openStore(
  address: StoreAddress,
  settings: StoreSettings = {},
  clock: Clock = SYSTEM_CLOCK,
): Promise<RetryStore> {
  const { S3Store } = await import('./s3-store.ts');
  const store = new S3Store(address, settings, clock);
  await store.session.open();
  return new RetryStore(store, clock);
}
