import type { IncomingHttpHeaders } from 'node:http';
import { withoutTokens } from '../standards/access-token.ts';

export const LOG_FORMATS = ['text', 'json'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

export interface LoggedRequest {
  /** When it ended, in milliseconds since 1970. */
  endedMs: number;
  durationMs: number;
  address: string;
  method: string;
  /** As it stood in the request line. */
  target: string;
  httpVersion: string;
  headers: IncomingHttpHeaders;
  status: number;
  /** Of the body. */
  bytes: number;
}

/** Lines are gathered for so long, or until there are so many bytes of them. */
const GATHER_MS = 200;
const GATHER_BYTES = 32 * 1024;

/** One line for each request. Text is that of Apache and nginx ("combined"), with the duration in seconds at its end. */
export class AccessLog {
  readonly #write: (lines: string) => void;
  readonly #line: (request: LoggedRequest) => string;
  #gathered = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(format: LogFormat, write: (lines: string) => void) {
    this.#write = write;
    this.#line = format === 'json' ? jsonLine : textLine;
  }

  add(request: LoggedRequest): void {
    const line = this.#line(request);
    this.#gathered += line.includes('kho_') ? withoutTokens(line) : line;
    if (this.#gathered.length >= GATHER_BYTES) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), GATHER_MS).unref();
  }

  /** Write what has been gathered, now. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#gathered === '') return;
    const lines = this.#gathered;
    this.#gathered = '';
    this.#write(lines);
  }
}

function textLine(request: LoggedRequest): string {
  const { address, method, target, httpVersion, headers, status, bytes, endedMs, durationMs } = request;
  const about = `"${method} ${escaped(target)} HTTP/${httpVersion}" ${status} ${bytes}`;
  const client = `"${escaped(headers.referer ?? '-')}" "${escaped(headers['user-agent'] ?? '-')}"`;
  return `${address} - - [${clock(endedMs)}] ${about} ${client} ${(durationMs / 1000).toFixed(3)}\n`;
}

function jsonLine(request: LoggedRequest): string {
  const { address, method, target, httpVersion, headers, status, bytes, endedMs, durationMs } = request;
  return `${JSON.stringify({
    time: new Date(endedMs).toISOString(),
    event: 'request',
    address,
    method,
    target,
    http: httpVersion,
    status,
    bytes,
    durationMs: Math.round(durationMs * 1000) / 1000,
    referer: headers.referer,
    userAgent: headers['user-agent'],
  })}\n`;
}

/** Nothing that a client sends may end its field, or its line. */
function escaped(text: string): string {
  return /[^\x20-\x7e]|["\\]/.test(text) ? text.replace(/[^\x20-\x7e]|["\\]/g, escapeCharacter) : text;
}

function escapeCharacter(character: string): string {
  return Array.from(Buffer.from(character), (byte) => `\\x${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(
    '',
  );
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

let clockSecond = Number.NaN;
let clockText = '';

/** `22/Nov/2026:22:11:00 +0000`, made once a second. */
function clock(timeMs: number): string {
  const second = Math.floor(timeMs / 1000);
  if (second !== clockSecond) {
    const [day, time = ''] = new Date(second * 1000).toISOString().split('T');
    const [year, month, date] = (day ?? '').split('-');
    clockText = `${date}/${MONTHS[Number(month) - 1]}/${year}:${time.slice(0, 8)} +0000`;
    clockSecond = second;
  }
  return clockText;
}
