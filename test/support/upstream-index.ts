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
    const filename = wheelFilename(options);
    const bytes = makeWheel({ ...options, metadata: [...metadata] });
    const path = `/files/${filename}`;
    this.server.file(path, bytes);
    const entry = {
      ...{ filename, url: path, hashes: { sha256: createHash('sha256').update(bytes).digest('hex') } },
      ...{ size: bytes.length, 'upload-time': '2026-01-02T03:04:05.678901Z' },
    };
    const files = [...(this.#files.get(options.name) ?? []), entry];
    this.#files.set(options.name, files);
    const body = JSON.stringify({ meta: { 'api-version': '1.1' }, name: options.name, versions: [], files });
    this.server.page(`/simple/${options.name}/`, body, 'application/vnd.pypi.simple.v1+json');
    return filename;
  }

  stop(): void {
    this.server.stop();
  }
}
