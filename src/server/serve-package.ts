import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { InsideOpener } from './open-inside.ts';
import { fileAnswer } from './package-answer.ts';
import type { PublishedFiles } from './published-files.ts';
import { BufferPool, sendFile } from './send-file.ts';
import type { ServedSite } from './served-site.ts';

/** What became of a request. */
export interface Outcome {
  status: number;
  /** Of the body. */
  bytes: number;
}

/** Packages, from disk, and only published ones. */
export class PackageServer {
  readonly #files: PublishedFiles;
  readonly #opener: InsideOpener;
  readonly #buffers = new BufferPool();

  constructor(files: PublishedFiles, opener: InsideOpener) {
    this.#files = files;
    this.#opener = opener;
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
    const packages = site.packagesOf(repository);
    const opened = await this.#opener.open(join(packages, path), packages);
    if (opened === undefined) return undefined;
    const { handle, stats } = opened;
    try {
      // It is being replaced: other bytes than those that the index promises.
      if (published.size !== undefined && published.size !== stats.size) return undefined;
      const isImmutable = site.config.filesImmutable ?? false;
      const { status, headers, range } = fileAnswer(path, stats, request.headers, { isImmutable });
      response.writeHead(status, headers);
      if (request.method === 'HEAD' || range.end === range.start) {
        response.end();
        return { status, bytes: 0 };
      }
      return { status, bytes: await sendFile(response, handle.fd, range, this.#buffers) };
    } finally {
      await handle.close();
    }
  }
}
