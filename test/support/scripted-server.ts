import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type ScriptedAnswer = (request: IncomingMessage, response: ServerResponse, count: number) => void;

/** A real HTTP server on the loopback interface that answers as a test wants it: each path has a function. */
export class ScriptedServer {
  readonly requests: { path: string; headers: IncomingMessage['headers'] }[] = [];
  readonly answers = new Map<string, ScriptedAnswer>();
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<ScriptedServer> {
    const server = createServer();
    const scripted = new ScriptedServer(server);
    const counts = new Map<string, number>();
    server.on('request', (request, response) => {
      const path = request.url ?? '';
      const count = (counts.get(path) ?? 0) + 1;
      counts.set(path, count);
      scripted.requests.push({ path, headers: request.headers });
      const answer = scripted.answers.get(path);
      if (answer) answer(request, response, count);
      else response.writeHead(404).end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return scripted;
  }

  get server(): Server {
    return this.#server;
  }

  url(path = '/'): URL {
    return new URL(path, `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`);
  }

  /** @param type of the content */
  page(path: string, body: string | Uint8Array, type = 'application/octet-stream'): void {
    this.answers.set(path, (_request, response) => void response.writeHead(200, { 'Content-Type': type }).end(body));
  }

  /** A file of which parts can be had. */
  file(path: string, bytes: Uint8Array): void {
    this.answers.set(path, ({ headers }, response) => {
      const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(headers.range ?? '') ?? [];
      if (headers.range === undefined) {
        response.writeHead(200, { 'Content-Length': bytes.length }).end(bytes);
        return;
      }
      const start = from === '' ? Math.max(0, bytes.length - Number(to)) : Number(from);
      const end = from === '' || to === '' ? bytes.length : Math.min(bytes.length, Number(to) + 1);
      response
        .writeHead(206, { 'Content-Range': `bytes ${start}-${end - 1}/${bytes.length}` })
        .end(bytes.subarray(start, end));
    });
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
