/** What one server takes on, so that no client can take it from the others. Times are in milliseconds, sizes in bytes. */
export interface Limits {
  /** Request line and headers. */
  headerBytes: number;
  /** From the first byte of a request to the last of its headers. */
  headerMs: number;
  /** To the last byte of a body, though none is read. */
  requestMs: number;
  /** Without a byte in either direction, in the middle of an answer too. */
  idleMs: number;
  /** Open at the same time; more are closed at once. */
  connections: number;
  /** Pages in memory. */
  pageBytes: number;
  /** Small files in memory that are asked for again and again. */
  fileBytes: number;
  /** For what is in flight when the server is closed. */
  closeMs: number;
}

export const DEFAULT_LIMITS: Limits = {
  headerBytes: 16 * 1024,
  headerMs: 10_000,
  requestMs: 30_000,
  idleMs: 75_000,
  connections: 4096,
  pageBytes: 32 * 1024 * 1024,
  fileBytes: 32 * 1024 * 1024,
  closeMs: 10_000,
};
