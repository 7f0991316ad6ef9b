/** Files of other indexes that are on their way: each is brought once, kept, and looked into when it is here. */
import { createHash, hash } from 'node:crypto';
import { mayComeUnhashed } from '../../admission/unhashed.ts';
import type { SiteConfig } from '../../config/site-config.ts';
import { KhoError } from '../../errors.ts';
import { DownloadFault, partKey } from '../../fetch/download-file.ts';
import type { HttpClient } from '../../fetch/http-client.ts';
import { fileStamp } from '../../io/file-stamp.ts';
import { look } from '../../io/open-file.ts';
import { Lanes } from '../../jobs/lanes.ts';
import { OrderThread } from '../../jobs/order-thread.ts';
import type { UpstreamPlace } from '../../kept-upstream/kept-places.ts';
import type { NormalizedName } from '../../standards/name.ts';
import { Arrival } from './arrival.ts';
import { type AskedUpstreamFile, downloadable } from './asked-file.ts';
import { bringFile, openParts } from './bring-file.ts';
import type { CacheRoom } from './cache-room.ts';
import type { KeptFiles } from './kept-files.ts';
import { endKey, type KnownEnds } from './known-ends.ts';
import type { KnownFacts } from './known-facts.ts';
import { type ArrivedFacts, type ArrivedFile, lookInto } from './look-into.ts';
import type { MetadataFiles } from './metadata-files.ts';
import type { ReadMetadata } from './read-metadata.ts';
import { sweepUpstreams } from './sweep.ts';
import type { UsedDays } from './used-days.ts';

/** What killed runs left is looked for so often. In milliseconds. */
const SWEEP_MS = 86_400_000;

/** What is told of a file. */
export interface UpstreamFileNote {
  /** See `keptPath`. */
  path: string;
  /** A problem's, or `wrong-content`. */
  code: string;
  /** In words that follow the file's name. */
  what: string;
}

export interface ArrivalsOptions {
  config: () => SiteConfig;
  clientOf: (upstream: string) => HttpClient;
  /** Whether it may be asked for, and kept, at this moment: not what is of a name of the site's own. */
  mayAsk?: (project: NormalizedName) => boolean;
  /** What `facts` say of one of its files is another than before: its pages are to be made anew. */
  onChanged?: (at: UpstreamPlace) => void;
  /** One of its files is here now, that was not. */
  onArrived?: (at: UpstreamPlace) => void;
  /** A client asked for one of its files, or for what stands in it, which is this. */
  onMetadata?: (read: ReadMetadata) => void;
  tell?: (note: UpstreamFileNote) => void;
}

/** What a file meets on its way. */
interface Parts {
  kept: KeptFiles;
  facts: KnownFacts;
  room: CacheRoom;
  used: UsedDays;
  metadata: MetadataFiles;
  /** So many come at once. */
  downloads: Lanes;
  ends: KnownEnds;
  /** Milliseconds since 1970. */
  now: () => number;
}

export class Arrivals {
  readonly #options: ArrivalsOptions;
  readonly #parts: Parts;
  readonly #arrivals = new Map<string, Arrival>();
  /** Looks into files that have arrived, in a thread of its own: a big one takes a second. */
  readonly #looks = new OrderThread<ArrivedFile, ArrivedFacts>('upstream-files', lookInto);
  readonly #lookInTurn = new Lanes(1);
  /** Keys of parts that are growing. */
  readonly #growing = new Set<string>();
  #sweptMs = Number.NEGATIVE_INFINITY;

  constructor(options: ArrivalsOptions, parts: Parts) {
    this.#options = options;
    this.#parts = parts;
  }

  /** @param path see `keptPath` */
  get(path: string): Arrival | undefined {
    return this.#arrivals.get(path);
  }

  /** What is coming is a part by then, and gone on with another time. */
  async close(): Promise<void> {
    for (const arrival of this.#arrivals.values()) arrival.onForgotten();
    await this.#looks.close();
  }

  /** From here on, all who ask for the file wait for this. */
  begin(asked: AskedUpstreamFile): Arrival {
    const { path, file } = asked;
    const arrival = new Arrival(file.size);
    this.#arrivals.set(path, arrival);
    this.#sweepNowAndThen();
    void this.#parts.downloads
      .run(() => this.#bring(asked, arrival))
      .then((isNew) => (isNew ? this.#lookInto(asked).finally(() => this.#options.onArrived?.(asked.at)) : undefined))
      .catch((error) => {
        if (!arrival.isOver) arrival.ends({ is: 'failed', fault: error });
        this.#options.tell?.({ path, code: 'bug', what: `cannot be looked into: ${error}` });
      })
      .finally(() => this.forget(path, arrival));
    return arrival;
  }

  /** Who asks from now on begins anew. */
  forget(path: string, arrival: Arrival): void {
    if (this.#arrivals.get(path) === arrival) this.#arrivals.delete(path);
  }

  #sweepNowAndThen(): void {
    if (this.#parts.now() - this.#sweptMs < SWEEP_MS) return;
    this.#sweptMs = this.#parts.now();
    sweepUpstreams(this.#options.config().root, this.#parts.used, this.#growing).catch((error) =>
      this.#options.tell?.({ path: '', code: 'bug', what: `what was left cannot be swept: ${error}` }),
    );
  }

  /** @returns whether it is on disk now, and was not before */
  async #bring(asked: AskedUpstreamFile, arrival: Arrival): Promise<boolean> {
    const { at, path, file, index } = asked;
    const { root, upstreams } = this.#options.config();
    const mayKeep = () => this.#options.mayAsk?.(at.project) !== false;
    if (!mayKeep()) {
      arrival.ends({ is: 'failed', fault: new DownloadFault(404, "the name is the site's own by now") });
      return false;
    }
    const parts = (await this.#parts.room.make(file.size ?? 0)) ? tryOpenParts(root, at.upstream) : undefined;
    if (parts === undefined) {
      arrival.ends({ is: 'no room', hash: createHash('sha256') });
      return false;
    }
    const checkSource = ({ href, host }: URL) => {
      if (file.sha256 !== undefined || mayComeUnhashed(href, index, upstreams.get(at.upstream) ?? {})) return;
      throw new DownloadFault('wrong content', `it comes from ${host}, and has no hash`);
    };
    const client = this.#options.clientOf(at.upstream);
    const key = partKey(downloadable(file));
    this.#growing.add(key);
    const tail = this.#parts.ends.get(endKey(path, file));
    const bringing = { file: downloadable(file), path, parts, client, checkSource, mayKeep, ...(tail && { tail }) };
    const isNew = await bringFile(bringing, arrival, this.#parts.kept).finally(() => this.#growing.delete(key));
    this.#parts.ends.drop(endKey(path, file));
    const { state } = arrival;
    if (state.is === 'failed' && state.fault instanceof DownloadFault && state.fault.is === 'wrong content') {
      const what = `is not what its index lists, whenever it comes: ${state.fault.message}`;
      this.#parts.facts.noteWrong(path, file, what);
      this.#options.tell?.({ path, code: 'wrong-content', what });
      this.#options.onChanged?.(at);
    }
    if (isNew) this.#parts.room.changed(arrival.there);
    return isNew;
  }

  /** It is here, and what its index lists: whether it is what its name says, is seen by opening it. */
  async #lookInto({ at, path, file }: AskedUpstreamFile): Promise<void> {
    const fullPath = this.#parts.kept.pathOf(path);
    const stats = look(fullPath);
    const record = this.#parts.facts.records.get(path);
    if (stats === undefined || record === undefined) return;
    const about = { path: fullPath, stamp: fileStamp(stats), filename: file.filename, sha256: record.sha256 };
    const { metadata, lie, binaries } = await this.#lookInTurn.run(() => this.#looks.run(about));
    const before = this.#parts.facts.metadataOf(at, file);
    const metadataSha256 = metadata && hash('sha256', metadata, 'hex');
    this.#parts.facts.records.put({
      ...record,
      ...(metadataSha256 !== undefined && { metadataSha256 }),
      ...(lie && { lie }),
      ...(binaries && { binaries }),
    });
    const { verdicts, everywhere } = this.#parts.facts.held(at, file);
    for (const { code, what } of verdicts) this.#options.tell?.({ path, code, what });
    if (everywhere) {
      this.#parts.kept.remove(path, false);
      this.#parts.room.changed(-stats.size);
    } else if (metadata !== undefined) {
      this.#parts.metadata.keep(path, metadata);
      this.#options.onMetadata?.({ at, filename: file.filename, metadata });
    }
    const isOther = before !== this.#parts.facts.metadataOf(at, file) || file.sha256 === undefined;
    if (isOther || verdicts.length > 0) this.#options.onChanged?.(at);
  }
}

function tryOpenParts(root: string, upstream: string): string | undefined {
  try {
    return openParts(root, upstream);
  } catch (error) {
    if (!(error instanceof KhoError)) throw error;
    return undefined; // a full disk, one that may only be read, or a folder of somebody else's
  }
}
