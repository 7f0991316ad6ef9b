import { once } from 'node:events';
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type ServerOptions as NodeOptions,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer, type Server as TlsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { TokenStore } from '../access/token-store.ts';
import type { SiteConfig } from '../config/site-config.ts';
import { withoutTokens } from '../standards/access-token.ts';
import type { UpstreamFiles } from '../upstream/files/upstream-files.ts';
import { AccessLog, type LogFormat } from './access-log.ts';
import { type CertificateFiles, certificateStamp, readCertificate } from './certificate.ts';
import { Connections } from './connections.ts';
import { DEFAULT_LIMITS, type ServerLimits } from './limits.ts';
import { type ListenAddress, listen } from './listen.ts';
import type { SiteStatus } from './metrics.ts';
import { RequestHandler } from './request-handler.ts';
import type { PullDesk } from './serve-pulled.ts';
import type { Takers } from './take-upload.ts';

export interface ServerOptions {
  /** Asked at every request: another one takes effect at once. */
  config: () => SiteConfig;
  listen: ListenAddress;
  tls?: CertificateFiles;
  /** `write` gets whole lines. */
  accessLog?: { format: LogFormat; write: (lines: string) => void };
  limits?: Partial<ServerLimits>;
  /** What /metrics says of the site itself. */
  status?: () => SiteStatus;
  /** Everybody may read /metrics, not only this machine. */
  publicMetrics?: boolean;
  /** Who may read private repositories; opened here when absent. */
  tokens?: TokenStore;
  /** Private repositories that published pages still tell of; none when absent. */
  hidden?: () => ReadonlySet<string>;
  /** Take what changes the site, where that may come over HTTP. */
  takers?: Takers;
  /** Files of other indexes, where some are reached through the site. */
  upstreamFiles?: UpstreamFiles;
  /** Finds what other indexes have, where repositories pass that on. */
  pull?: PullDesk;
  /** Told of what goes wrong while the server runs: a file that cannot be read, a renewed certificate that cannot be used. */
  onError?: (error: unknown, about: string) => void;
}

export interface RunningServer {
  /** `http://127.0.0.1:8080`, or the path of the socket. */
  readonly url: string;
  /** Something was published: answer with it from now on, instead of within the next moment. */
  refresh(): void;
  /** Take a renewed certificate, if there is one. Happens by itself every minute. */
  reloadCertificate(): Promise<void>;
  /** Finish what is in flight, and no longer than `limits.closeMs`. */
  close(): Promise<void>;
}

const NOTHING_HIDDEN: ReadonlySet<string> = new Set();

/** How often a renewed certificate is looked for. */
const CERTIFICATE_MS = 60_000;
/** How often kho looks for clients that take next to nothing of what they are sent. */
const LOOK_MS = 5000;
/** How often connections that have nothing more to say are closed while the server ends. */
const CLOSE_STEP_MS = 20;

/**
 * Serve a site over HTTP. It only reads: publishing is somebody else's, in this process or another one.
 *
 * @throws {KhoError} LISTEN when it cannot listen there, or not with this certificate
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const limits: ServerLimits = { ...DEFAULT_LIMITS, ...options.limits };
  const { accessLog: log, onError = () => {} } = options;
  const accessLog = log && new AccessLog(log.format, log.write);
  const connections = new Connections({
    most: limits.connections,
    mostOf: ({ remoteAddress }) => handler.mostConnections(remoteAddress),
  });
  const handler: RequestHandler = new RequestHandler({
    config: options.config,
    accessLog,
    status: options.status,
    publicMetrics: options.publicMetrics ?? false,
    tokens: options.tokens ?? new TokenStore(options.config().root, (fault) => onError(new Error(fault), 'tokens')),
    hidden: options.hidden ?? (() => NOTHING_HIDDEN),
    takers: options.takers,
    upstreamFiles: options.upstreamFiles,
    pull: options.pull,
    onError: (error, { method, url }) => onError(error, withoutTokens(`${method} ${url}`)),
    limits,
    connections: () => connections.count,
  });

  const certificate = options.tls && (await readCertificate(options.tls));
  const server: Server | TlsServer = certificate
    ? createHttpsServer({ ...nodeOptions(limits), handshakeTimeout: limits.headerMs, ...certificate })
    : createHttpServer(nodeOptions(limits));
  server.maxHeadersCount = 0; // more than those that count are refused, and not forgotten
  server.timeout = limits.idleMs;
  let isClosing = false;
  server.on('connection', (socket) => connections.add(socket, certificate !== undefined));
  server.on('secureConnection', (socket) => connections.secure(socket));
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const connection = connections.of(request.socket);
    if (connection === undefined) return void request.socket.destroy(); // one too many
    connection.begin(request, response, () => {
      if (isClosing) response.shouldKeepAlive = false;
      handler.handle(request, response);
    });
  };
  server.on('request', answer);
  // Whoever waits for a sign before sending a body gets the answer right away, or the sign where an upload may begin.
  server.on('checkContinue', answer);
  server.on('checkExpectation', answer);
  server.on('clientError', refuse);
  server.on('error', (error) => onError(error, 'listening'));

  const url = await listen(server, options.listen, certificate ? 'https' : 'http');

  let stamp = certificate?.stamp;
  const reloadCertificate = async () => {
    const { tls } = options;
    if (!tls || !('setSecureContext' in server)) return;
    try {
      if ((await certificateStamp(tls)) === stamp) return;
      const renewed = await readCertificate(tls);
      server.setSecureContext(renewed);
      stamp = renewed.stamp;
    } catch (error) {
      onError(error, 'the renewed certificate'); // The old one goes on.
    }
  };
  const timers = [setInterval(() => connections.look(limits.idleMs), LOOK_MS).unref()];
  if (certificate) timers.push(setInterval(reloadCertificate, CERTIFICATE_MS).unref());

  return {
    url,
    refresh: () => handler.refresh(),
    reloadCertificate,
    async close() {
      if (isClosing) return;
      isClosing = true;
      for (const timer of timers) clearInterval(timer);
      const closed = once(server, 'close');
      server.close();
      connections.closeUnused();
      const idle = setInterval(() => server.closeIdleConnections(), CLOSE_STEP_MS);
      const end = setTimeout(() => server.closeAllConnections(), limits.closeMs);
      await closed;
      clearInterval(idle);
      clearTimeout(end);
      accessLog?.flush();
    },
  };
}

function nodeOptions(limits: ServerLimits): NodeOptions {
  return {
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headerMs,
    requestTimeout: 0, // what is read of a body is timed where it is read
    keepAliveTimeout: limits.idleMs,
    connectionsCheckingInterval: Math.min(limits.headerMs, 5000),
  };
}

/** For the words of a refusal to go out, in milliseconds. */
const REFUSAL_MS = 1000;

/** What is no HTTP, or too much of it. */
function refuse(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
  const status =
    { HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large', ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout' }[
      error.code ?? ''
    ] ?? '400 Bad Request';
  // Half closed it would stay as long as the client likes.
  const destroy = setTimeout(() => socket.destroy(), REFUSAL_MS).unref();
  socket.once('close', () => clearTimeout(destroy));
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
}
