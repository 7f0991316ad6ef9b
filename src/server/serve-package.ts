import type { Stats } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { Lanes } from '../jobs/lanes.ts';
import { syncFileLasts } from '../publish/sent-as.ts';
import type { ByteRange } from '../standards/http/byte-range.ts';
import { type HotFile, HotFiles } from './hot-files.ts';
import type { InsideOpener } from './open-inside.ts';
import { type FileAnswer, fileAnswer } from './package-answer.ts';
import { privately } from './private-access.ts';
import type { PublishedFiles } from './published-files.ts';
import { BufferPool, sendBytes, sendFile } from './send-file.ts';
import type { ServedSite } from './served-site.ts';

/** Files being opened at once: the look at a page waits behind them. */
const MOST_OPENING = 4;

/** What became of a request. */
export interface Outcome {
  status: number;
  /** Of the body. */
  bytes: number;
}

interface SentFile {
  /** Absolute and real: it must lie in it. */
  folder: string;
  /** From there. */
  path: string;
  isImmutable: boolean;
  isPrivate: boolean;
  /** Where it has to have that many bytes. */
  size?: number;
}

/** Packages, from disk, and only published ones. */
export class PackageServer {
  readonly #files: PublishedFiles;
  readonly #opener: InsideOpener;
  readonly #buffers = new BufferPool();
  readonly #hot: HotFiles;
  readonly #openings = new Lanes(MOST_OPENING);

  /** @param memoryBytes for small files that are asked for again and again */
  constructor(files: PublishedFiles, opener: InsideOpener, memoryBytes: number) {
    this.#hot = new HotFiles(memoryBytes);
    this.#files = files;
    this.#opener = opener;
  }

  /** Look at the disk again: something was published. */
  refresh(): void {
    this.#hot.forget();
  }

  /**
   * @param path below the repository's packages/
   * @returns undefined when there is no such file, and nothing was answered
   */
  async serve(
    site: ServedSite,
    { repository, path }: { repository: string; path: string },
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<Outcome | undefined> {
    const published = await this.#files.find(site, repository, path);
    if (published === undefined) return undefined;
    const isImmutable = site.config.filesImmutable ?? false;
    const isPrivate = site.privateRepositories.has(repository);
    const file = { folder: site.packagesOf(repository), path, isImmutable, isPrivate };
    return this.#send({ ...file, ...(published.size !== undefined && { size: published.size }) }, request, response);
  }

  /** As `serve`, of what stands in `sync/`. @param path from the repository's folder */
  serveSynced(
    site: ServedSite,
    { repository, path }: { repository: string; path: string },
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<Outcome | undefined> {
    const isPrivate = site.privateRepositories.has(repository);
    const isImmutable = syncFileLasts(path);
    return this.#send({ folder: site.folderOf(repository), path, isImmutable, isPrivate }, request, response);
  }

  async #send(
    { folder, path, isImmutable, isPrivate, size }: SentFile,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<Outcome | undefined> {
    const fullPath = join(folder, path);
    const answer = (stats: Stats, send: Sender) => {
      // It has another size than the index promises: somebody is just replacing it by other bytes.
      if (size !== undefined && size !== stats.size) return undefined;
      const head = fileAnswer(path, stats, request.headers, isImmutable);
      const headers = isPrivate ? privately(head.headers) : head.headers;
      return respond(request, response, { ...head, headers }, send);
    };

    const fresh = this.#hot.peek(fullPath) ?? (await this.#hot.recall(fullPath));
    if (fresh !== undefined) return answer(fresh.stats, this.#fromMemory(fullPath, fresh, response));
    const opened = await this.#openings.run(() => this.#opener.open(fullPath, folder));
    if (opened === undefined) return undefined;
    const { handle, stats } = opened;
    try {
      const hot = await this.#hot.take(fullPath, handle, stats);
      if (hot !== undefined) return await answer(hot.stats, this.#fromMemory(fullPath, hot, response));
      return await answer(stats, (range) => sendFile(response, handle.fd, range, this.#buffers));
    } finally {
      await handle.close();
    }
  }

  #fromMemory(path: string, file: HotFile, response: ServerResponse): Sender {
    return async ({ start, end }) => {
      this.#hot.use(file);
      try {
        return await sendBytes(response, file.bytes.subarray(start, end));
      } finally {
        this.#hot.release(path, file);
      }
    };
  }
}

/** Sends the body, and tells how much of it. */
type Sender = (range: ByteRange) => Promise<number>;

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, range }: FileAnswer,
  send: Sender,
): Promise<Outcome> {
  response.writeHead(status, headers);
  if (request.method !== 'HEAD' && range.end > range.start) return { status, bytes: await send(range) };
  response.end();
  return { status, bytes: 0 };
}
