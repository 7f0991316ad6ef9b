/** What a store can do, found out by trying. All that it writes lies below `.kho/probe-…`, and is removed again. */
import { randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { CACHE_CONTROL } from '../standards/http/cache-control.ts';
import { contentType, HTML_TYPE, TEXT_TYPE } from '../standards/http/media-types.ts';
import { bytesBody } from './bytes-body.ts';
import { type ObjectHeaders, StoreError } from './object-store.ts';
import { type RaceResult, raceToCreate, raceToSwap } from './probe-races.ts';
import type { S3Store } from './s3-store.ts';
import { hasSameText } from './same-text.ts';

/** Enough for most that lose changes to lose one; for those that are known to, more. */
const RACE = { writers: 8, rounds: 3 };
const LONG_RACE = { writers: 32, rounds: 10 };

/** As they say of themselves who answer right one at a time, and not when many ask: for them it is looked closer, and for those that say nothing. */
const KNOWN_RACY = /werkzeug|jetty|s3s|s3mock|garage|ceph|rados|seaweed/i;

export interface StoreAbilities {
  /** As it calls itself; empty where it does not. */
  server: string;
  creates: RaceResult;
  swaps: RaceResult;
  /** Of the headers of an object, which came back otherwise: `contentType`. */
  changedHeaders: string[];
  /** Bytes that are not those announced are refused. */
  looksAtHashes: boolean;
  /** HEAD tells a hash that the store has computed. */
  tellsHashes: boolean;
  /** What is listed, is what was written. */
  lists: boolean;
  /** Several keys are removed with one request. */
  removesMany: boolean;
  /** An upload in parts can be begun, found and given up. */
  parts: boolean;
  /** A key that ends in a slash keeps its content. */
  slashKeys: boolean;
  /** Status for a key that is not there: with credentials, and without. */
  missing: { signed: number; unsigned: number };
  /** Status without credentials: of an object; of a folder that has an index.html; of the list of the bucket. */
  unsigned: { object: number; folder: number; list: number };
}

const HEADERS: ObjectHeaders = {
  contentType: contentType(HTML_TYPE),
  cacheControl: CACHE_CONTROL.ask,
  contentEncoding: 'gzip',
  meta: { 'kho-sha256': '0'.repeat(64) },
};
const PLAIN: ObjectHeaders = { contentType: contentType(TEXT_TYPE), cacheControl: CACHE_CONTROL.ask };

/** @throws {StoreError} of the first question that cannot be answered; what was written is removed all the same, as far as that can be done */
export async function probeStore(store: S3Store): Promise<StoreAbilities> {
  const folder = `.kho/probe-${randomUUID().slice(0, 8)}`;
  const at = (name: string) => `${folder}/${name}`;
  try {
    return await probe(store, at);
  } finally {
    await sweep(store, folder).catch(() => {}); // what stopped it is what is told
  }
}

async function probe(store: S3Store, at: (name: string) => string): Promise<StoreAbilities> {
  const { session } = store;
  const page = bytesBody('<title>kho doctor</title>');
  const first = () => store.put(at('site/index.html'), page, HEADERS);
  await first().catch((error: unknown) => {
    // By now it is signed by the store's clock, where this machine's is wrong.
    if (error instanceof StoreError && error.fault === 'busy') return first();
    throw error;
  });
  const server = session.lastAnswer?.headers['server'] ?? '';
  const race = { ...(server === '' || KNOWN_RACY.test(server) ? LONG_RACE : RACE), headers: PLAIN };

  const info = await store.head(at('site/index.html'));
  await store.put(at('plain/text'), bytesBody('text'), PLAIN);
  const path = (key: string) => session.fullKey(key).split('/').map(encodeURIComponent).join('/');
  const status = async (key: string) => (await session.askUnsigned('GET', path(key))).status;
  const found: string[] = [];
  for await (const { key } of store.list(at('site/'))) found.push(key);

  return {
    server,
    changedHeaders: changes(info?.headers),
    tellsHashes: info?.sha256 === page.sha256,
    lists: found.length === 1 && found[0] === at('site/index.html'),
    looksAtHashes: await looksAtHashes(store, at('hash')),
    creates: await raceToCreate(store, (round) => at(`create/${round}`), race),
    swaps: await raceToSwap(store, at('swap'), race),
    slashKeys: await takesSlashKeys(store, at('slash')),
    parts: await takesParts(store, at('parts')),
    missing: { signed: await signedMissing(store, at('missing')), unsigned: await status(at('missing')) },
    unsigned: {
      object: await status(at('plain/text')),
      folder: await status(at('site/')),
      list: (await session.askUnsigned('GET', '?list-type=2&max-keys=1')).status,
    },
    removesMany: await removesMany(store, [at('plain/text'), at('missing')]),
  };
}

function changes(kept: ObjectHeaders | undefined): string[] {
  const names = Object.keys(HEADERS) as (keyof ObjectHeaders)[];
  const text = (headers: ObjectHeaders | undefined, name: keyof ObjectHeaders) => JSON.stringify(headers?.[name] ?? '');
  return names.filter((name) => !hasSameText(text(kept, name), text(HEADERS, name)));
}

async function looksAtHashes(store: S3Store, key: string): Promise<boolean> {
  return store.put(key, { ...bytesBody('some bytes'), sha256: bytesBody('others').sha256 }, PLAIN).then(
    () => false,
    (error: unknown) => {
      if (error instanceof StoreError && error.fault === 'refused') return true;
      throw error;
    },
  );
}

/** Some refuse such a key, some keep it without its content, and some take it for the folder. */
async function takesSlashKeys(store: S3Store, key: string): Promise<boolean> {
  try {
    await store.put(`${key}/`, bytesBody('kept'), PLAIN);
    await store.put(`${key}/index.html`, bytesBody('beside'), PLAIN);
    const found = await store.get(`${key}/`);
    if (found === undefined || found === 'unchanged') return false;
    return (await text(found.body)) === 'kept';
  } catch (error) {
    if (error instanceof StoreError && error.fault === 'refused') return false;
    throw error;
  }
}

async function takesParts(store: S3Store, key: string): Promise<boolean> {
  const upload = await store.begin(key, PLAIN);
  if (upload === undefined) return false;
  try {
    const isFound = (await store.unfinished(key)).some(({ id }) => id === upload.id);
    await store.abandon(upload);
    return isFound && (await store.unfinished(key)).every(({ id }) => id !== upload.id);
  } catch (error) {
    if (error instanceof StoreError && error.fault === 'refused') return false;
    throw error;
  }
}

/** 404, or the status of who may not know whether it is there. */
async function signedMissing(store: S3Store, key: string): Promise<number> {
  try {
    await store.head(key);
    return store.session.lastAnswer?.status ?? 0;
  } catch (error) {
    if (error instanceof StoreError && error.fault === 'denied') return 403;
    throw error;
  }
}

async function removesMany(store: S3Store, keys: readonly string[]): Promise<boolean> {
  await store.remove(keys);
  return store.removesMany;
}

/** Also what a store has made of a key that it did not take. */
async function sweep(store: S3Store, folder: string): Promise<void> {
  const keys: string[] = [];
  for await (const { key } of store.list(`${folder}/`)) keys.push(key);
  await store.remove(keys);
  for (const upload of await store.unfinished(`${folder}/`)) await store.abandon(upload);
}
