import { Lanes } from '../jobs/lanes.ts';
import { codeOf, isMissing, statusOf } from './s3-faults.ts';
import type { S3Session } from './s3-session.ts';

/** Source: Amazon S3 API Reference, DeleteObjects. */
const MOST_AT_ONCE = 1000;
/** Where a store takes them only one by one. */
const SINGLE_AT_ONCE = 8;

/** A store that does not know the request, or wants it with a hash that the SDK does not send. */
const NOT_TAKEN = new Set([
  'NotImplemented',
  'MethodNotAllowed',
  'MalformedXML',
  'InvalidRequest',
  'InvalidArgument',
  'MissingContentMD5',
  'InvalidDigest',
]);

/** Removes many keys with one request, where the store takes that; finds out once. */
export class S3Deleting {
  readonly #session: S3Session;
  #takesMany = true;

  constructor(session: S3Session) {
    this.#session = session;
  }

  /** As far as somebody has tried. */
  get takesMany(): boolean {
    return this.#takesMany;
  }

  /** @throws {StoreError} */
  async remove(keys: readonly string[]): Promise<void> {
    for (let from = 0; from < keys.length; from += MOST_AT_ONCE) {
      const some = keys.slice(from, from + MOST_AT_ONCE);
      if (some.length === 1 || !this.#takesMany || !(await this.#removeMany(some))) await this.#removeSingly(some);
    }
  }

  /** @returns false where the store does not take it */
  #removeMany(keys: readonly string[]): Promise<boolean> {
    const session = this.#session;
    return session.ask('remove', keys[0]!, async ({ sdk, client }) => {
      const { Bucket } = session.place('');
      const Objects = keys.map((key) => ({ Key: session.fullKey(key) }));
      try {
        const { Errors = [] } = await client.send(
          new sdk.DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }),
        );
        const failed = Errors.find(({ Code }) => Code !== 'NoSuchKey');
        if (failed !== undefined) throw failedDelete(failed);
        return true;
      } catch (error) {
        if (![400, 405, 411, 501].includes(statusOf(error) ?? 0) || !NOT_TAKEN.has(codeOf(error))) throw error;
        this.#takesMany = false;
        return false;
      }
    });
  }

  async #removeSingly(keys: readonly string[]): Promise<void> {
    const lanes = new Lanes(SINGLE_AT_ONCE);
    const session = this.#session;
    const removing = keys.map((key) =>
      lanes.run(() =>
        session.ask('remove', key, async ({ sdk, client }) => {
          try {
            await client.send(new sdk.DeleteObjectCommand(session.place(key)));
          } catch (error) {
            if (!isMissing(error)) throw error;
          }
        }),
      ),
    );
    await Promise.allSettled(removing);
    await Promise.all(removing);
  }
}

/** As the SDK would throw it, had it been the answer to one request. */
function failedDelete({ Code = '', Message = '' }: { Code?: string | undefined; Message?: string | undefined }): Error {
  const status = Code === 'AccessDenied' ? 403 : 500;
  return Object.assign(new Error(Message), { name: Code, Code, $metadata: { httpStatusCode: status } });
}
