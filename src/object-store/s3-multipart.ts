/**
 * Files that are too big for one request, in parts. Each part is asked for again by itself, so that what is there of a big file is not sent
 * twice because of one.
 *
 * Source: Amazon S3 User Guide, "Amazon S3 multipart upload limits". Some stores want parts of one size, but for the last.
 */
import { createHash, type Hash } from 'node:crypto';
import type { StoreSettings } from '../config/store-settings.ts';
import { Lanes } from '../jobs/lanes.ts';
import type { Clock } from './clock.ts';
import { type ObjectBody, type ObjectHeaders, type PutCondition, StoreError } from './object-store.ts';
import { asking } from './retry.ts';
import { codeOf, isMissing } from './s3-faults.ts';
import { headObject } from './s3-head.ts';
import { conditionHeaders, etagOf, isRefused, sentHeaders } from './s3-headers.ts';
import type { S3Session } from './s3-session.ts';
import { CHANGED, readWhole } from './sent-body.ts';
import { withHash } from './signed-body.ts';

/** Of one part, in bytes, as long as there are not too many. */
const PART_BYTES = 16 * 1024 * 1024;
const MOST_PARTS = 10_000;

/** Parts in memory at once, of all files that one process sends. */
const LANES = new Lanes(4);

export interface MultipartRun {
  session: S3Session;
  settings: StoreSettings;
  clock: Clock;
  key: string;
  body: ObjectBody;
  headers: ObjectHeaders;
  condition: PutCondition | undefined;
}

/**
 * @returns the ETag, or `refused` where the condition did not hold at the end
 * @throws {StoreError}; {UnreadBody}. The parts are gone by then, as far as the store can be reached
 */
export async function putInParts(run: MultipartRun): Promise<string | 'refused'> {
  const id = await beginUpload(run);
  try {
    return await complete(run, id, await sendParts(run, id));
  } catch (error) {
    await abandonUpload(run.session, run.key, id).catch(() => {}); // what was wrong first is what is told
    throw error;
  }
}

/** @returns its id @throws {StoreError} */
export async function beginUpload({
  session,
  settings,
  clock,
  key,
  headers,
}: Omit<MultipartRun, 'body' | 'condition'>): Promise<string> {
  const { UploadId } = await asking(
    () =>
      session.ask('write', key, ({ sdk, client }) =>
        client.send(new sdk.CreateMultipartUploadCommand({ ...session.place(key), ...sentHeaders(headers, settings) })),
      ),
    clock,
  );
  if (UploadId) return UploadId;
  throw new StoreError('refused', `Cannot write "${session.nameOf(key)}": the store began no upload in parts`);
}

/** What is not there is no fault. @throws {StoreError} */
export async function abandonUpload(session: S3Session, key: string, id: string): Promise<void> {
  await session.ask('abandon', key, async ({ sdk, client }) => {
    try {
      await client.send(new sdk.AbortMultipartUploadCommand({ ...session.place(key), UploadId: id }));
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  });
}

interface SentPart {
  PartNumber: number;
  ETag: string;
}

/** @returns in their order */
async function sendParts(run: MultipartRun, id: string): Promise<SentPart[]> {
  const { size, sha256 } = run.body;
  const length = Math.max(PART_BYTES, Math.ceil(size / MOST_PARTS));
  const whole = createHash('sha256');
  let isStopped = false;
  let reading: Promise<unknown> = Promise.resolve();
  const sending = Array.from({ length: Math.ceil(size / length) }, (_, index) =>
    LANES.run(async () => {
      if (isStopped) throw new Error('stopped');
      // One after the other, so that the hash of the whole is known at the end.
      const read = reading.then(() =>
        readPart(run.body, whole, index * length, Math.min(length, size - index * length)),
      );
      reading = read;
      return sendPart(run, id, index + 1, await read);
    }).catch((error: unknown) => {
      isStopped = true;
      throw error;
    }),
  );
  try {
    const parts = await Promise.all(sending);
    // One that is longer or shorter by now has another hash too.
    if (whole.digest('hex') === sha256) return parts;
  } finally {
    await Promise.allSettled(sending);
  }
  throw new StoreError('refused', `Cannot write "${run.session.nameOf(run.key)}": ${CHANGED.why}`, {
    hint: CHANGED.hint,
  });
}

async function readPart(body: ObjectBody, whole: Hash, from: number, length: number): Promise<Uint8Array> {
  const bytes = await readWhole(() => body.read(from, length));
  whole.update(bytes);
  return bytes;
}

function sendPart(
  { session, clock, key }: MultipartRun,
  id: string,
  number: number,
  bytes: Uint8Array,
): Promise<SentPart> {
  const hash = createHash('sha256').update(bytes).digest('hex');
  return asking(
    () =>
      session.ask('write', key, async ({ sdk, client }) => {
        const part = { ...session.place(key), UploadId: id, PartNumber: number };
        const { ETag } = await client.send(
          withHash(new sdk.UploadPartCommand({ ...part, Body: bytes, ContentLength: bytes.length }), hash),
        );
        return { PartNumber: number, ETag: etagOf(ETag, session.nameOf(key)) };
      }),
    clock,
  );
}

/** An answer that was lost may have had its effect: then there is no such upload any more, and the object is there. */
async function complete(run: MultipartRun, id: string, parts: SentPart[]): Promise<string | 'refused'> {
  const { session, clock, key, condition } = run;
  const answer = await asking(
    () =>
      session.ask('write', key, async ({ sdk, client }) => {
        const MultipartUpload = { Parts: parts };
        const whole = { ...session.place(key), ...conditionHeaders(condition), UploadId: id, MultipartUpload };
        try {
          return etagOf((await client.send(new sdk.CompleteMultipartUploadCommand(whole))).ETag, session.nameOf(key));
        } catch (error) {
          if (codeOf(error) === 'NoSuchUpload') return undefined;
          if (isRefused(error, condition)) return 'refused';
          throw error;
        }
      }),
    clock,
  );
  if (answer === 'refused') await abandonUpload(session, key, id);
  return answer ?? (await foundAfterAll(run));
}

/** @throws {StoreError} `busy`, so that all of it is sent again, where nothing is there, or something else */
async function foundAfterAll({ session, clock, key, body }: MultipartRun): Promise<string> {
  const found = await asking(() => headObject(session, key), clock);
  if (found?.size === body.size && found.headers.meta?.['kho-sha256'] === body.sha256) return found.etag;
  throw new StoreError('busy', `Cannot write "${session.nameOf(key)}": its upload in parts is gone`);
}
