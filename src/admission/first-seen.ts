/**
 * When files of other indexes were first seen that do not tell when they were published, and which releases passed early. Kept beside the
 * other things that nobody who may upload can write: who could, would make a file old.
 */
import { isKeptText, keptFields } from '../io/kept-fields.ts';
import { appendKept, type KeptFile, readKept } from '../io/kept-state.ts';

export interface SeenRecord {
  /** Its name in kho.toml. */
  upstream: string;
  /** Normalized. */
  project: string;
  /** Milliseconds since 1970, whole. */
  seenMs: number;
  /** `seenKey` of each. */
  files: readonly string[];
  /** `VERSION ID` of releases that passed early, and were told of. */
  early: readonly string[];
}

const SEEN: KeptFile<SeenRecord> = {
  name: 'first-seen',
  format: 1,
  whenDamaged: 'leave out', // those files wait anew
  parse: parseSeen,
  serialize: (record) => JSON.stringify(record),
};

/** A line of a page of ten thousands of files stays readable: more go into several. */
const MOST_IN_LINE = 1_000;

/** What is known of one project of one upstream. */
export interface KnownFiles {
  firstSeen: Map<string, number>;
  early: Set<string>;
}

/** By upstream and project. */
export class FirstSeen {
  readonly #root: string;
  readonly #known = new Map<string, KnownFiles>();
  #pending: SeenRecord[] = [];

  /** @throws {KhoError} SITE, READ */
  constructor(root: string) {
    this.#root = root;
    for (const record of readKept(root, SEEN).records) this.#take(record);
  }

  of(upstream: string, project: string): KnownFiles {
    return this.#known.get(keyOf(upstream, project)) ?? { firstSeen: new Map(), early: new Set() };
  }

  /** Something was noted that is not kept yet. */
  get isDue(): boolean {
    return this.#pending.length > 0;
  }

  /** Counts at once; `keep` writes it down. */
  note({ files, early, ...record }: SeenRecord): void {
    const { firstSeen, early: told } = this.of(record.upstream, record.project);
    const newFiles = files.filter((file) => !firstSeen.has(file));
    const newEarly = early.filter((one) => !told.has(one));
    if (newEarly.length > 0) this.#take({ ...record, files: [], early: newEarly }, true);
    for (let at = 0; at < newFiles.length; at += MOST_IN_LINE)
      this.#take({ ...record, files: newFiles.slice(at, at + MOST_IN_LINE), early: [] }, true);
  }

  /** The lock must be held. Once this returns, all that was noted survives a power cut. @throws {KhoError} SITE, WRITE */
  keep(): void {
    const records = this.#pending;
    appendKept(this.#root, SEEN, ...records);
    this.#pending = this.#pending.slice(records.length);
  }

  /** The first time counts. */
  #take(record: SeenRecord, isNew = false): void {
    const { upstream, project, seenMs, files, early } = record;
    if (isNew) this.#pending.push(record);
    const known = this.of(upstream, project);
    for (const file of files) if (!known.firstSeen.has(file)) known.firstSeen.set(file, seenMs);
    for (const one of early) known.early.add(one);
    this.#known.set(keyOf(upstream, project), known);
  }
}

function keyOf(upstream: string, project: string): string {
  return `${upstream} ${project}`;
}

function parseSeen(line: string): SeenRecord | undefined {
  const { upstream, project, seenMs, files, early } = keptFields(line);
  if (!isKeptText(upstream) || !isKeptText(project) || !Number.isSafeInteger(seenMs)) return undefined;
  if (!areTexts(files) || !areTexts(early)) return undefined;
  return { upstream, project, seenMs: seenMs as number, files, early };
}

function areTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(isKeptText);
}
