/** A bucket of S3, or of what speaks its language. Loads the SDK: open one only where there is a bucket. */
import type { Readable } from 'node:stream';
import type { ListMultipartUploadsCommandOutput, ListObjectsV2CommandOutput } from '@aws-sdk/client-s3';
import type { StoreSettings } from '../config/store-settings.ts';
import { type Clock, SYSTEM_CLOCK } from './clock.ts';
import {
  type ListedObject,
  type ObjectBody,
  type ObjectHeaders,
  type ObjectInfo,
  type ObjectStore,
  type PutCondition,
  type StoredObject,
  StoreError,
  type UnfinishedUpload,
} from './object-store.ts';
import { retold } from './retold.ts';
import { S3Deleting } from './s3-deleting.ts';
import { codeOf, isMissing, statusOf } from './s3-faults.ts';
import { headObject } from './s3-head.ts';
import { base64Of, conditionHeaders, etagOf, infoOf, isRefused, sentHeaders } from './s3-headers.ts';
import { abandonUpload, beginUpload, putInParts } from './s3-multipart.ts';
import { S3Session } from './s3-session.ts';
import { sendingBody, UnreadBody } from './sent-body.ts';
import { withHash } from './signed-body.ts';
import type { StoreAddress } from './store-address.ts';

/** What is bigger goes in parts, in bytes: one that fails is then not sent whole again. */
const ONE_REQUEST_BYTES = 64 * 1024 * 1024;

export class S3Store implements ObjectStore {
  readonly name: string;
  /** For who wants to know how a store answers. */
  readonly session: S3Session;
  readonly #settings: StoreSettings;
  readonly #clock: Clock;
  readonly #deleting: S3Deleting;
  /** Whether the store takes a hash with an object; as far as somebody has tried. */
  #takesHashes = true;

  constructor(address: StoreAddress, settings: StoreSettings = {}, clock: Clock = SYSTEM_CLOCK) {
    this.name = address.name;
    this.session = new S3Session(address, settings);
    this.#settings = settings;
    this.#clock = clock;
    this.#deleting = new S3Deleting(this.session);
  }

  get(key: string, { unlessEtag }: { unlessEtag?: string } = {}): Promise<StoredObject | 'unchanged' | undefined> {
    const { session } = this;
    return session.ask('read', key, async ({ sdk, client }) => {
      const condition = unlessEtag === undefined ? {} : { IfNoneMatch: unlessEtag };
      try {
        const answer = await client.send(new sdk.GetObjectCommand({ ...session.place(key), ...condition }));
        const body = retold(answer.Body as Readable, (error) => session.faultOfBody(error, key));
        return { ...infoOf(answer, session.nameOf(key)), body };
      } catch (error) {
        if (statusOf(error) === 304) return 'unchanged';
        if (isMissing(error)) return undefined;
        throw error;
      }
    });
  }

  head(key: string): Promise<ObjectInfo | undefined> {
    return headObject(this.session, key);
  }

  async put(
    key: string,
    body: ObjectBody,
    headers: ObjectHeaders,
    condition?: PutCondition,
  ): Promise<string | 'refused'> {
    try {
      if (body.size <= ONE_REQUEST_BYTES) return await this.#putWhole(key, body, headers, condition);
      const { session } = this;
      const [settings, clock] = [this.#settings, this.#clock];
      return await putInParts({ session, settings, clock, key, body, headers, condition });
    } catch (error) {
      throw error instanceof UnreadBody ? error.cause : error; // as it was, so that who made it knows it again
    }
  }

  #putWhole(
    key: string,
    body: ObjectBody,
    headers: ObjectHeaders,
    condition: PutCondition | undefined,
  ): Promise<string | 'refused'> {
    const { session } = this;
    return session.ask('write', key, async ({ sdk, client }) => {
      const send = (hashes: { ChecksumSHA256?: string }) =>
        sendingBody(
          () => body.read(0, body.size),
          async (Body) => {
            const said = { ...sentHeaders(headers, this.#settings), ...conditionHeaders(condition), ...hashes };
            const whole = { ...session.place(key), ...said, Body, ContentLength: body.size };
            const answer = await client.send(withHash(new sdk.PutObjectCommand(whole), body.sha256));
            return etagOf(answer.ETag, session.nameOf(key));
          },
        );
      const isTaken = this.#takesHashes;
      try {
        return await send(isTaken ? { ChecksumSHA256: base64Of(body.sha256) } : {}).catch((error: unknown) => {
          if (!isTaken || statusOf(error) !== 501) throw error;
          this.#takesHashes = false;
          return send({});
        });
      } catch (error) {
        if (isRefused(error, condition)) return 'refused';
        throw error;
      }
    });
  }

  async *list(prefix: string, after?: string): AsyncIterable<ListedObject> {
    const { session } = this;
    const { Bucket } = session.place('');
    const wanted = { Bucket, Prefix: session.fullKey(prefix) };
    let next: { ContinuationToken?: string; StartAfter?: string } | undefined =
      after === undefined ? {} : { StartAfter: session.fullKey(after) };
    while (next !== undefined) {
      const from = next;
      const answer: ListObjectsV2CommandOutput = await session.ask('list', prefix, ({ sdk, client }) =>
        client.send(new sdk.ListObjectsV2Command({ ...wanted, ...from })),
      );
      for (const { Key = '', ETag, Size = 0, LastModified } of answer.Contents ?? []) {
        const key = session.ownKey(Key);
        if (key === '') continue; // a folder, as consoles make them
        yield { key, etag: etagOf(ETag, session.nameOf(key)), size: Size, modifiedMs: LastModified?.getTime() ?? 0 };
      }
      const { IsTruncated, NextContinuationToken } = answer;
      next = IsTruncated && NextContinuationToken ? { ContinuationToken: NextContinuationToken } : undefined;
    }
  }

  remove(keys: readonly string[]): Promise<void> {
    return this.#deleting.remove(keys);
  }

  async unfinished(prefix: string): Promise<readonly UnfinishedUpload[]> {
    const { session } = this;
    const { Bucket } = session.place('');
    const wanted = { Bucket, Prefix: session.fullKey(prefix) };
    const found: UnfinishedUpload[] = [];
    let next: { KeyMarker?: string; UploadIdMarker?: string } | undefined = {};
    while (next !== undefined) {
      const from = next;
      const answer: Partial<ListMultipartUploadsCommandOutput> = await session.ask(
        'list',
        prefix,
        async ({ sdk, client }) => {
          try {
            return await client.send(new sdk.ListMultipartUploadsCommand({ ...wanted, ...from }));
          } catch (error) {
            if ([405, 501].includes(statusOf(error) ?? 0)) return {}; // a store that cannot list them
            if (codeOf(error) === 'NoSuchUpload') return {}; // one that says so where there are none
            throw error;
          }
        },
      );
      for (const { Key, UploadId, Initiated } of answer.Uploads ?? []) {
        if (Key === undefined || UploadId === undefined) continue;
        found.push({ key: session.ownKey(Key), id: UploadId, startedMs: Initiated?.getTime() ?? 0 });
      }
      const { IsTruncated, NextKeyMarker, NextUploadIdMarker } = answer;
      next =
        IsTruncated && NextKeyMarker
          ? { KeyMarker: NextKeyMarker, ...(NextUploadIdMarker && { UploadIdMarker: NextUploadIdMarker }) }
          : undefined;
    }
    return found;
  }

  /** An upload in parts of which none is sent. @returns undefined where the store knows none @throws {StoreError} */
  async begin(key: string, headers: ObjectHeaders): Promise<UnfinishedUpload | undefined> {
    const run = { session: this.session, settings: this.#settings, clock: this.#clock, key, headers };
    try {
      return { key, id: await beginUpload(run), startedMs: 0 };
    } catch (error) {
      if (error instanceof StoreError && error.fault === 'refused') return undefined;
      throw error;
    }
  }

  /** Whether several keys are removed with one request; as far as somebody has tried. */
  get removesMany(): boolean {
    return this.#deleting.takesMany;
  }

  abandon({ key, id }: UnfinishedUpload): Promise<void> {
    return abandonUpload(this.session, key, id);
  }

  clockMs(): number | undefined {
    const date = Date.parse(this.session.lastAnswer?.headers['date'] ?? '');
    return Number.isNaN(date) ? undefined : date;
  }
}
