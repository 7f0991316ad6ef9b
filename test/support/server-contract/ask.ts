/** Requests exactly as written: `fetch` would clean up paths, decompress bodies, and follow redirects. */
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { gunzipSync } from 'node:zlib';

/** A server under test. */
export interface Server {
  /** The site's root as clients see it, without a slash at its end. May have a path: `http://127.0.0.1:8080/prefix`. */
  url: string;
  /** The certificate of who signed the server's, in PEM; for https only. */
  ca?: string;
}

export interface ServerAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** The body as text, decompressed. */
  text: string;
}

interface ServerQuestion {
  method?: string;
  headers?: Record<string, string>;
}

/** @param path from the site's root, starting with a slash; sent as it is */
export function ask(server: Server, path: string, question: ServerQuestion = {}): Promise<ServerAnswer> {
  const { protocol, hostname, port, pathname } = new URL(server.url);
  const request = protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const outgoing = request({
      hostname,
      port,
      path: `${pathname.replace(/\/$/, '')}${path}`,
      method: question.method ?? 'GET',
      headers: question.headers ?? {},
      agent: false,
      timeout: 10_000,
      ...(server.ca !== undefined && { ca: server.ca }),
    });
    outgoing.on('error', reject);
    outgoing.on('timeout', () => outgoing.destroy(new Error(`No answer to ${path}`)));
    outgoing.on('response', (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => {
        const body = Buffer.concat(chunks);
        const isCompressed = incoming.headers['content-encoding'] === 'gzip' && body.length > 0;
        const text = (isCompressed ? gunzipSync(body) : body).toString();
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body, text });
      });
    });
    outgoing.end();
  });
}

/** Where an answer leads, as a path from the site's root. @throws when it leads to another server */
export function follow(server: Server, path: string, location: string): string {
  const target = new URL(location, `${server.url}${path}`);
  const root = new URL(server.url);
  const prefix = root.pathname.replace(/\/$/, '');
  if (target.origin !== root.origin || !target.pathname.startsWith(`${prefix}/`)) {
    throw new Error(`${path} leads out of ${server.url}, to ${location}`);
  }
  return target.pathname.slice(prefix.length) + target.search;
}

/** The answer at the end of redirects (at most 5), and its path. */
export async function askFollowing(server: Server, path: string, question: ServerQuestion = {}) {
  let at = path;
  for (let hops = 0; hops <= 5; hops++) {
    const answer = await ask(server, at, question);
    const { location } = answer.headers;
    if (answer.status < 300 || answer.status > 399 || answer.status === 304 || location === undefined) {
      return { answer, path: at, hops };
    }
    at = follow(server, at, location);
  }
  throw new Error(`${path} leads on and on`);
}

/**
 * Send bytes on a connection of their own, and give back all that comes until it is closed or falls silent.
 *
 * @param afterMs silence that is enough once something has come: of a server that sends files, one answer comes at once
 */
export function talk(server: Server, bytes: string | Buffer, silenceMs = 1500, afterMs = silenceMs): Promise<string> {
  const { protocol, hostname, port } = new URL(server.url);
  return new Promise((resolve) => {
    const where = { host: hostname, port: Number(port), ...(server.ca !== undefined && { ca: server.ca }) };
    const socket = protocol === 'https:' ? connectTls(where) : connect(where);
    let received = '';
    const end = () => {
      socket.destroy();
      resolve(received);
    };
    socket.setTimeout(silenceMs, end);
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      socket.setTimeout(afterMs);
    });
    socket.on('error', end);
    socket.on('close', end);
    socket.write(bytes);
  });
}
