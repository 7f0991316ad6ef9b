import { KhoError } from '../errors.ts';
import type { ObjectBody, ObjectHeaders, ObjectInfo, ObjectStore, PutCondition } from '../object-store/object-store.ts';
import { hasSameText } from '../object-store/same-text.ts';
import type { RecordedObject } from './bucket-record.ts';
import type { PlannedObject } from './plan-unit.ts';

/** In `meta`: the hash of the content, so that one question tells whether it is there. */
export const HASH_META = 'kho-sha256';

/** Somebody who writes the same objects all the time is not waited for. */
const MOST_TRIES = 5;

export interface PutResult {
  recorded: RecordedObject;
  how: 'written' | 'unchanged';
  /** In bytes, of what was sent. */
  sent: number;
  /** Other bytes stood there under that name. */
  replaced: boolean;
  /** What stood there was not what the record says. */
  wasOther: boolean;
}

/**
 * Bring one object to its place. No answer but that it is stored counts for anything: what is refused is looked at.
 *
 * @param isStrange whether what stands there without kho's mark is somebody else's, and stays
 * @param goesOn called whenever more of it is sent
 * @throws {KhoError} BUCKET {StoreError}; an error of reading it
 */
export async function putObject(
  store: ObjectStore,
  { wanted, headers: print, known, isDoubtful }: PlannedObject,
  isStrange: boolean,
  goesOn: () => void,
): Promise<PutResult> {
  const { key, step, stamp } = wanted;
  const file = wanted.open();
  const { size, sha256 } = file;
  const body: ObjectBody = {
    ...{ size, sha256 },
    read: (from, length) => {
      goesOn();
      return file.read(from, length);
    },
  };
  let wasOther = false;
  const result = (etag: string, how: PutResult['how'], replaced = false): PutResult => ({
    ...{ how, replaced, wasOther, sent: how === 'written' ? size : 0 },
    recorded: { key, step, size, sha256, stamp, etag, headers: print },
  });
  if (known && !isDoubtful && known.sha256 === sha256 && known.headers === print)
    return result(known.etag, 'unchanged');
  const headers: ObjectHeaders = { ...wanted.headers, meta: { ...wanted.headers.meta, [HASH_META]: sha256 } };
  let found = isDoubtful ? await store.head(key) : undefined;
  let condition: PutCondition = known && !isDoubtful ? { ifEtag: known.etag } : { ifAbsent: true };
  for (let tries = 0, hasLooked = isDoubtful; tries < MOST_TRIES; tries++, hasLooked = true) {
    if (found && isSame(found, body, headers)) return result(found.etag, 'unchanged');
    if (found && isStrange && found.headers.meta?.[HASH_META] === undefined && found.sha256 !== sha256)
      throw strange(store, key);
    wasOther ||= found !== undefined && found.etag !== known?.etag;
    if (hasLooked) condition = found ? { ifEtag: found.etag } : { ifAbsent: true };
    const answer = await store.put(key, body, headers, condition);
    const other = found?.headers.meta?.[HASH_META] ?? known?.sha256 ?? sha256;
    if (answer !== 'refused') return result(answer, 'written', other !== sha256);
    found = await store.head(key);
  }
  throw new KhoError('BUCKET', `Cannot publish "${key}" to "${store.name}": somebody else writes it all the time`, {
    hint: 'let one machine alone publish there',
  });
}

function isSame(found: ObjectInfo, { size, sha256 }: ObjectBody, wanted: ObjectHeaders): boolean {
  const { headers } = found;
  return (
    found.size === size &&
    (found.sha256 ?? sha256) === sha256 &&
    headers.meta?.[HASH_META] === sha256 &&
    hasSameText(headers.contentType, wanted.contentType) &&
    hasSameText(headers.cacheControl, wanted.cacheControl) &&
    (headers.contentEncoding ?? '') === (wanted.contentEncoding ?? '')
  );
}

function strange(store: ObjectStore, key: string): KhoError {
  return new KhoError(
    'BUCKET',
    `Cannot publish to "${store.name}": "${key}" is there already, and kho did not put it there`,
    {
      hint: 'publish to another prefix; to have it replaced, and whatever else stands in the way: "kho build --adopt"',
    },
  );
}
