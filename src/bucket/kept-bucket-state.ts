/** What this machine remembers of a bucket between runs; the bucket has the same, so that losing it costs only requests. */
export interface KeptBucketState {
  read(): string | undefined;
  /** Durable when it returns. */
  write(text: string): void;
}
