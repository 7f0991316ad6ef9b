import { hash } from 'node:crypto';
import { KhoError } from '../../errors.ts';
import type { HttpClient } from '../../fetch/http-client.ts';
import { readMetadata } from '../../inspect/inspect-file.ts';
import type { Lanes } from '../../jobs/lanes.ts';
import { METADATA, type UpstreamPlace } from '../../kept-upstream/kept-places.ts';
import { FormatError } from '../../problems.ts';
import type { AskedUpstreamFile } from './asked-file.ts';
import type { CacheRoom } from './cache-room.ts';
import type { KeptFiles } from './kept-files.ts';
import type { KnownFacts } from './known-facts.ts';
import type { ReadMetadata } from './read-metadata.ts';
import { bringMetadata } from './wheel-metadata.ts';

interface Parts {
  kept: KeptFiles;
  facts: KnownFacts;
  room: CacheRoom;
  lanes: Lanes;
  clientOf: (upstream: string) => HttpClient;
  onChanged: (at: UpstreamPlace) => void;
  onMetadata: (read: ReadMetadata) => void;
}

/** FILE.metadata of wheels of upstreams. Each is brought once, whoever asks. */
export class MetadataFiles {
  readonly #parts: Parts;
  readonly #coming = new Map<string, Promise<Uint8Array | undefined>>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** From disk, from the wheel on disk, or from the upstream; undefined where it cannot be had. */
  async bytesOf(asked: AskedUpstreamFile): Promise<Uint8Array | undefined> {
    const { at, file } = asked;
    const metadata = await this.#bytesOf(asked);
    if (metadata) this.#parts.onMetadata({ at, filename: file.filename, metadata });
    return metadata;
  }

  async #bytesOf(asked: AskedUpstreamFile): Promise<Uint8Array | undefined> {
    const { path, file, at } = asked;
    if (!file.filename.endsWith('.whl')) return undefined;
    const { kept, facts } = this.#parts;
    const promised = facts.metadataOf(at, file);
    const here = promised === undefined ? undefined : await kept.read(`${path}${METADATA}`, promised);
    if (here !== undefined) return here;
    const coming = this.#coming.get(path) ?? this.#bring(asked).finally(() => this.#coming.delete(path));
    this.#coming.set(path, coming);
    return coming;
  }

  /** That of a wheel that has come. */
  keep(path: string, bytes: Uint8Array): void {
    try {
      this.#parts.kept.put(`${path}${METADATA}`, bytes);
      this.#parts.room.changed(bytes.length);
    } catch (error) {
      if (!(error instanceof KhoError)) throw error; // a full disk: it is made again when it is asked for
    }
  }

  async #bring(asked: AskedUpstreamFile): Promise<Uint8Array | undefined> {
    const { path, file, at } = asked;
    const { facts, room, lanes, clientOf, onChanged } = this.#parts;
    const before = facts.metadataOf(at, file);
    let bytes = await this.#onDisk(asked);
    // Without a hash of the wheel nothing tells what its end would be the end of.
    if (bytes === undefined && file.sha256 !== undefined)
      bytes = await lanes.run(() => bringMetadata(file, clientOf(at.upstream)));
    facts.noteMetadata(path, bytes !== undefined);
    if (bytes !== undefined) {
      const record =
        facts.recordOf(path, file) ?? (file.sha256 === undefined ? undefined : { path, sha256: file.sha256 });
      if (record !== undefined) facts.records.put({ ...record, metadataSha256: hash('sha256', bytes, 'hex') });
      if (await room.make(bytes.length)) this.keep(path, bytes);
    }
    if (before !== facts.metadataOf(at, file)) onChanged(at);
    return bytes;
  }

  async #onDisk({ path, file }: AskedUpstreamFile): Promise<Uint8Array | undefined> {
    const { kept } = this.#parts;
    const here = await kept.open(path, file.sha256);
    if (here === undefined) return undefined;
    here.close();
    try {
      return (await readMetadata(kept.pathOf(path))).metadataBytes;
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      return undefined;
    }
  }
}
