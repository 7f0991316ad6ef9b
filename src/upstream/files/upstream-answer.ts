import type { ServerResponse } from 'node:http';
import type { ByteRange } from '../../standards/http/byte-range.ts';

/** What a client may know of an upstream's file before anything is sent. */
export interface UpstreamFileHead {
  /** In bytes; undefined where nobody tells. */
  size?: number;
  /** Hexadecimal: what it is, or has to be. */
  sha256?: string;
  /** ISO 8601. */
  uploadTime?: string;
  /** All of it is here, and right. */
  isHere?: true;
  /** Where it is at hand already; the others are asked for. */
  body?: UpstreamBody;
}

/** What follows the head: from a file that is open, or by a function. */
export type UpstreamBody = { size?: number; close(): void } & (
  | { descriptor: number }
  /** To be called once. @returns bytes that were sent; the connection is cut where that is not all */
  | { send(range: ByteRange, response: ServerResponse): Promise<number> }
);

/** Why there is nothing to send: a status, and a sentence for people. */
export interface FileRefusal {
  status: 404 | 502 | 503;
  detail: string;
}

export function isRefusal<T extends object>(found: T | FileRefusal): found is FileRefusal {
  return 'status' in found;
}
