/** Where what is published, and what ought to be, part ways. */
export interface Drift {
  /** From the site's root, with `/`. */
  file: string;
  /** In one line that reads on after the file's name; no full stop. */
  what: string;
  /** The way out, in one line; no full stop. */
  hint: string;
}

export const BUILD = 'run kho build; should it stay so, remove .kho and run it again';
export const REMOVE = 'run kho build; should it stay so, remove it: what is there is published by kho alone';
export const COPY_AGAIN = 'run kho build; if nobody changed the file, copy it again from where it came first';

/** Included files are looked at from several repositories: what is said twice is shown once. */
export class DriftList {
  readonly #byText = new Map<string, Drift>();

  add(file: string, what: string, hint: string = BUILD): void {
    this.#byText.set(`${file}\n${what}`, { file, what, hint });
  }

  sorted(): Drift[] {
    return [...this.#byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, drift]) => drift);
  }
}
