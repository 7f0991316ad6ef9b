/** A bucket in memory: as strict as the strictest store is, so that what works with it works with others. */
import { hash } from 'node:crypto';
import { Readable } from 'node:stream';
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
} from '../../src/object-store/object-store.ts';

export interface MemoryObject {
  bytes: Uint8Array;
  headers: ObjectHeaders;
  etag: string;
  /** Milliseconds since 1970. */
  modifiedMs: number;
}

export interface MemoryStoreOptions {
  name?: string;
  now?: () => number;
  /** ETags of AWS depend on the content only, so that what comes back has its old one; others' are new for each write, which is the default. */
  etagsOf?: 'content' | 'write';
  /** Whether HEAD and GET tell a hash that the store computed. */
  hashes?: boolean;
  /** Told of each change, once it is made. */
  onChange?: (change: MemoryChange) => void;
}

export interface MemoryChange {
  key: string;
  before: MemoryObject | undefined;
  after: MemoryObject | undefined;
}

/** How many keys an answer of LIST holds. */
const LIST_PAGE = 1000;

/** In bytes of UTF-8. Source: Amazon S3 User Guide, "Naming Amazon S3 objects". */
const KEY_LIMIT = 1024;

/** In bytes. Source: Amazon S3 User Guide, "User-defined object metadata". */
const META_LIMIT = 2048;

export class MemoryStore implements ObjectStore {
  readonly name: string;
  /** Tests may look, and tidy by hand with `place` and `drop`. */
  readonly objects = new Map<string, MemoryObject>();
  /** What was asked so far. */
  readonly counts = { get: 0, head: 0, put: 0, list: 0, remove: 0, unfinished: 0, abandon: 0 };
  readonly #options: MemoryStoreOptions;
  readonly #uploads: UnfinishedUpload[] = [];
  /** How many keys lie below a folder. */
  readonly #folders = new Map<string, number>();
  #sorted: readonly string[] | undefined;
  #writes = 0;
  #clockMs: number | undefined;

  constructor(options: MemoryStoreOptions = {}) {
    this.name = options.name ?? 's3://memory/site';
    this.#options = options;
  }

  async get(key: string, options: { unlessEtag?: string } = {}): Promise<StoredObject | 'unchanged' | undefined> {
    this.#answer('get', key);
    const found = this.objects.get(key);
    if (found === undefined) return undefined;
    if (options.unlessEtag === found.etag) return 'unchanged';
    return { ...this.#infoOf(found), body: Readable.from([found.bytes], { objectMode: false }) };
  }

  async head(key: string): Promise<ObjectInfo | undefined> {
    this.#answer('head', key);
    const found = this.objects.get(key);
    return found && this.#infoOf(found);
  }

  async put(
    key: string,
    body: ObjectBody,
    headers: ObjectHeaders,
    condition?: PutCondition,
  ): Promise<string | 'refused'> {
    checkHeaders(headers);
    const bytes = await readBody(body);
    if (bytes.length !== body.size) throw new StoreError('refused', `IncompleteBody: "${key}"`);
    if (sha256Of(bytes) !== body.sha256) throw new StoreError('refused', `XAmzContentSHA256Mismatch: "${key}"`);
    this.#answer('put', key);
    if (condition !== undefined && !this.#holds(key, condition)) return 'refused';
    return this.place(key, bytes, headers);
  }

  async *list(prefix: string, from = ''): AsyncIterable<ListedObject> {
    let after = from;
    for (;;) {
      this.#answer('list');
      this.#sorted ??= [...this.objects.keys()].sort(compareBytes);
      const sorted = this.#sorted;
      const page: ListedObject[] = [];
      let at = firstFrom(sorted, compareBytes(after, prefix) < 0 ? prefix : after);
      if (sorted[at] === after) at++;
      for (; at < sorted.length && page.length < LIST_PAGE && sorted[at]!.startsWith(prefix); at++) {
        const key = sorted[at]!;
        const { etag, bytes, modifiedMs } = this.objects.get(key)!;
        page.push({ key, etag, size: bytes.length, modifiedMs });
      }
      yield* page;
      if (page.length < LIST_PAGE) return;
      after = page.at(-1)!.key;
    }
  }

  async remove(keys: readonly string[]): Promise<void> {
    this.#answer('remove', ...keys);
    for (const key of keys) this.drop(key);
  }

  async unfinished(prefix: string): Promise<readonly UnfinishedUpload[]> {
    this.#answer('unfinished');
    return this.#uploads.filter(({ key }) => key.startsWith(prefix));
  }

  async abandon(upload: UnfinishedUpload): Promise<void> {
    this.#answer('abandon', upload.key);
    const at = this.#uploads.findIndex(({ key, id }) => key === upload.key && id === upload.id);
    if (at !== -1) this.#uploads.splice(at, 1);
  }

  clockMs(): number | undefined {
    return this.#clockMs;
  }

  /** In hexadecimal. */
  sha256Of(key: string): string | undefined {
    const found = this.objects.get(key);
    return found && sha256Of(found.bytes);
  }

  /** Puts it there as somebody else would, without a question. @returns its ETag */
  place(key: string, bytes: Uint8Array, headers: ObjectHeaders): string {
    const before = this.objects.get(key);
    if (before === undefined) this.#enter(key);
    const etag =
      this.#options.etagsOf === 'content'
        ? `"${hash('md5', bytes)}"`
        : `"${(++this.#writes).toString(16).padStart(8, '0')}"`;
    const after = { bytes, headers, etag, modifiedMs: this.#seconds() };
    this.objects.set(key, after);
    this.#options.onChange?.({ key, before, after });
    return etag;
  }

  /** Removes it as somebody else would. */
  drop(key: string): void {
    const before = this.objects.get(key);
    if (before === undefined) return;
    this.objects.delete(key);
    this.#sorted = undefined;
    for (const folder of foldersOf(key)) this.#folders.set(folder, this.#folders.get(folder)! - 1);
    this.#options.onChange?.({ key, before, after: undefined });
  }

  /** An upload in parts of which nobody knows any more. */
  leaveUnfinished(key: string): UnfinishedUpload {
    const upload = { key, id: `upload-${++this.#writes}`, startedMs: this.#seconds() };
    this.#uploads.push(upload);
    return upload;
  }

  #enter(key: string): void {
    checkKey(key);
    // Of file-backed gateways none can keep both.
    const folders = foldersOf(key);
    if (folders.some((folder) => this.objects.has(folder)) || this.#folders.get(key))
      throw new StoreError('refused', `ObjectParentIsFile: "${key}"`);
    for (const folder of folders) this.#folders.set(folder, (this.#folders.get(folder) ?? 0) + 1);
    this.#sorted = undefined;
  }

  #holds(key: string, condition: PutCondition): boolean {
    const etag = this.objects.get(key)?.etag;
    return 'ifAbsent' in condition ? etag === undefined : etag === condition.ifEtag;
  }

  #infoOf({ bytes, headers, etag, modifiedMs }: MemoryObject): ObjectInfo {
    return {
      etag,
      size: bytes.length,
      modifiedMs,
      headers,
      ...(this.#options.hashes && { sha256: sha256Of(bytes) }),
    };
  }

  #answer(kind: keyof MemoryStore['counts'], ...keys: string[]): void {
    for (const key of keys) checkKey(key);
    this.counts[kind]++;
    this.#clockMs = this.#seconds();
  }

  /** HTTP tells times in whole seconds. */
  #seconds(): number {
    return Math.floor((this.#options.now ?? Date.now)() / 1000) * 1000;
  }
}

export async function readBody(body: ObjectBody): Promise<Uint8Array> {
  const read = body.read(0, body.size);
  if (read instanceof Uint8Array) return read.slice();
  const chunks: Uint8Array[] = [];
  for await (const chunk of read) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Keys are the site's own paths: none is encoded, none leaves its folder. One may end in a slash. */
function checkKey(key: string): void {
  const parts = key.split('/');
  if (parts.at(-1) === '') parts.pop();
  if (parts.length === 0 || parts.some((part) => part === '' || part === '.' || part === '..'))
    throw new Error(`"${key}" is no key`);
  if (Buffer.byteLength(key) > KEY_LIMIT) throw new StoreError('refused', `KeyTooLongError: "${key}"`);
}

function checkHeaders({ contentType, cacheControl, contentEncoding, meta = {} }: ObjectHeaders): void {
  for (const value of [contentType, cacheControl, contentEncoding ?? 'identity', ...Object.values(meta)])
    if (value !== '' && !/^[!-~]([ -~]*[!-~])?$/.test(value)) throw new Error(`"${value}" is no value of a header`);
  for (const name of Object.keys(meta)) if (!/^[a-z0-9-]+$/.test(name)) throw new Error(`"${name}" is no name of meta`);
  const size = Object.entries(meta).reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  if (size > META_LIMIT) throw new StoreError('refused', 'MetadataTooLarge');
}

/** `a/b/c`: `a`, `a/b`. */
function foldersOf(key: string): string[] {
  const folders: string[] = [];
  for (let at = key.indexOf('/'); at !== -1 && at < key.length - 1; at = key.indexOf('/', at + 1))
    folders.push(key.slice(0, at));
  return folders;
}

function firstFrom(sorted: readonly string[], key: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareBytes(sorted[middle]!, key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** By bytes of UTF-8, which is by code points, and not as JavaScript compares. */
function compareBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

function sha256Of(bytes: Uint8Array): string {
  return hash('sha256', bytes);
}
