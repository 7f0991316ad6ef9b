/** A proxy before a store: names another host to it, or answers as S3 does to who may not list. */
import { request as ask, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HostProxy {
  /** Without a slash at its end. */
  url: string;
  stop(): void;
}

interface HostProxyOptions {
  /** For the Host header. */
  host?: string;
  /** What is not there is AccessDenied. */
  missingIs403?: boolean;
}

const DENIED =
  '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>';

export async function startHostProxy(target: string, { host, missingIs403 }: HostProxyOptions): Promise<HostProxy> {
  const { hostname, port } = new URL(target);
  const server = createServer((incoming, response) => {
    const headers = { ...incoming.headers, ...(host !== undefined && { host }) };
    const { method, url: path } = incoming;
    const outgoing = ask({ hostname, port, method, path, headers }, (answer) => {
      if (missingIs403 && answer.statusCode === 404) {
        answer.resume();
        response.writeHead(403, { 'Content-Type': 'application/xml', 'x-amz-request-id': 'R' }).end(DENIED);
        return;
      }
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(response);
    });
    outgoing.on('error', () => response.destroy());
    incoming.pipe(outgoing);
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
