/** What goes back to a client, but for packages, which are too big to be had in one piece. */
import { STATUS_CODES } from 'node:http';
import { CACHE_CONTROL } from '../standards/http/cache-control.ts';
import { contentType, TEXT_TYPE } from '../standards/http/media-types.ts';
import { OPEN_HEADERS } from '../standards/http/open-headers.ts';

export interface Answer {
  status: number;
  /** Names and values in turn, as node:http writes them without another look. Content-Length is in it. */
  headers: readonly string[];
  /** A text stands for its Latin-1 bytes. */
  body: Buffer | string;
  /** Of the status line, ASCII; that of HTTP when absent. */
  reason?: string;
}

/** Up to here Node sends a text together with its head in one piece, which saves a tenth of the work. In bytes. */
const IN_ONE_PIECE = 15_000;

/** Bytes in the form in which they are sent quickest. */
export function quickBody(bytes: Buffer): Buffer | string {
  return bytes.length <= IN_ONE_PIECE ? bytes.toString('latin1') : bytes;
}

/** Ask again each time, and be told by the ETag that nothing has changed. */
export const ALWAYS_ASK = ['Cache-Control', CACHE_CONTROL.ask] as const;

/** Never ask again. */
export const LASTING = ['Cache-Control', CACHE_CONTROL.keep] as const;

/** True at this moment only. */
export const NEVER_KEEP = ['Cache-Control', CACHE_CONTROL.never] as const;

const NOTHING = Buffer.alloc(0);

/** An answer without a body: 204 and 304 have no Content-Length. */
export function emptyAnswer(status: number, headers: readonly string[]): Answer {
  return { status, headers, body: NOTHING };
}

/** @param detail whole sentences, which end up in front of a person; never what came in unchecked */
export function textAnswer(status: number, detail: string, headers: readonly string[] = ALWAYS_ASK): Answer {
  return bodyAnswer(status, contentType(TEXT_TYPE), `${detail}\n`, headers);
}

/** A failure, in words for people or, to who reads JSON only, as an RFC 9457 problem. */
export function failureAnswer(status: number, detail: string, accept: string | undefined): Answer {
  if (!readsJson(accept)) return textAnswer(status, detail);
  const problem = { title: STATUS_CODES[status], status, detail };
  return bodyAnswer(status, 'application/problem+json', `${JSON.stringify(problem)}\n`, ALWAYS_ASK);
}

/** In seconds: clients that ask again wait for so long. */
const RETRY_AFTER = '10';

/** To be asked again in a while: somebody asks for more than others would leave (429), or it cannot be had at the moment (503). */
export function laterAnswer(status: 429 | 503, detail: string, accept: string | undefined): Answer {
  const answer = failureAnswer(status, detail, accept);
  return { ...answer, headers: [...answer.headers, 'Retry-After', RETRY_AFTER] };
}

/** A page for people in the place of one that is not there. @param policy see `policyOf` */
export function htmlAnswer(status: number, page: string, policy: string): Answer {
  const headers = ['Content-Security-Policy', policy, 'Referrer-Policy', 'same-origin', ...ALWAYS_ASK];
  return bodyAnswer(status, 'text/html; charset=utf-8', page, headers);
}

/** Clients of the simple API among them: they name its JSON. */
function readsJson(accept: string | undefined): boolean {
  return accept !== undefined && /\bapplication\/(?:[\w.-]+\+)?json\b/i.test(accept);
}

export function redirectAnswer(location: string): Answer {
  const headers = ['Location', location, ...ALWAYS_ASK];
  return bodyAnswer(301, contentType(TEXT_TYPE), 'It is at another address\n', headers);
}

/** A text for whoever asked, and no other page. @param text as it is sent */
export function plainAnswer(status: number, text: string, headers: readonly string[]): Answer {
  return ownAnswer(status, contentType(TEXT_TYPE), text, headers);
}

/** The same in JSON. */
export function dataAnswer(status: number, json: string, headers: readonly string[]): Answer {
  return ownAnswer(status, 'application/json', json, headers);
}

function ownAnswer(status: number, type: string, text: string, headers: readonly string[]): Answer {
  const body = Buffer.from(text);
  const about = ['Content-Type', type, 'Content-Length', String(body.length)];
  return { status, headers: [...about, ...headers, 'X-Content-Type-Options', 'nosniff'], body };
}

function bodyAnswer(status: number, type: string, text: string, headers: readonly string[]): Answer {
  const body = Buffer.from(text);
  const about = ['Content-Type', type, 'Content-Length', String(body.length)];
  return { status, headers: [...about, ...headers, ...OPEN_HEADERS], body };
}
