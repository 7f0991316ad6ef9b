/** Programs that kho prints for the edges of CDNs, run as they are there: with what they have there, and nothing else. */
import { createHash } from 'node:crypto';
import { runInNewContext } from 'node:vm';

/** Amazon CloudFront Developer Guide, "CloudFront Functions event structure". */
export interface ViewerRequest {
  method: string;
  uri: string;
  querystring: Record<string, { value: string; multiValue?: { value: string }[] }>;
  headers: Record<string, { value: string; multiValue?: { value: string }[] }>;
  cookies: Record<string, { value: string }>;
}

export interface FunctionAnswer {
  statusCode: number;
  headers: Record<string, { value: string }>;
  body?: { encoding: 'text'; data: string };
}

interface ViewerEvent {
  version: '1.0';
  context: { eventType: 'viewer-request'; distributionDomainName: string; distributionId: string; requestId: string };
  viewer: { ip: string };
  request: ViewerRequest;
}

/** @param text as it is uploaded. @returns the function, with nothing about it but what ECMAScript has */
export function loadFunction(text: string): (request: ViewerRequest) => ViewerRequest | FunctionAnswer {
  const handler: (event: ViewerEvent) => ViewerRequest | FunctionAnswer = runInNewContext(
    `'use strict';${text};handler`,
  );
  return (request) => {
    const context = {
      eventType: 'viewer-request',
      distributionDomainName: 'd111.cloudfront.net',
      distributionId: 'E1',
      requestId: 'r',
    } as const;
    const event: ViewerEvent = { version: '1.0', context, viewer: { ip: '192.0.2.1' }, request };
    return JSON.parse(JSON.stringify(handler(event))); // made in another context
  };
}

/** @param target path and query, as in the request line */
export function viewerRequest(target: string, headers: Record<string, string> = {}, method = 'GET'): ViewerRequest {
  const [uri = '', query = ''] = target.split(/\?(.*)/s);
  const pairs = query === '' ? [] : query.split('&').map((pair) => pair.split(/=(.*)/s));
  const querystring = Object.fromEntries(pairs.map(([name = '', value = '']) => [name, { value }]));
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), { value }]);
  return { method, uri, querystring, headers: Object.fromEntries(named), cookies: {} };
}

/** Of R2's API, what a reader uses. Cloudflare Developers, "R2: Workers API reference". */
export interface R2Object {
  key: string;
  size: number;
  etag: string;
  httpEtag: string;
  uploaded: Date;
  httpMetadata: { contentType?: string; cacheControl?: string; contentEncoding?: string };
  writeHttpMetadata(headers: Headers): void;
}
export type R2ObjectBody = R2Object & { body: ReadableStream };
export interface R2GetOptions {
  range?: { offset: number; length: number };
  onlyIf?: { etagMatches?: string };
}

export interface StoredForR2 {
  body: Uint8Array;
  uploaded: Date;
  httpMetadata: R2Object['httpMetadata'];
}

/** A bucket of R2 in memory. */
export class FakeR2 {
  /** In the order in which they came: `get KEY`, `head KEY`. */
  readonly asked: string[] = [];
  readonly #find: (key: string) => StoredForR2 | undefined;

  constructor(find: (key: string) => StoredForR2 | undefined) {
    this.#find = find;
  }

  async head(key: string): Promise<R2Object | null> {
    this.asked.push(`head ${key}`);
    const stored = this.#find(key);
    return stored ? describe(key, stored) : null;
  }

  async get(key: string, { range, onlyIf }: R2GetOptions = {}): Promise<R2ObjectBody | R2Object | null> {
    this.asked.push(`get ${key}`);
    const stored = this.#find(key);
    if (!stored) return null;
    const object = describe(key, stored);
    if (onlyIf?.etagMatches !== undefined && onlyIf.etagMatches !== object.etag) return object;
    if (range && range.offset + range.length > stored.body.length) throw new Error('get: the range is not satisfiable');
    const bytes = range ? stored.body.subarray(range.offset, range.offset + range.length) : stored.body;
    return { ...object, body: new Blob([new Uint8Array(bytes)]).stream() };
  }
}

function describe(key: string, { body, uploaded, httpMetadata }: StoredForR2): R2Object {
  const etag = createHash('md5').update(body).digest('hex');
  return {
    ...{ key, size: body.length, etag, httpEtag: `"${etag}"`, uploaded, httpMetadata },
    writeHttpMetadata(headers) {
      const { contentType, cacheControl, contentEncoding } = httpMetadata;
      if (contentType !== undefined) headers.set('Content-Type', contentType);
      if (cacheControl !== undefined) headers.set('Cache-Control', cacheControl);
      if (contentEncoding !== undefined) headers.set('Content-Encoding', contentEncoding);
    },
  };
}

/** What a Worker's cache keeps; ranges and conditions it would answer itself. */
export class FakeCache {
  readonly kept = new Map<string, Response>();

  async match(request: Request): Promise<Response | undefined> {
    return this.kept.get(request.url)?.clone();
  }

  async put(request: Request, response: Response): Promise<void> {
    if (response.status === 206 || request.method !== 'GET') throw new TypeError('put: not to be kept');
    this.kept.set(request.url, response);
  }
}

export interface Worker {
  fetch(
    request: Request,
    env: { BUCKET: FakeR2 },
    context: { waitUntil(promise: Promise<unknown>): void },
  ): Promise<Response>;
}

/** @param text of a module with a Worker. @returns it, and what it keeps */
export function loadWorker(text: string): { worker: Worker; cache: FakeCache } {
  const cache = new FakeCache();
  const start = new Function(
    'caches',
    `'use strict';${text.replace('export default', 'const worker =')}\nreturn worker;`,
  );
  return { worker: start({ default: cache }), cache };
}
