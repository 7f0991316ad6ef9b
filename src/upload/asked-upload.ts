import type { IncomingMessage, ServerResponse } from 'node:http';

/** A request that would bring a file, as far as its head tells. */
export interface AskedUpload {
  request: IncomingMessage;
  response: ServerResponse;
  /** That its address names; absent: whichever the file belongs into. */
  repository?: string;
  /** Of the client. */
  address: string;
  /** See `clientOf`. */
  client: string;
  /** Nobody between client and kho can read what it sends, as far as kho knows. */
  isConfidential: boolean;
  /** No proxy stands between: the client itself sees what is sent meanwhile. */
  isDirect: boolean;
  /** Under which it knows this site, with ports: what a page of this site would name as its origin. */
  hosts: readonly string[];
}
