/** A centre that sites follow, small and whole: packages, catalogues and heads as kho writes them, and a log of what it was asked for. */
import { createHash } from 'node:crypto';
import { brotliCompressSync } from 'node:zlib';
import { normalizeName } from '../../src/standards/name.ts';
import {
  type CatalogueFile,
  type CatalogueStatus,
  cataloguePath,
  projectLines,
} from '../../src/sync-format/catalogue.ts';
import { diffPath, writeDiff } from '../../src/sync-format/catalogue-diff.ts';
import { HEAD_PATH, headSha256, type SyncHead, writeHead } from '../../src/sync-format/head.ts';
import { makeWheel, type WheelOptions, wheelFilename } from './make-package.ts';
import { ScriptedServer } from './scripted-server.ts';

const UPLOADED = '2026-01-02T03:04:05.678Z';

export const CENTRE_ID = '0b1c2d3e-4f50-4a61-8b72-9c83ad94be05';

export class MadeCentre {
  readonly server: ScriptedServer;
  readonly repository: string;
  readonly files = new Map<string, CatalogueFile>();
  readonly bytes = new Map<string, Uint8Array>();
  statuses: CatalogueStatus[] = [];
  head: SyncHead | undefined;
  /** Of the newest. */
  text = '';

  private constructor(server: ScriptedServer, repository: string) {
    [this.server, this.repository] = [server, repository];
  }

  static async start(repository = 'armhf'): Promise<MadeCentre> {
    return new MadeCentre(await ScriptedServer.start(), repository);
  }

  get url(): string {
    return this.server.url('/').href;
  }

  /** Paths that were asked for, in order. */
  get log(): string[] {
    return this.server.requests.map(({ path }) => path);
  }

  /** @returns what the catalogue says of it */
  wheel(options: WheelOptions, more: Partial<CatalogueFile> = {}): CatalogueFile {
    const [path, bytes] = [wheelFilename(options), makeWheel(options)];
    const metadata = [options.metadata ?? []].flat();
    const valuesOf = (field: string) =>
      metadata.filter((line) => line.startsWith(`${field}: `)).map((line) => line.slice(field.length + 2));
    const file: CatalogueFile = {
      ...{ project: normalizeName(options.name), path, version: options.version, size: bytes.length },
      ...{ sha256: sha256(bytes), uploadTime: UPLOADED, requiresDist: valuesOf('Requires-Dist') },
      ...(valuesOf('Provides-Extra').length > 0 && { providesExtra: valuesOf('Provides-Extra') }),
      ...more,
    };
    this.files.set(path, file);
    this.put(`packages/${path}`, bytes);
    return file;
  }

  /** Give the head to whoever asks, its catalogue, and how that differs from the one before. */
  publish(more: Partial<SyncHead> = {}): SyncHead {
    const files = [...this.files.values()];
    const names = [
      ...new Set([...files.map(({ project }) => project), ...this.statuses.map(({ project }) => project)]),
    ].sort();
    const text = names
      .map((name) =>
        projectLines(
          files.filter(({ project }) => project === name),
          this.statuses.find(({ project }) => project === name),
        ),
      )
      .join('');
    const hash = sha256(text);
    this.put(cataloguePath(hash), Buffer.from(text));
    this.put(`${cataloguePath(hash)}.br`, brotliCompressSync(text));
    if (this.text !== '') this.put(diffPath(sha256(this.text), hash), brotliCompressSync(writeDiff(this.text, text)));
    this.text = text;
    const before = this.head && headSha256(Buffer.from(writeHead(this.head)));
    const head: SyncHead = {
      ...{ format: 1, site: CENTRE_ID, repository: this.repository, counter: (this.head?.counter ?? 0) + 1 },
      ...{ catalogue: { sha256: hash, size: Buffer.byteLength(text) }, created: UPLOADED },
      ...(before !== undefined && { before }),
      ...more,
    };
    this.head = head;
    this.showHead(writeHead(head));
    return head;
  }

  showHead(text: string): void {
    const etag = `"${sha256(text).slice(0, 16)}"`;
    this.server.answers.set(`/${this.repository}/${HEAD_PATH}`, ({ headers }, response) => {
      if (headers['if-none-match'] === etag) response.writeHead(304, { ETag: etag }).end();
      else response.writeHead(200, { ETag: etag, 'Content-Length': Buffer.byteLength(text) }).end(text);
    });
  }

  /** @param path from the folder of the repository */
  put(path: string, bytes: Uint8Array): void {
    this.bytes.set(path, bytes);
    this.server.file(`/${this.repository}/${path}`, bytes);
  }

  stop(): void {
    this.server.stop();
  }
}

export function sha256(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex');
}

/** A lock of pip: versions with the hashes of their files. */
export function pipLock(files: readonly CatalogueFile[]): string {
  return files.map(({ project, version, sha256: hash }) => `${project}==${version} --hash=sha256:${hash}\n`).join('');
}
