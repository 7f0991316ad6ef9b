/**
 * What kho knows of files of other indexes that are on disk: by that it knows them again without reading them. It lies in `.kho`, where
 * nobody else writes, and may be lost: then they are hashed once more.
 */

import { addLine } from '../../io/add-line.ts';
import { makeFolder } from '../../io/disk.ts';
import type { FileStamp } from '../../io/file-stamp.ts';
import { isKeptText, keptFields } from '../../io/kept-fields.ts';
import { readKeptLines, withSum, writeKeptLines } from '../../io/kept-lines.ts';
import { isStateTrusted, stateFolder } from '../../publish/state-folder.ts';
import type { BinaryFacts } from '../../standards/platforms/binary-facts.ts';
import { isSha256 } from '../../standards/sha256.ts';
import { recordsPath } from './places.ts';

/** Of a file; without a device, which may have another number after a restart. */
export type KeptStamp = Omit<FileStamp, 'device'>;

export interface UpstreamRecord {
  /** See `keptPath`. */
  path: string;
  /** Hexadecimal. */
  sha256: string;
  /** Absent where only what it says of the bytes counts. */
  stamp?: KeptStamp;
  /** Where it came from, without name and password. */
  from?: string;
  /** Of the metadata that kho made, or found right. */
  metadataSha256?: string;
  /** Its name lies about what is in it; in words that follow its name. */
  lie?: { code: string; what: string };
  /** Of a wheel whose tags do not keep what they promise. */
  binaries?: BinaryFacts;
}

/** Lines more than so many times as many as records are worth writing anew. */
const WORTH_TIDYING = 2;
const FEW_LINES = 500;

export class UpstreamRecords {
  readonly #root: string;
  #records: Map<string, UpstreamRecord> | undefined;

  constructor(root: string) {
    this.#root = root;
  }

  get(path: string): UpstreamRecord | undefined {
    return this.#all().get(path);
  }

  /** Replaces what was known of it. That it cannot be written costs a look at the file another time. */
  put(record: UpstreamRecord): void {
    this.#all().set(record.path, record);
    this.#add(JSON.stringify(record));
  }

  forget(path: string): void {
    if (this.#all().delete(path)) this.#add(JSON.stringify({ path, isGone: true }));
  }

  all(): Iterable<UpstreamRecord> {
    return this.#all().values();
  }

  #add(line: string): void {
    try {
      makeFolder(stateFolder(this.#root));
      addLine(recordsPath(this.#root), withSum(line), 'may be lost');
    } catch {
      // A full disk, or a site that may only be read.
    }
  }

  #all(): Map<string, UpstreamRecord> {
    this.#records ??= this.#read();
    return this.#records;
  }

  #read(): Map<string, UpstreamRecord> {
    const records = new Map<string, UpstreamRecord>();
    if (!isStateTrusted(this.#root)) return records;
    try {
      const { lines } = readKeptLines(recordsPath(this.#root));
      for (const line of lines) {
        const record = parseRecord(line);
        if (record === undefined) continue;
        if (record.isGone) records.delete(record.path);
        else records.set(record.path, record.record);
      }
      if (lines.length > FEW_LINES + WORTH_TIDYING * records.size)
        writeKeptLines(
          recordsPath(this.#root),
          [...records.values()].map((record) => JSON.stringify(record)),
        );
    } catch {
      // None, or none that can be read.
    }
    return records;
  }
}

type ParsedRecord = { path: string; isGone: true } | { path: string; isGone: false; record: UpstreamRecord };

function parseRecord(line: string): ParsedRecord | undefined {
  const fields = keptFields(line);
  const { path, sha256, stamp, from, metadataSha256, lie, binaries, isGone } = fields;
  if (!isKeptText(path)) return undefined;
  if (isGone === true) return { path, isGone };
  if (!isSha256(sha256)) return undefined;
  const { code, what } = Object(lie) as Record<string, unknown>;
  const record: UpstreamRecord = {
    ...{ path, sha256 },
    ...(isStamp(stamp) && { stamp }),
    ...(isKeptText(from) && { from }),
    ...(isSha256(metadataSha256) && { metadataSha256 }),
    ...(isKeptText(code) && isKeptText(what) && { lie: { code, what } }),
    ...(typeof binaries === 'object' && binaries !== null && { binaries: binaries as BinaryFacts }),
  };
  return { path, isGone: false, record };
}

function isStamp(value: unknown): value is KeptStamp {
  const { size, modifiedMs, changedMs, inode } = Object(value) as Record<string, unknown>;
  return [size, modifiedMs, changedMs, inode].every((each) => typeof each === 'number');
}
