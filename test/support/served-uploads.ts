/** A site that is served and watched, with tokens, and what clients send it, down to single bytes. */
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { addToken } from '../../src/access/edit-tokens.ts';
import type { Right } from '../../src/access/token.ts';
import { loadSite } from '../../src/config/load-config.ts';
import type { SiteConfig } from '../../src/config/site-config.ts';
import { ServedWatch } from '../../src/serve-site.ts';
import { TestSite } from './site.ts';
import { uploadForm } from './upload-form.ts';

export interface ServedUploads {
  site: TestSite;
  config: SiteConfig;
  url: string;
  /** Of the first token, `t0`: for all repositories, with `upload` and `new`. */
  token: string;
  /** More tokens: `t1` and so on. */
  tokenFor(more: { rights?: Right[]; repositories?: string[]; projects?: string[] }): Promise<string>;
  post(path: string, body: Uint8Array, headers?: Record<string, string>): Promise<PostAnswer>;
  /** Lines of the access log, as JSON, and what kho said besides. */
  log(): string;
}

interface PostAnswer {
  status: number;
  reason: string;
  text: string;
  headers: Headers;
}

/** Until the test ends. @param settings lines of kho.toml, in `[upload]` first. @param fill files that are published before */
export async function serveUploads(settings = '', fill: (site: TestSite) => void = fillUsual): Promise<ServedUploads> {
  const site = new TestSite();
  onTestFinished(() => site.close());
  fill(site);
  writeFileSync(
    join(site.root, 'kho.toml'),
    `pages = false\n[upload]\nenabled = true\nkeep_free = "1 MB"\n${settings}`,
  );
  await site.build();
  const { config } = await loadSite(site.root);
  let url = '';
  let log = '';
  const served = new ServedWatch(config, {
    listen: { host: '127.0.0.1', port: 0 },
    accessLog: {
      format: 'json',
      write: (lines) => {
        log += lines;
      },
    },
    onEvent: (event) => {
      log += `${JSON.stringify(event)}\n`;
      if (event.event === 'serving') url = event.url;
    },
  });
  await served.start();
  onTestFinished(() => served.close());
  let count = 0;
  const tokenFor: ServedUploads['tokenFor'] = async (more) => {
    const { rights = ['upload', 'new'], repositories = [], projects = [] } = more;
    const wanted = { name: `t${count++}`, rights, repositories, projects };
    return (await addToken(config, wanted, { who: 'test', now: Date.now() })).secret;
  };
  const token = await tokenFor({});
  return {
    ...{ site, config, url, token, tokenFor },
    log: () => log,
    post: (path, body, headers = {}) =>
      postOver(`${url}${path}`, body, { ...uploadForm.headers, ...uploadForm.authorization(token), ...headers }),
  };
}

/** By a client that takes signs of life (100) for what they are: Node's fetch gives up on them. */
async function postOver(url: string, body: Uint8Array, headers: Record<string, string>): Promise<PostAnswer> {
  const asked = request(url, { method: 'POST', headers: { ...headers, 'Content-Length': body.length }, agent: false });
  asked.end(body);
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  return {
    status: response.statusCode ?? 0,
    reason: response.statusMessage ?? '',
    text: await text(response),
    headers: new Headers(response.headers as Record<string, string>),
  };
}

function fillUsual(site: TestSite): void {
  site.wheel('glibc', { name: 'always', version: '1.0' });
  site.wheel('musl', { name: 'always', version: '1.0' });
}

/** The head of an upload to `glibc`, as bytes. @param more lines of it, each with its end */
export function uploadHead(token: string, length: number, more = ''): Buffer {
  const { Authorization } = uploadForm.authorization(token);
  return Buffer.from(
    `POST /glibc/upload/ HTTP/1.1\r\nHost: x\r\nAuthorization: ${Authorization}\r\nContent-Length: ${length}\r\n` +
      `Content-Type: ${uploadForm.headers['Content-Type']}\r\n${more}\r\n`,
  );
}

/** A connection on which bytes are sent as they are. It goes with the test. */
export function openSocket(url: string): Socket {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).on('error', () => {});
  onTestFinished(() => void socket.destroy());
  return socket;
}

/** Sends bytes as they are; what comes back until the connection ends, or `enough` of it has come. */
export async function talkTo(
  url: string,
  pieces: readonly Uint8Array[],
  { end = false, enough = /$^/ } = {},
): Promise<string> {
  const socket = openSocket(url);
  let got = '';
  socket.on('data', (data) => {
    got += data.toString('latin1');
    if (enough.test(got)) socket.destroy();
  });
  for (const piece of pieces) {
    socket.write(piece);
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (end) socket.end();
  if (!socket.closed) await once(socket, 'close');
  return got;
}

/** What kho has under names of its own in a repository's packages/. */
export function temporaries(site: TestSite, repository = 'glibc'): string[] {
  return readdirSync(join(site.root, repository, 'packages')).filter((name) => name.startsWith('.'));
}

/** Waits ten seconds at most. */
export async function until(isTrue: () => boolean): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    if (isTrue()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`it did not come to that: ${isTrue}`);
}
