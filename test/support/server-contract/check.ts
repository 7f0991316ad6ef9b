import type { Server } from './ask.ts';

/** What a server may be unable to do; its other checks it must pass. */
export type Ability =
  /** Knows what was published: files in `packages/` that are not listed are not there. */
  | 'held files'
  /** Orders content types by their q-values, and refuses a page that nobody would take (406). */
  | 'q-values'
  /** `/healthz` and `/metrics`. */
  | 'health'
  /** 404 with words that help, in JSON for who reads only that. */
  | 'helpful 404'
  /** Redirects names in the JSON API too. */
  | 'names in pypi/'
  /** Knows that 1.0 and 1.0.0 are one version. */
  | 'equal versions'
  /** Compresses pages, and tells so by another ETag. */
  | 'compression';

/** One thing that every server of a site does. Throws when it does not. */
export interface ContractCheck {
  name: string;
  needs?: Ability;
  run(server: Server): Promise<void>;
}

/** Accept headers as sent by clients. */
export const ACCEPT = {
  pip: 'application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html; q=0.1, text/html; q=0.01',
  uv: 'application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01',
  poetry: 'application/vnd.pypi.simple.v1+json, */*;q=0.1',
  micropip: 'application/vnd.pypi.simple.v1+json, */*;q=0.01',
  pip22: 'text/html',
  anything: '*/*',
  browser: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
} as const;

export const JSON_TYPE = 'application/vnd.pypi.simple.v1+json';
export const HTML_TYPES = ['text/html', 'application/vnd.pypi.simple.v1+html'];

/** A Content-Type without its parameters. */
export function mediaType(header: string | undefined): string {
  return (header ?? '').split(';')[0]?.trim() ?? '';
}

/** The parts of a list header, in lower case: Vary, Cache-Control, Allow. */
export function listed(header: string | undefined): string[] {
  return (header ?? '').split(',').map((part) => part.trim().toLowerCase());
}
