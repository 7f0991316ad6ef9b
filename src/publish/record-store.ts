/** How records are told as text: in one line each. */
export interface RecordFormat<Record> {
  /** Undefined for what cannot be believed. */
  parse(line: string): Record | undefined;
  serialize(record: Record): string;
}

/**
 * The records of all projects, as text: one line each, which is parsed when asked for and forgotten again. As objects they would take
 * ten times the memory, and most runs touch few of them.
 */
export class RecordStore<Record> {
  readonly #format: RecordFormat<Record>;
  readonly #lines: Map<string, string>;

  constructor(format: RecordFormat<Record>, lines: Iterable<readonly [name: string, line: string]> = []) {
    this.#format = format;
    this.#lines = new Map(lines);
  }

  has(name: string): boolean {
    return this.#lines.has(name);
  }

  names(): IterableIterator<string> {
    return this.#lines.keys();
  }

  /** Parsed anew at each call. */
  get(name: string): Record | undefined {
    const line = this.#lines.get(name);
    return line === undefined ? undefined : this.#format.parse(line);
  }

  line(name: string): string | undefined {
    return this.#lines.get(name);
  }

  set(name: string, record: Record): void {
    this.setLine(name, this.#format.serialize(record));
  }

  setLine(name: string, line: string): void {
    this.#lines.set(name, line);
  }

  delete(name: string): void {
    this.#lines.delete(name);
  }

  /** A store of its own with the same records. */
  copy(): RecordStore<Record> {
    return new RecordStore(this.#format, this.#lines);
  }

  /** Names with their lines, sorted by name. */
  *sorted(): Generator<[name: string, line: string]> {
    for (const name of [...this.#lines.keys()].sort()) yield [name, this.#lines.get(name) as string];
  }
}
