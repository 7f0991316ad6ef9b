import type { ProjectRecord } from './manifest.ts';

/**
 * The records of all projects, as text: one line of JSON each, which is parsed when asked for and forgotten again. As
 * objects they would take ten times the memory, and most runs touch few of them.
 */
export class RecordStore {
  readonly #lines: Map<string, string>;

  constructor(lines: Iterable<readonly [name: string, line: string]> = []) {
    this.#lines = new Map(lines);
  }

  has(name: string): boolean {
    return this.#lines.has(name);
  }

  names(): IterableIterator<string> {
    return this.#lines.keys();
  }

  /** Parsed anew at each call. */
  get(name: string): ProjectRecord | undefined {
    const line = this.#lines.get(name);
    return line === undefined ? undefined : parseRecord(line);
  }

  line(name: string): string | undefined {
    return this.#lines.get(name);
  }

  set(name: string, line: string): void {
    this.#lines.set(name, line);
  }

  delete(name: string): void {
    this.#lines.delete(name);
  }

  /** A store of its own with the same records. */
  copy(): RecordStore {
    return new RecordStore(this.#lines);
  }
}

export function parseRecord(line: string): ProjectRecord {
  const record = JSON.parse(line);
  return { ...record, published: new Map(record.published) };
}

/** In one line: JSON has no line breaks of its own. */
export function serializeRecord(record: ProjectRecord): string {
  return JSON.stringify({ ...record, published: [...record.published] });
}
