/** The client of buckets, with real stores. */
import { afterAll, beforeAll, describe, test } from 'vitest';
import type { ObjectStore } from '../../src/object-store/object-store.ts';
import { openStore } from '../../src/object-store/open-store.ts';
import { parseStoreAddress } from '../../src/object-store/store-address.ts';
import { hasMoto, startMoto } from '../support/object-stores/moto.ts';
import { type StoreServer, setAwsEnvironment } from '../support/object-stores/store-server.ts';
import { hasVersitygw, startVersitygw } from '../support/object-stores/versitygw.ts';
import { type StoreAbility, storeContract } from '../support/store-contract.ts';

const STORES: [name: string, has: boolean, start: () => Promise<StoreServer>, without: StoreAbility[]][] = [
  ['versitygw', hasVersitygw, startVersitygw, ['slash keys']],
  ['moto', hasMoto, startMoto, ['hashes', 'races', 'swaps of big files']],
];

describe.each(STORES.filter(([, has]) => has))('%s keeps the contract of stores', (_name, _has, start, without) => {
  let server: StoreServer;
  let restore = () => {};
  let store: ObjectStore;
  beforeAll(async () => {
    server = await start();
    await server.makeBucket('contract');
    restore = setAwsEnvironment(server.environment);
    store = await openStore(parseStoreAddress('s3://contract/some/prefix'));
  });
  afterAll(async () => {
    restore();
    await server?.stop();
  });

  test.each(storeContract({ without }))('$name', (check) => check.run(store));
});
