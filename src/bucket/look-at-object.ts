/** One object of a bucket, held against what the site wants there. */
import { createHash } from 'node:crypto';
import type { ObjectHeaders, ObjectInfo } from '../object-store/object-store.ts';
import type { RetryStore } from '../object-store/retry-store.ts';
import { hasSameText } from '../object-store/same-text.ts';
import { quoted } from '../standards/quoted.ts';
import type { RecordedObject } from './bucket-record.ts';
import type { BucketObject } from './bucket-source.ts';
import { headersPrint } from './plan-unit.ts';
import { HASH_META } from './put-object.ts';

export interface LookedObject {
  /** What is not as it should be, each in one line that reads on after the key. */
  faults: string[];
  /** Nothing is said of how long it may be kept; it is none of the faults. */
  isUncached: boolean;
  /** It is as the record says, and the site has another by now. */
  isOld: boolean;
  /** Its bytes are other ones than its own mark says. Its ETag. */
  forged?: string;
  /** Of a page that was read, as it stands there. */
  bytes?: Buffer;
}

/**
 * @param isRead its bytes are read, and hashed
 * @param isKept and are returned
 * @returns undefined where it is not there
 * @throws {StoreError}; an error of reading what the site has
 */
export async function lookAtObject(
  store: RetryStore,
  wanted: BucketObject,
  recorded: RecordedObject | undefined,
  isRead: boolean,
  isKept: boolean,
): Promise<LookedObject | undefined> {
  const isKnown = recorded?.stamp === wanted.stamp && recorded.headers === headersPrint(wanted.headers);
  const { size, sha256 } = isKnown ? recorded : wanted.open();
  const found = isRead || isKept ? undefined : await store.head(wanted.key);
  if (!isRead && !isKept && found === undefined) return undefined;
  // Whoever wrote it since the last push may have written any mark: a hash of the store's own counts, or its bytes do.
  const isProven = found !== undefined && (found.sha256 !== undefined || found.etag === recorded?.etag);
  const read = isProven ? undefined : await readObject(store, wanted.key, isKept);
  const info = read?.info ?? found;
  if (info === undefined || (found === undefined && read === undefined)) return undefined;
  const real = read?.sha256 ?? info.sha256;
  const mark = info.headers.meta?.[HASH_META];
  const bytes = read?.bytes && { bytes: read.bytes };
  if (isOld(recorded, info, mark, sha256)) return { faults: [], isUncached: false, isOld: true, ...bytes };
  const faults = faultsOf(info, wanted.headers, { size, sha256, real, mark });
  const isForged = real !== undefined && real !== sha256 && mark === sha256 && info.size === size;
  const isUncached = info.headers.cacheControl === '' && wanted.headers.cacheControl !== '';
  return { faults, isUncached, isOld: false, ...bytes, ...(isForged && { forged: info.etag }) };
}

function isOld(recorded: RecordedObject | undefined, info: ObjectInfo, mark: string | undefined, sha256: string) {
  return (
    recorded !== undefined && recorded.sha256 !== sha256 && info.etag === recorded.etag && mark === recorded.sha256
  );
}

function faultsOf(
  { size, headers }: ObjectInfo,
  wanted: ObjectHeaders,
  bytes: { size: number; sha256: string; real: string | undefined; mark: string | undefined },
): string[] {
  const faults: string[] = [];
  if (size !== bytes.size) faults.push(`has ${size} bytes, and the site's has ${bytes.size}`);
  else if ((bytes.real ?? bytes.sha256) !== bytes.sha256) faults.push('has other bytes than the site');
  else if (bytes.mark !== undefined && bytes.mark !== bytes.sha256)
    faults.push('is marked with the hash of other bytes');
  if (bytes.mark === undefined) faults.push('has no mark of kho: something else put it there');
  const differ = (name: string, is = 'nothing', ought = 'nothing') => {
    if (!hasSameText(is, ought)) faults.push(`has ${name} ${quoted(is)}, and ought to have ${quoted(ought)}`);
  };
  differ('the type', headers.contentType, wanted.contentType);
  if (headers.cacheControl !== '') differ('Cache-Control', headers.cacheControl, wanted.cacheControl);
  differ('Content-Encoding', headers.contentEncoding, wanted.contentEncoding);
  return faults;
}

interface ReadObject {
  info: ObjectInfo;
  sha256: string;
  bytes?: Buffer;
}

async function readObject(store: RetryStore, key: string, isKept: boolean): Promise<ReadObject | undefined> {
  const read = await store.read(key, async (from, info) => {
    const hash = createHash('sha256');
    const pieces: Uint8Array[] = [];
    for await (const piece of from) {
      hash.update(piece);
      if (isKept) pieces.push(piece);
    }
    return { info, sha256: hash.digest('hex'), ...(isKept && { bytes: Buffer.concat(pieces) }) };
  });
  return read === 'unchanged' ? undefined : read;
}
