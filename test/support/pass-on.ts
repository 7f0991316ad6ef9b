import { type IncomingMessage, type ServerResponse, request as send } from 'node:http';

export interface PassOnOptions {
  /** In the place of what `asked` has. */
  headers?: Record<string, string>;
  /** What becomes of the answer where it does not simply go back. @returns whether that was done */
  instead?: (reply: IncomingMessage) => boolean;
}

/**
 * As a proxy does: the Host that was asked goes on as it is, so that signatures hold.
 *
 * @param target address of a server
 */
export function passOn(
  target: string,
  asked: IncomingMessage,
  answer: ServerResponse,
  { headers, instead }: PassOnOptions = {},
): void {
  const { hostname, port } = new URL(target);
  const { method, url: path } = asked;
  const onward = send({ hostname, port, method, path, headers: { ...asked.headers, ...headers } }, (reply) => {
    if (instead?.(reply)) return;
    answer.writeHead(reply.statusCode ?? 502, reply.rawHeaders);
    reply.pipe(answer);
  });
  onward.on('error', () => answer.destroy());
  asked.pipe(onward);
}

/** The other side has done what it was asked, and nobody hears of that. */
export function loseAnswer(reply: IncomingMessage, answer: ServerResponse): true {
  reply.resume().on('end', () => answer.destroy());
  return true;
}
