import { connect } from 'node:net';
import { ATTACKS } from './server-contract/safety.ts';

const PIECES = [
  ...['/', '/', '//', '.', '..', '%2e', '%2f', '%5c', '%00', '%0d%0a', '\\', '%', '%zz', '?', '#', ':', '@', ';', '&'],
  ...[
    'glibc',
    'common',
    'simple',
    'simple',
    'pypi',
    'json',
    'packages',
    'project',
    'index.html',
    'index.json',
    'SHA256SUMS',
  ],
  ...[
    'plain',
    'foo-bar-baz',
    'Foo_Bar.baz',
    '1.0',
    '%66oo',
    '+',
    '%2B',
    '%C3%A9',
    '\xe9',
    '.kho',
    'kho.toml',
    'healthz',
    'metrics',
  ],
  ...[
    'a',
    'Z',
    '0',
    '-',
    '_',
    '.whl',
    '.metadata',
    '.tar.gz',
    '.yanked',
    'x'.repeat(300),
    '?format=application/vnd.pypi.simple.v1+json',
  ],
];

const HEADERS: Record<string, readonly string[]> = {
  Accept: [
    '*/*',
    'text/html',
    'application/vnd.pypi.simple.v1+json',
    'image/png',
    '',
    ';;;,q=',
    'a/b;q=9,'.repeat(200),
  ],
  'Accept-Encoding': ['gzip', 'br', 'gzip;q=0, *', 'identity;q=0', 'zstd', '*;q=0.0001'],
  Range: [
    'bytes=0-',
    'bytes=-1',
    'bytes=5-2',
    'bytes=0-0,2-3',
    'bytes=99999999999999999999-',
    'lines=1',
    'bytes=-0',
    '\x80',
  ],
  'If-Range': ['"x"', 'W/"x"', 'Sun, 06 Nov 1994 08:49:37 GMT', 'never'],
  'If-None-Match': ['*', '"x"', 'W/', '"'.repeat(500), '"a,b", "c"'],
  'If-Match': ['*', '"x"'],
  'If-Modified-Since': ['Sun, 06 Nov 2094 08:49:37 GMT', 'x', '99999999999999999'],
  'X-Forwarded-For': ['1.2.3.4', 'x, y', '::1, ::ffff:1.2.3.4', ','.repeat(100)],
  'X-Forwarded-Prefix': ['/p', '//x', '/../..', 'p'],
  'X-Forwarded-Host': ['a', 'a b', '"><script>', '[::1'],
  Connection: ['keep-alive', 'close', 'upgrade', 'x'],
  Upgrade: ['websocket', 'h2c'],
  Expect: ['100-continue', 'x'],
  'Content-Length': ['0', '5', '-1', 'x', '99999999999'],
  'Transfer-Encoding': ['chunked', 'identity', 'gzip, chunked', 'x'],
  'User-Agent': ['pip/26', '\x07', '"', 'x'.repeat(2000)],
  'X-Long': ['x'.repeat(20_000)],
  'Bad Name': ['x'],
};

const METHODS = [
  'GET',
  'GET',
  'GET',
  'GET',
  'HEAD',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'CONNECT',
  'PROPFIND',
  'get',
  'X',
];
const VERSIONS = ['HTTP/1.1', 'HTTP/1.1', 'HTTP/1.1', 'HTTP/1.1', 'HTTP/1.0', 'HTTP/0.9', 'HTTP/2.0', 'http/1.1', ''];

/** Requests of all kinds, sensible ones among them. The same seed gives the same ones. */
export class RandomRequests {
  #state: number;
  readonly #known: readonly string[];

  /** @param known paths that are there */
  constructor(seed: number, known: readonly string[]) {
    this.#state = seed >>> 0;
    this.#known = known;
  }

  /** Bytes to send, as Latin-1; one request or several. */
  next(): string {
    const count = this.#below(4) === 0 ? 1 + this.#below(4) : 1;
    return Array.from({ length: count }, () => this.#one()).join('');
  }

  #one(): string {
    if (this.#below(50) === 0)
      return String.fromCharCode(...Array.from({ length: this.#below(200) }, () => this.#below(256)));
    let text = `${this.#pick(METHODS)} ${this.#path()} ${this.#pick(VERSIONS)}\r\n`;
    if (this.#below(20) > 0) text += 'Host: x\r\n';
    for (let count = this.#below(5); count > 0; count--) {
      const name = this.#pick(Object.keys(HEADERS));
      text += `${name}: ${this.#pick(HEADERS[name] as readonly string[])}\r\n`;
    }
    text += '\r\n';
    return this.#below(30) === 0 ? text.slice(0, this.#below(text.length)) : text;
  }

  #path(): string {
    switch (this.#below(4)) {
      case 0:
        return this.#pick(this.#known);
      case 1:
        return this.#pick(ATTACKS);
      case 2: {
        const path = this.#pick(this.#known);
        const place = this.#below(path.length);
        return path.slice(0, place) + this.#pick(PIECES) + path.slice(place + this.#below(3));
      }
      default:
        return `/${Array.from({ length: this.#below(10) }, () => this.#pick(PIECES)).join('')}`;
    }
  }

  #pick<T>(list: readonly T[]): T {
    return list[this.#below(list.length)] as T;
  }

  /** Mulberry32. */
  #below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }
}

/** Send bytes, read for a moment, go away. @returns the statuses of the answers */
export function sendOnce(url: string, bytes: string, silenceMs: number): Promise<number[]> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    let received = '';
    const end = () => {
      socket.destroy();
      const answers = received.matchAll(/HTTP\/1\.1 (\d{3}) [A-Z][\w -]+\r\n/g); // No body of the site looks like that.
      resolve([...answers].map(([, status]) => Number(status)));
    };
    socket.setTimeout(silenceMs, end);
    socket.on('data', (chunk) => {
      if (received.length < 1_000_000) received += chunk.toString('latin1');
    });
    socket.on('error', end);
    socket.on('close', end);
    socket.write(Buffer.from(bytes, 'latin1'));
  });
}
