/** Questions to one bucket, and what comes of them: by which client, with which credentials, in which region. */
import type { Readable } from 'node:stream';
import type { StoreSettings } from '../config/store-settings.ts';
import { addressOf, type OpenedClient, openClient, type SeenAnswer } from './s3-client.ts';
import { faultOf, isExpired, otherRegion } from './s3-faults.ts';
import { UnreadBody } from './sent-body.ts';
import type { StoreAddress } from './store-address.ts';

export class S3Session {
  readonly #address: StoreAddress;
  readonly #settings: StoreSettings;
  #opened: OpenedClient | undefined;
  /** Of a client that is to take over, so that it is made once for all who wait for it. */
  #opening: Promise<boolean> | undefined;
  #seen: SeenAnswer | undefined;
  #requests = 0;

  constructor(address: StoreAddress, settings: StoreSettings) {
    [this.#address, this.#settings] = [address, settings];
  }

  /** Answers that came. */
  get requests(): number {
    return this.#requests;
  }

  /** Whichever came last. */
  get lastAnswer(): SeenAnswer | undefined {
    return this.#seen;
  }

  get endpoint(): URL | undefined {
    return this.#opened?.endpoint;
  }

  get region(): string | undefined {
    return this.#opened?.region;
  }

  /** Of a key below the prefix. */
  fullKey(key: string): string {
    const { prefix } = this.#address;
    return prefix === '' ? key : `${prefix}/${key}`;
  }

  /** As commands name it. */
  place(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.#address.bucket, Key: this.fullKey(key) };
  }

  /** As people read it. */
  nameOf(key: string): string {
    return key === '' ? this.#address.name : `${this.#address.name}/${key}`;
  }

  /** As the store has it, without the prefix. */
  ownKey(full: string): string {
    const { prefix } = this.#address;
    return prefix === '' ? full : full.slice(prefix.length + 1);
  }

  /** @throws {KhoError} USAGE for settings that cannot be; {StoreError} for files of AWS that cannot be read */
  async open(): Promise<OpenedClient> {
    try {
      this.#opened ??= await this.#newClient({});
    } catch (error) {
      throw this.#fault(error, 'open', '');
    }
    return this.#opened;
  }

  /**
   * @param verb `read`, `write`, for what is told when it fails
   * @param work asked a second time where other credentials or another region make that worth it
   * @throws {StoreError}; {UnreadBody} for a body that broke while it was sent
   */
  async ask<T>(verb: string, key: string, work: (opened: OpenedClient) => Promise<T>): Promise<T> {
    const opened = await this.open();
    try {
      return await work(opened);
    } catch (error) {
      if (error instanceof UnreadBody) throw error;
      if (!(await this.#isReopened(opened, error))) throw this.#fault(error, verb, key);
    }
    try {
      return await work(await this.open());
    } catch (error) {
      if (error instanceof UnreadBody) throw error;
      throw this.#fault(error, verb, key);
    }
  }

  #fault(error: unknown, verb: string, key: string): Error {
    const { endpoint, region } = this.#opened ?? {};
    return faultOf(
      error,
      {
        verb,
        address: this.nameOf(key),
        region: region ?? this.#settings.region ?? '',
        endpoint: endpoint?.origin ?? this.#settings.endpoint,
        profile: this.#settings.profile ?? process.env['AWS_PROFILE'],
        hasAnswered: this.#seen !== undefined,
      },
      Date.now(),
    );
  }

  /** Of what is read in the end, after the answer. */
  faultOfBody(error: unknown, key: string): Error {
    return this.#fault(error, 'read', key);
  }

  /**
   * As somebody without credentials asks: a browser, pip, a CDN without a key of its own.
   *
   * @param path behind the address of the bucket, encoded
   * @throws {StoreError} where nothing answers
   */
  async askUnsigned(method: 'GET' | 'HEAD', path: string): Promise<SeenAnswer> {
    const opened = await this.open();
    const { client } = opened;
    const url = new URL(`${addressOf(this.#address.bucket, opened)}/${path}`);
    try {
      const { response } = await client.config.requestHandler.handle({
        method,
        protocol: url.protocol,
        hostname: url.hostname,
        ...(url.port !== '' && { port: Number(url.port) }),
        path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        headers: {},
      } as Parameters<typeof client.config.requestHandler.handle>[0]);
      (response.body as Readable).resume(); // what it is, its status says
      return { status: response.statusCode, headers: response.headers };
    } catch (error) {
      throw this.#fault(error, 'read', path);
    }
  }

  async #isReopened(before: OpenedClient, error: unknown): Promise<boolean> {
    if (this.#opened !== before) return isExpired(error) || otherRegion(error, before.region) !== undefined; // somebody did meanwhile
    const region = this.#settings.region === undefined ? otherRegion(error, before.region) : undefined;
    if (region === undefined && !isExpired(error)) return false;
    this.#opening ??= this.#reopen(before, region).finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  async #reopen(before: OpenedClient, region: string | undefined): Promise<boolean> {
    try {
      const client = await this.#newClient({ isFresh: region === undefined, region: region ?? before.region });
      if (region === undefined) {
        const [old, fresh] = [await before.client.config.credentials(), await client.client.config.credentials()];
        if (old.accessKeyId === fresh.accessKeyId && old.sessionToken === fresh.sessionToken) return false;
      }
      this.#opened = client;
      return true;
    } catch {
      return false; // then what was answered first is what is told
    }
  }

  #newClient(other: { isFresh?: boolean; region?: string }): Promise<OpenedClient> {
    return openClient(this.#settings, {
      ...other,
      onAnswer: (answer) => {
        this.#requests += 1;
        this.#seen = answer;
      },
    });
  }
}
