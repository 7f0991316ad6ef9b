/** One way to break the code that a test has to notice. */
export interface Break {
  /** What is then wrong, as one would tell it: "the journal is never written". */
  what: string;
  /** From the root of the clone. */
  file: string;
  /** Stands in it exactly once. */
  find: string;
  replace: string;
  /** The file of unit tests that fails then, from the root of the clone. */
  test: string;
}
