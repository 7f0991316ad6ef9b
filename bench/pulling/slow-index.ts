/**
 * The index that pip of this machine asks, as it looks from far away: each answer begins after a while, and comes at a bounded rate. What was
 * brought once is kept in the cache of the benches, so that only the first run asks that index.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BENCH_CACHE } from '../tools.ts';

/** In milliseconds; in bytes a second and connection. */
const LATENCY_MS = 100;
const BYTES_PER_SECOND = 4_000_000;
const PIECE_MS = 20;

const JSON_TYPE = 'application/vnd.pypi.simple.v1+json';

export interface FarQuestions {
  pages: number;
  files: number;
  metadata: number;
  bytes: number;
  /** Of files, what came more than once. */
  againBytes: number;
  /** Questions for one path, at most: parts of it count too. */
  most: number;
}

const NOTHING: FarQuestions = { pages: 0, files: 0, metadata: 0, bytes: 0, againBytes: 0, most: 0 };

interface IndexPage {
  name: string;
  files: { url: string; filename: string; hashes: Record<string, string> }[];
}

export class SlowIndex {
  readonly #real: URL;
  readonly #server: Server;
  readonly #folder = join(BENCH_CACHE, 'slow-index');
  /** Real addresses of files, by how they are called here. */
  readonly #files = new Map<string, string>();
  /** Projects that were asked for: the list of all has no others. */
  readonly #names = new Set<string>();
  #asked: FarQuestions = NOTHING;
  /** Since the last time that it was told, by path. */
  #times = new Map<string, { count: number; bytes: number }>();
  /** Paths of files that were ever sent. */
  readonly #sent = new Set<string>();

  private constructor(real: URL, server: Server) {
    this.#real = real;
    this.#server = server;
  }

  static async start(real: URL): Promise<SlowIndex> {
    const server = createServer();
    const index = new SlowIndex(real, server);
    mkdirSync(index.#folder, { recursive: true });
    server.on('request', (request, response) => {
      index.#answer(request, response).catch((error) => {
        console.error(`slow index: ${request.url}: ${error}`);
        response.destroy();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return index;
  }

  /** Of its simple API. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/simple/`;
  }

  /** What was asked for since the last call. */
  takeAsked(): FarQuestions {
    const asked = this.#asked;
    this.#asked = NOTHING;
    this.#times = new Map();
    return asked;
  }

  /** All pages and files that were asked for so far, as they are sent, for a server of plain files: `simple/NAME/index.json`, `files/…`. */
  async copyTo(folder: string): Promise<void> {
    const put = (path: string, bytes: string | Buffer) => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), bytes);
    };
    for (const name of this.#names) {
      const bytes = await this.#bring(new URL(`${name}/`, this.#real).href, JSON_TYPE);
      if (bytes) put(`simple/${name}/index.json`, JSON.stringify(this.#own(JSON.parse(bytes.toString()))));
    }
    for (const path of this.#sent) {
      const bytes = await this.#bring(this.#files.get(path) as string);
      if (bytes) put(`files/${path}`, bytes);
    }
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    await sleep(LATENCY_MS);
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const name = /^\/simple\/([a-z0-9-]+)\/$/.exec(pathname)?.[1];
    if (name !== undefined) return this.#answerPage(name, request, response);
    if (pathname === '/simple/') return this.#answerList(request, response);
    const path = /^\/files\/([0-9a-f]{16}\/.+)$/.exec(pathname)?.[1];
    const url = path && this.#files.get(decodeURIComponent(path).replace(/\.metadata$/, ''));
    if (path === undefined || url === undefined) return void response.writeHead(404).end();
    const isMetadata = path.endsWith('.metadata');
    const bytes = await this.#bring(url + (isMetadata ? '.metadata' : ''));
    if (bytes === undefined) return void response.writeHead(404).end();
    const { start, end } = partOf(request, bytes.length);
    const before = this.#times.get(path)?.bytes ?? 0;
    if (request.method !== 'HEAD') this.#count(isMetadata ? 'metadata' : 'files', end - start, path);
    const againBytes = Math.max(0, before + end - start - bytes.length);
    if (!isMetadata && request.method !== 'HEAD')
      this.#asked = { ...this.#asked, againBytes: this.#asked.againBytes + againBytes };
    if (!isMetadata) this.#sent.add(decodeURIComponent(path));
    await this.#send(request, response, bytes, {
      'Content-Type': 'application/octet-stream',
      'Accept-Ranges': 'bytes',
    });
  }

  async #answerPage(name: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const bytes = await this.#bring(new URL(`${name}/`, this.#real).href, JSON_TYPE);
    if (bytes === undefined) return void response.writeHead(404).end();
    this.#names.add(name);
    const page = this.#own(JSON.parse(bytes.toString()));
    const isJson = (request.headers.accept ?? '').includes('json');
    const text = isJson ? JSON.stringify(page) : htmlOf(page.files.map(linkTo));
    const etag = `"${createHash('sha256').update(text).digest('hex').slice(0, 20)}"`;
    const headers = { ETag: etag, 'Cache-Control': 'max-age=600, public', Vary: 'Accept' };
    if (request.headers['if-none-match']?.includes(etag)) {
      this.#count('pages', 0, name);
      return void response.writeHead(304, headers).end();
    }
    this.#count('pages', Buffer.byteLength(text), name);
    const type = isJson ? JSON_TYPE : 'text/html; charset=utf-8';
    await this.#send(request, response, Buffer.from(text), { ...headers, 'Content-Type': type });
  }

  async #answerList(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const projects = [...this.#names].map((name) => ({ name }));
    const isJson = (request.headers.accept ?? '').includes('json');
    const text = isJson
      ? JSON.stringify({ meta: { 'api-version': '1.1' }, projects })
      : htmlOf(projects.map(({ name }) => `<a href="${name}/">${name}</a>`));
    const type = isJson ? JSON_TYPE : 'text/html; charset=utf-8';
    await this.#send(request, response, Buffer.from(text), { 'Content-Type': type });
  }

  /** The same page with addresses of files here. */
  #own(page: IndexPage): IndexPage {
    const files = page.files.map((file) => {
      const real = new URL(file.url, new URL(`${page.name}/`, this.#real)).href;
      const path = `${createHash('sha256').update(real).digest('hex').slice(0, 16)}/${file.filename}`;
      this.#files.set(path, real.split('#')[0] as string);
      return { ...file, url: `/files/${path.split('/').map(encodeURIComponent).join('/')}` };
    });
    return { ...page, files };
  }

  async #send(
    request: IncomingMessage,
    response: ServerResponse,
    all: Buffer,
    more: Record<string, string>,
  ): Promise<void> {
    const { start, end, isPart } = partOf(request, all.length);
    const range = isPart ? { 'Content-Range': `bytes ${start}-${end - 1}/${all.length}` } : {};
    response.writeHead(isPart ? 206 : 200, { ...more, ...range, 'Content-Length': end - start });
    if (request.method === 'HEAD') return void response.end();
    const piece = (BYTES_PER_SECOND * PIECE_MS) / 1000;
    for (let at = start; at < end && !response.destroyed; at += piece) {
      response.write(all.subarray(at, Math.min(at + piece, end)));
      await sleep(PIECE_MS);
    }
    response.end();
  }

  /** From the real index, once. Undefined where it has nothing of the kind. */
  async #bring(url: string, accept = '*/*'): Promise<Buffer | undefined> {
    const path = join(this.#folder, createHash('sha256').update(url).digest('hex'));
    if (existsSync(path)) return readFileSync(path);
    const answer = await fetch(url, { headers: { Accept: accept } });
    if (answer.status === 404) return undefined;
    if (!answer.ok) throw new Error(`${url} answers ${answer.status}`);
    const bytes = Buffer.from(await answer.arrayBuffer());
    writeFileSync(`${path}.new`, bytes);
    renameSync(`${path}.new`, path);
    return bytes;
  }

  #count(kind: 'pages' | 'files' | 'metadata', bytes: number, path: string): void {
    const before = this.#times.get(path) ?? { count: 0, bytes: 0 };
    this.#times.set(path, { count: before.count + 1, bytes: before.bytes + bytes });
    const most = Math.max(this.#asked.most, before.count + 1);
    this.#asked = { ...this.#asked, [kind]: this.#asked[kind] + 1, bytes: this.#asked.bytes + bytes, most };
  }
}

/** Of the range that is asked for, if any. */
function partOf({ headers }: IncomingMessage, length: number): { start: number; end: number; isPart: boolean } {
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(headers.range ?? '') ?? [];
  const start = from === undefined ? 0 : from === '' ? Math.max(0, length - Number(to)) : Number(from);
  const end = from === undefined || from === '' || to === '' ? length : Math.min(length, Number(to) + 1);
  return { start, end, isPart: from !== undefined };
}

function linkTo({ url, filename, hashes }: IndexPage['files'][number]): string {
  return `<a href="${url}#sha256=${hashes['sha256'] ?? ''}">${filename}</a><br>`;
}

function htmlOf(links: readonly string[]): string {
  const head = '<meta name="pypi:repository-version" content="1.0">';
  return `<!DOCTYPE html><html><head>${head}</head><body>${links.join('\n')}</body></html>`;
}
