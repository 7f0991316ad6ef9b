import { hash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { mayListUpstreamFile } from '../../admission/unhashed.ts';
import { KhoError } from '../../errors.ts';
import { DownloadFault } from '../../fetch/download-file.ts';
import { filenameFault } from '../../fetch/filename-fault.ts';
import type { HttpClient } from '../../fetch/http-client.ts';
import { Lanes } from '../../jobs/lanes.ts';
import { keptPath, METADATA, packageOf, type UpstreamPlace } from '../../kept-upstream/kept-places.ts';
import type { ByteRange } from '../../standards/http/byte-range.ts';
import { LONGEST_FILENAME } from '../../standards/longest-filename.ts';
import type { UpstreamFile } from '../../upstream-model.ts';
import type { Arrival } from './arrival.ts';
import { Arrivals, type ArrivalsOptions } from './arrivals.ts';
import { type AskedUpstreamFile, downloadable, type UpstreamListing } from './asked-file.ts';
import { Abandoned } from './bring-file.ts';
import { CacheRoom } from './cache-room.ts';
import { ClientBody } from './client-body.ts';
import { KeptFiles } from './kept-files.ts';
import { endKey, KnownEnds } from './known-ends.ts';
import { KnownFacts } from './known-facts.ts';
import { MetadataFiles } from './metadata-files.ts';
import { askRange, bringRange, passRange, passThrough } from './pass-through.ts';
import { sendArrival } from './send-arrival.ts';
import { LONGEST_SHARED, SharedParts } from './shared-parts.ts';
import { type FileRefusal, isRefusal, type UpstreamBody, type UpstreamFileHead } from './upstream-answer.ts';
import { UpstreamRecords } from './upstream-records.ts';
import { UsedDays } from './used-days.ts';

/** Files that are brought at once, of all upstreams; and parts of files that are passed on. */
const MOST_DOWNLOADS = 12;
const MOST_RANGES = 24;

/** A part that begins not further behind what has come, or the start, than this is waited for, and not asked for by itself. In bytes. */
const NEAR_BYTES = 1024 * 1024;

export interface UpstreamFilesOptions extends ArrivalsOptions {
  /** What no page lists is not brought, nor served. */
  listed: (at: UpstreamPlace, filename: string) => Promise<UpstreamListing | undefined>;
  /** Ask for the page anew: it lists what its server has no more. */
  refresh: (at: UpstreamPlace) => Promise<unknown>;
  /** Milliseconds since 1970. */
  now?: () => number;
}

/** Files of other indexes, one of these in a process: each is brought once, whoever asks, and kept. */
export class UpstreamFiles {
  /** For pages: what they promise, and leave out. */
  readonly facts: KnownFacts;
  readonly room: CacheRoom;
  readonly #options: UpstreamFilesOptions;
  readonly #kept: KeptFiles;
  readonly #used: UsedDays;
  readonly #metadata: MetadataFiles;
  readonly #arrivals: Arrivals;
  readonly #downloads = new Lanes(MOST_DOWNLOADS);
  readonly #ranges = new Lanes(MOST_RANGES);
  readonly #parts = new SharedParts(() => this.#now());
  readonly #ends = new KnownEnds(() => this.#now());

  constructor(options: UpstreamFilesOptions) {
    const { config, clientOf } = options;
    const { root } = config();
    const records = new UpstreamRecords(root);
    this.#options = options;
    this.#kept = new KeptFiles(root, records);
    this.#used = new UsedDays(root);
    this.room = new CacheRoom(config, this.#kept, this.#used);
    this.facts = new KnownFacts(records, config, () => this.#now());
    this.#metadata = new MetadataFiles({
      ...{ kept: this.#kept, facts: this.facts, room: this.room, lanes: this.#downloads, clientOf },
      onChanged: (at) => options.onChanged?.(at),
      onMetadata: (read) => options.onMetadata?.(read),
    });
    this.#arrivals = new Arrivals(options, {
      ...{ kept: this.#kept, facts: this.facts, room: this.room, used: this.#used, metadata: this.#metadata },
      ...{ downloads: this.#downloads, ends: this.#ends, now: () => this.#now() },
    });
  }

  /** @param filename of a package, or FILE.metadata */
  async find(at: UpstreamPlace, filename: string): Promise<AskedUpstreamFile | FileRefusal> {
    const name = packageOf(filename);
    if (filenameFault(name) !== undefined || Buffer.byteLength(filename) > LONGEST_FILENAME) return missing(filename);
    const listed = await this.#options.listed(at, name);
    const settings = this.#options.config().upstreams.get(at.upstream);
    if (listed === undefined || settings === undefined) return missing(filename);
    const { file, index } = listed;
    if (!mayListUpstreamFile(file, index, settings)) return missing(filename);
    return this.facts.isRefused(at, file)
      ? missing(filename)
      : { ...listed, at, path: keptPath(at, name), isMetadata: name !== filename };
  }

  /**
   * What is to be known before an answer begins.
   *
   * @param isHead whether it is worth a question how long the file is
   */
  async headOf(asked: AskedUpstreamFile, isHead: boolean): Promise<UpstreamFileHead | FileRefusal> {
    const { file, path, isMetadata } = asked;
    const about = file.uploadTime === undefined ? {} : { uploadTime: file.uploadTime };
    if (isMetadata) {
      const bytes = await this.#metadata.bytesOf(asked);
      if (bytes === undefined) return missing(file.filename + METADATA);
      const sha256 = hash('sha256', bytes, 'hex');
      return { ...about, isHere: true, size: bytes.length, sha256, body: bodyOfBytes(bytes) };
    }
    const here = await this.#kept.open(path, file.sha256);
    if (here !== undefined) {
      here.close();
      return { ...about, isHere: true, size: here.size, sha256: here.sha256 };
    }
    const size = file.size ?? this.#arrivals.get(path)?.size ?? (isHead ? await this.#sizeAt(asked) : undefined);
    return { ...about, ...(size !== undefined && { size }), ...(file.sha256 !== undefined && { sha256: file.sha256 }) };
  }

  /**
   * What is to be sent of a package: from the disk, or while it comes. Resolves when there is something of it.
   *
   * @param range the end is Infinity where nobody knows how long it is
   */
  async bodyOf(asked: AskedUpstreamFile, range: ByteRange): Promise<UpstreamBody | FileRefusal> {
    const { at, file } = asked;
    const found = await this.#bodyOf(asked, range);
    if (!isRefusal(found) || found.status !== 404) return found;
    await this.#options.refresh(at);
    const again = await this.find(at, file.filename);
    const isOther = !isRefusal(again) && (again.file.url !== file.url || again.file.sha256 !== file.sha256);
    return isOther ? this.#bodyOf(again, range) : found;
  }

  /** Whether something of that name is on disk. */
  has(at: UpstreamPlace, filename: string): boolean {
    return this.#kept.has(keptPath(at, filename));
  }

  /** What is coming is a part by then, and gone on with another time. */
  async close(): Promise<void> {
    await this.#arrivals.close();
  }

  #now(): number {
    return (this.#options.now ?? Date.now)();
  }

  async #sizeAt({ at, file }: AskedUpstreamFile): Promise<number | undefined> {
    return this.#options.clientOf(at.upstream).sizeOf(new URL(file.url));
  }

  async #bodyOf(asked: AskedUpstreamFile, range: ByteRange): Promise<UpstreamBody | FileRefusal> {
    const { file, path } = asked;
    const here = await this.#kept.open(path, file.sha256);
    if (here !== undefined) {
      this.#used.note(path, this.#now());
      return here;
    }
    const wrong = this.facts.wrongOf(path, file);
    if (wrong !== undefined) return { status: 502, detail: `"${file.filename}" ${wrong}` };
    if (this.#isFarPart(path, file, range)) {
      const found = await this.#partOf(asked, range);
      if (found !== undefined) return found;
    }
    const arrival = this.#arrivals.get(path) ?? this.#arrivals.begin(asked);
    arrival.join();
    await arrival.until(() => arrival.hasBegun);
    const { state } = arrival;
    if (state.is === 'failed') {
      arrival.leave();
      this.#arrivals.forget(path, arrival); // who asks now begins anew
      if (!(state.fault instanceof Abandoned)) return refusalOf(state.fault, file.filename);
      return this.#bodyOf(asked, range); // by somebody who came and went while this one came
    }
    if (state.is === 'no room' && file.sha256 === undefined) {
      arrival.leave();
      return { status: 503, detail: `There is no room for "${file.filename}"` };
    }
    return {
      ...(arrival.size !== undefined && { size: arrival.size }),
      send: (part, response) => this.#send(asked, arrival, part, response),
      close: () => arrival.leave(),
    };
  }

  /** Of what is not here: parts that a client reads to learn what is in a file, as the end of a wheel. */
  #isFarPart(path: string, { size }: UpstreamFile, { start, end }: ByteRange): boolean {
    if (size === undefined) return false;
    const arrival = this.#arrivals.get(path);
    if (start <= (arrival?.readable ?? 0) + NEAR_BYTES) return false;
    const isRest = end === size && end - start > NEAR_BYTES; // of a file that a client goes on with
    return arrival !== undefined || !isRest;
  }

  /** Undefined where its server sends no parts. */
  async #partOf(asked: AskedUpstreamFile, range: ByteRange): Promise<UpstreamBody | FileRefusal | undefined> {
    const { file, at } = asked;
    const client = this.#options.clientOf(at.upstream);
    const url = new URL(file.url);
    try {
      if (range.end - range.start <= LONGEST_SHARED) {
        const bytes = await this.#shortPartOf(asked, range, client);
        return bytes && bodyOfBytes(bytes, range.start);
      }
      const reply = await this.#ranges.run(() => askRange(url, range, client));
      return (
        reply && {
          send: async (part, response) => {
            const body = new ClientBody(response);
            await this.#ranges.run(() => passRange(url, part, client, body, reply));
            return body.sent;
          },
          close: () => reply.discard(),
        }
      );
    } catch (error) {
      return refusalOf(error, file.filename);
    }
  }

  /** Of what is known of its end, nothing is asked for again. */
  async #shortPartOf(
    { file, path }: AskedUpstreamFile,
    range: ByteRange,
    client: HttpClient,
  ): Promise<Uint8Array | undefined> {
    const key = endKey(path, file);
    const known = this.#ends.get(key);
    const lacking = { start: range.start, end: Math.min(range.end, known?.from ?? range.end) };
    const bring = () => this.#ranges.run(() => bringRange(new URL(file.url), lacking, client));
    const isKnown = lacking.start >= lacking.end;
    const bytes = isKnown ? new Uint8Array() : await this.#parts.get(`${key} ${lacking.start}-${lacking.end}`, bring);
    if (bytes && !isKnown && file.sha256 !== undefined && file.size !== undefined)
      this.#ends.keep(key, lacking, bytes, file.size);
    const rest = known?.bytes.subarray(Math.max(0, range.start - known.from), Math.max(0, range.end - known.from));
    return bytes && rest && rest.length > 0 ? Buffer.concat([bytes, rest]) : bytes;
  }

  async #send(asked: AskedUpstreamFile, arrival: Arrival, range: ByteRange, response: ServerResponse): Promise<number> {
    const body = new ClientBody(response);
    const { file, at } = asked;
    this.#used.note(asked.path, this.#now());
    const end = await sendArrival(arrival, range, body);
    if (end !== 'no room') return body.sent;
    const client = this.#options.clientOf(at.upstream);
    const from = range.start + body.sent;
    const size = file.size ?? arrival.size;
    if (arrival.state.is === 'no room' && from === arrival.there && (size === undefined || range.end >= size)) {
      await passThrough(downloadable(file), client, body, { from, hash: arrival.state.hash.copy() });
    } else await passRange(new URL(file.url), { start: from, end: range.end }, client, body);
    return body.sent;
  }
}

/** @param from where they stand in the file */
function bodyOfBytes(bytes: Uint8Array, from = 0): UpstreamBody {
  return {
    size: from + bytes.length,
    send: async ({ start, end }, response) => {
      const body = new ClientBody(response);
      await body.write(bytes.subarray(start - from, end - from));
      await body.end();
      return body.sent;
    },
    close: () => {},
  };
}

function missing(filename: string): FileRefusal {
  return { status: 404, detail: `No page lists "${filename}"` };
}

function refusalOf(error: unknown, filename: string): FileRefusal {
  if (!(error instanceof KhoError)) throw error;
  const is = error instanceof DownloadFault ? error.is : undefined;
  if (is === 404 || is === 410) return { status: 404, detail: `"${filename}" is not there any more` };
  if (is === undefined) return { status: 503, detail: `"${filename}" cannot be had at the moment` };
  return { status: 502, detail: `"${filename}" cannot be had: its server does not send what its index lists` };
}
