/** Where what is published, on the disk or in a bucket, and what ought to be, part ways. */
export interface Drift {
  /** From the site's root, with `/`; in a bucket, from the store's prefix. */
  file: string;
  /** In one line that reads on after the file's name; no full stop. */
  what: string;
  /** The way out, in one line; no full stop. */
  hint: string;
}

/** Some files are looked at from several sides: what is said twice is shown once. */
export class DriftList {
  readonly #byText = new Map<string, Drift>();
  readonly #usualHint: string;

  constructor(usualHint: string) {
    this.#usualHint = usualHint;
  }

  add(file: string, what: string, hint: string = this.#usualHint): void {
    this.#byText.set(`${file}\n${what}`, { file, what, hint });
  }

  sorted(): Drift[] {
    return [...this.#byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, drift]) => drift);
  }
}
