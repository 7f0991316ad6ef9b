import { pathToFileURL } from 'node:url';
import { HttpClient, type Reply } from '../fetch/http-client.ts';
import { type Catalogue, type CatalogueFile, cataloguePath, readCatalogue } from '../sync-format/catalogue.ts';
import { HEAD_PATH, headSha256, signaturePath } from '../sync-format/head.ts';
import type { CarrierDisk } from './carrier-disk.ts';

/** What a path has. */
interface Content {
  /** In bytes. */
  size: number;
  read(from: number): AsyncIterable<Uint8Array>;
}

/** The state that the disk is to be taken for. */
export interface CarriedState {
  repository: string;
  /** Byte for byte. */
  head: string;
  signature?: string;
  catalogue: { sha256: string; size: number };
}

/**
 * A disk that answers as the centre's web server would: so that all that is asked of the line, hashes, signatures, parts that are gone on with,
 * is asked of the disk, by the same code. It looks nothing up elsewhere.
 */
export class CarrierClient extends HttpClient {
  /** Of the centre's site, as this disk stands for it. */
  readonly root: URL;
  /** What came from the disk, of bodies. In bytes. */
  came = 0;
  readonly #disk: CarrierDisk;
  readonly #state: CarriedState;
  readonly #atHand: () => string | undefined;
  #objects: ReadonlyMap<string, { sha256: string; size: number }> | undefined;

  /** @param catalogueAtHand what is believed by the time that files are asked for */
  constructor(disk: CarrierDisk, state: CarriedState, catalogueAtHand: () => string | undefined) {
    super({}, { firstWaitMs: 1 });
    this.root = pathToFileURL(`${disk.folder}/`);
    this.#disk = disk;
    this.#state = state;
    this.#atHand = catalogueAtHand;
  }

  override async get(url: URL, headers: Record<string, string> = {}): Promise<Reply> {
    const path = url.pathname.startsWith(this.root.pathname) ? url.pathname.slice(this.root.pathname.length) : '';
    const content = this.#find(path.split('/').map(decodeURIComponent));
    const [, from = '0', to] = /^bytes=([0-9]+)-([0-9]*)$/.exec(headers['Range'] ?? '') ?? [];
    const start = Number(from);
    const end = to ? Math.min(Number(to) + 1, content?.size ?? 0) : (content?.size ?? 0);
    if (!content) return this.#reply(url, 404, {});
    if (headers['Range'] !== undefined && start >= content.size) return this.#reply(url, 416, {});
    const about = { 'content-length': String(end - start) };
    const part = { ...about, 'content-range': `bytes ${start}-${end - 1}/${content.size}` };
    return this.#reply(
      url,
      headers['Range'] ? 206 : 200,
      headers['Range'] ? part : about,
      this.#body(content, start, end),
    );
  }

  #reply(url: URL, status: number, headers: Record<string, string>, body = nothing()): Reply {
    return { status, headers: new Map(Object.entries(headers)), url, body, discard: () => void body.return(undefined) };
  }

  async *#body({ read }: Content, from: number, to: number): AsyncGenerator<Uint8Array> {
    let left = to - from;
    for await (const bytes of read(from)) {
      const piece = bytes.subarray(0, left);
      left -= piece.length;
      this.came += piece.length;
      yield piece;
      if (left === 0) return;
    }
  }

  #find([repository = '', ...parts]: readonly string[]): Content | undefined {
    const { head, signature, catalogue } = this.#state;
    const path = parts.join('/');
    if (path === HEAD_PATH) return textContent(head); // whose it is, it says itself
    if (repository === this.#state.repository) {
      if (path === signaturePath(headSha256(Buffer.from(head))))
        return signature === undefined ? undefined : textContent(signature);
      if (path === cataloguePath(catalogue.sha256)) return this.#object(catalogue.sha256, catalogue.size);
    }
    if (parts[0] !== 'packages') return undefined; // the catalogue is there by then
    this.#objects ??= this.#objectsByPath();
    const object = this.#objects.get(`${repository}/${path}`);
    return object && this.#object(object.sha256, object.size);
  }

  /** What the disk has half of breaks off there, as it would on a line: that half is kept. */
  #object(sha256: string, size: number): Content | undefined {
    if (size > 0 && this.#disk.objectSize(sha256, size) === 0) return undefined;
    return { size, read: (from) => this.#disk.readObject(sha256, size, from) };
  }

  #objectsByPath(): ReadonlyMap<string, { sha256: string; size: number }> {
    const text = this.#atHand();
    const { files }: Catalogue = text === undefined ? { files: [], statuses: [] } : readCatalogue(text);
    return new Map(files.flatMap((file) => this.#pathsOf(file)));
  }

  #pathsOf({ repository = this.#state.repository, path, sha256, size, sides = [] }: CatalogueFile) {
    const at = `${repository}/packages/${path}`;
    return [
      [at, { sha256, size }] as const,
      ...sides.map((side) => [`${at}${side.suffix}`, { sha256: side.sha256, size: side.size }] as const),
    ];
  }
}

function textContent(text: string): Content {
  const bytes = Buffer.from(text);
  return {
    size: bytes.length,
    async *read(from) {
      yield bytes.subarray(from);
    },
  };
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
