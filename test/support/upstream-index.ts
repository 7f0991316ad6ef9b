/** Another index, small and whole: pages in JSON, files of which parts can be had, metadata beside them; and a log of what it was asked for. */
import { createHash } from 'node:crypto';
import { makeWheel, type WheelOptions, wheelFilename } from './make-package.ts';
import { ScriptedServer } from './scripted-server.ts';

export class UpstreamIndex {
  readonly server: ScriptedServer;
  readonly #files = new Map<string, object[]>();

  private constructor(server: ScriptedServer) {
    this.server = server;
  }

  static async start(): Promise<UpstreamIndex> {
    return new UpstreamIndex(await ScriptedServer.start());
  }

  /** For kho.toml, and for clients that ask it themselves. */
  get url(): string {
    return this.server.url('/simple/').href;
  }

  /** Paths that were asked for, in order. */
  get log(): string[] {
    return this.server.requests.map(({ path }) => path);
  }

  /** @returns its file's name */
  wheel(options: WheelOptions, metadata: readonly string[] = []): string {
    return this.file(options.name, wheelFilename(options), makeWheel({ ...options, metadata: [...metadata] }));
  }

  /** One more file of a project. @param metadata to lie beside it @returns its name */
  file(project: string, filename: string, bytes: Uint8Array, metadata?: Uint8Array): string {
    const path = `/files/${filename}`;
    this.server.file(path, bytes);
    if (metadata) this.server.page(`${path}.metadata`, metadata);
    const entry = {
      ...{ filename, url: path, hashes: hashesOf(bytes), ...(metadata && { 'core-metadata': hashesOf(metadata) }) },
      ...{ size: bytes.length, 'upload-time': '2026-01-02T03:04:05.678901Z' },
    };
    const files = [...(this.#files.get(project) ?? []), entry];
    this.#files.set(project, files);
    const body = JSON.stringify({ meta: { 'api-version': '1.1' }, name: project, versions: [], files });
    this.server.page(`/simple/${project}/`, body, 'application/vnd.pypi.simple.v1+json');
    return filename;
  }

  stop(): void {
    this.server.stop();
  }
}

function hashesOf(bytes: Uint8Array): { sha256: string } {
  return { sha256: createHash('sha256').update(bytes).digest('hex') };
}
