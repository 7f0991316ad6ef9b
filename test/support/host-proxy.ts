/** A proxy before a store: names another host to it, or answers as S3 does to who may not list. */
import { type LoopbackServer, startLoopbackServer } from './loopback-server.ts';
import { passOn } from './pass-on.ts';

interface HostProxyOptions {
  /** For the Host header. */
  host?: string;
  /** What is not there is AccessDenied. */
  missingIs403?: boolean;
}

const DENIED =
  '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>';

export function startHostProxy(target: string, { host, missingIs403 }: HostProxyOptions): Promise<LoopbackServer> {
  return startLoopbackServer((asked, answer) =>
    passOn(target, asked, answer, {
      ...(host !== undefined && { headers: { host } }),
      instead: (reply) => {
        if (!missingIs403 || reply.statusCode !== 404) return false;
        reply.resume();
        answer.writeHead(403, { 'Content-Type': 'application/xml', 'x-amz-request-id': 'R' }).end(DENIED);
        return true;
      },
    }),
  );
}
