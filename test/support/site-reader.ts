/** A client that reads a site over HTTP without a pause, and notes whatever pip would stumble over. */
import { createHash } from 'node:crypto';
import { Agent, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ReaderFault {
  /** Of a package, or of a page. */
  filename: string;
  what: string;
  /** When the page that named the file was asked for, as `performance.now()` counts. */
  pageAskedMs: number;
}

interface ReaderListed {
  url: URL;
  filename: string;
  sha256: string;
  metadataSha256: string | undefined;
}

interface ReaderAnswer {
  status: number;
  body: Buffer;
}

/** Each round reads all pages, now as HTML and now as JSON, then all files that they list, and compares their hashes. */
export class SiteReader {
  /** Whole rounds so far. */
  rounds = 0;
  readonly #url: string;
  readonly #repositories: readonly string[];
  readonly #agent = new Agent({ keepAlive: true });
  #faults: ReaderFault[] = [];
  #stopped = false;
  #reading: Promise<void> | undefined;

  /** @param url without a slash at its end */
  constructor(url: string, repositories: readonly string[]) {
    this.#url = url;
    this.#repositories = repositories;
  }

  start(): this {
    this.#reading = this.#read();
    return this;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#reading;
    this.#agent.destroy();
  }

  /** What was wrong since the last call, with all the reading that had begun by now. */
  async takeFaults(): Promise<ReaderFault[]> {
    const last = this.rounds + 2;
    while (this.rounds < last) await sleep(10);
    const faults = this.#faults;
    this.#faults = [];
    return faults;
  }

  async #read(): Promise<void> {
    for (; !this.#stopped; this.rounds++) {
      for (const repository of this.#repositories) await this.#readRepository(`${this.#url}/${repository}/simple/`);
      await sleep(5);
    }
  }

  async #readRepository(simple: string): Promise<void> {
    const projects = async () => {
      const { status, body } = await this.#get(new URL('index.json', simple));
      if (status !== 200) throw new Error(`${simple}index.json was answered with ${status}`);
      return (JSON.parse(body.toString()).projects as { name: string }[]).map(({ name }) => name);
    };
    for (const project of await projects()) {
      const pageAskedMs = performance.now();
      const page = new URL(this.rounds % 2 === 0 ? `${project}/index.json` : `${project}/index.html`, simple);
      const { status, body } = await this.#get(page);
      if (status !== 200) {
        // The project may have gone between the two answers; then it has left the list as well.
        if ((await projects()).includes(project))
          this.#faults.push({ filename: page.pathname, what: `page: ${status}`, pageAskedMs });
        continue;
      }
      const files = page.href.endsWith('.json') ? listedInJson(page, body) : listedInHtml(page, body);
      for (const file of files) await this.#readFile(file, pageAskedMs);
    }
  }

  async #readFile({ url, filename, sha256, metadataSha256 }: ReaderListed, pageAskedMs: number): Promise<void> {
    const compare = async (of: URL, expected: string, what: string) => {
      const { status, body } = await this.#get(of);
      const found = status === 200 ? `${body.length} bytes with another hash` : String(status);
      if (status !== 200 || createHash('sha256').update(body).digest('hex') !== expected)
        this.#faults.push({ filename, what: `${what}: ${found}`, pageAskedMs });
    };
    await compare(url, sha256, 'file');
    if (metadataSha256 !== undefined) await compare(new URL(`${url}.metadata`), metadataSha256, 'metadata');
  }

  #get(url: URL): Promise<ReaderAnswer> {
    return new Promise((resolve, reject) => {
      const request = get(url, { agent: this.#agent }, (response) => {
        const pieces: Buffer[] = [];
        const end = () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(pieces) });
        response.on('data', (piece: Buffer) => pieces.push(piece));
        // nginx promised the size that the file had; when it shrinks meanwhile the answer ends early.
        response.on('end', end).on('error', end);
      });
      request.on('error', reject);
    });
  }
}

function listedInJson(page: URL, body: Buffer): ReaderListed[] {
  const { files } = JSON.parse(body.toString());
  return files.map(
    (file: { filename: string; url: string; hashes: { sha256: string }; 'core-metadata'?: { sha256: string } }) => ({
      url: new URL(file.url, page),
      filename: file.filename,
      sha256: file.hashes.sha256,
      metadataSha256: file['core-metadata']?.sha256,
    }),
  );
}

function listedInHtml(page: URL, body: Buffer): ReaderListed[] {
  const links = [...body.toString().matchAll(/<a href="([^"#]+)#sha256=([0-9a-f]{64})"([^>]*)>([^<]+)</g)];
  return links.map(([, href = '', sha256 = '', attributes = '', filename = '']) => ({
    url: new URL(href, page),
    filename,
    sha256,
    metadataSha256: /data-core-metadata="sha256=([0-9a-f]{64})"/.exec(attributes)?.[1],
  }));
}
