/** What one server takes on, so that no client can take it from the others. Times are in milliseconds, sizes in bytes. */
export interface ServerLimits {
  /** Request line and headers. */
  headerBytes: number;
  /** In one request. */
  headers: number;
  /** From the first byte of a request to the last of its headers. */
  headerMs: number;
  /** To the last byte of a body that nobody wants, from the last of its headers. */
  requestMs: number;
  /** Without a byte in either direction, in the middle of an answer too; then a second more for each kB that a client does not take. */
  idleMs: number;
  /** Open at the same time. */
  connections: number;
  /** Of one client, where kho.toml does not say. */
  connectionsPerAddress: number;
  /** False in tests only: clients on this machine may have as many as there may be. */
  isLoopbackFree: boolean;
  /** Bodies of pages that clients have asked for and not taken yet, each counted once. */
  sendingBytes: number;
  /** Pages in memory. */
  pageBytes: number;
  /** Small files in memory that are asked for again and again. */
  fileBytes: number;
  /** For what is in flight when the server is closed. */
  closeMs: number;
}

export const DEFAULT_LIMITS: ServerLimits = {
  headerBytes: 16 * 1024,
  headers: 100,
  headerMs: 10_000,
  requestMs: 30_000,
  idleMs: 75_000,
  connections: 4096,
  connectionsPerAddress: 512,
  isLoopbackFree: true,
  sendingBytes: 64 * 1024 * 1024,
  pageBytes: 32 * 1024 * 1024,
  fileBytes: 32 * 1024 * 1024,
  closeMs: 8000,
};
