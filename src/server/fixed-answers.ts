/** What is answered without a look at the site. */
import type { IncomingMessage } from 'node:http';
import {
  type Answer,
  emptyAnswer,
  failureAnswer,
  laterAnswer,
  NEVER_KEEP,
  OPEN_HEADERS,
  textAnswer,
} from './answer.ts';

export const HEALTHY = textAnswer(200, 'ok', NEVER_KEEP);
export const STALLED = textAnswer(
  503,
  'The build has made no progress for a minute: nothing new is published',
  NEVER_KEEP,
);

const METHODS = 'GET, HEAD, OPTIONS';

/** Any page of the web may read what anybody may read. */
export const PREFLIGHT = emptyAnswer(204, [
  'Access-Control-Allow-Methods',
  METHODS,
  'Access-Control-Allow-Headers',
  'Accept, Cache-Control, If-Match, If-Modified-Since, If-None-Match, If-Range, Range',
  'Access-Control-Max-Age',
  '86400',
  ...OPEN_HEADERS,
]);

export const TOO_MANY_HEADERS = closing(textAnswer(431, 'The request has too many headers'));

export function malformed(accept: string | undefined): Answer {
  return closing(failureAnswer(400, 'The request must name one host, and a path', accept));
}

export function busy(accept: string | undefined): Answer {
  return laterAnswer(429, 'You are waiting for many answers already. Ask again when you have them', accept);
}

function closing(answer: Answer): Answer {
  return { ...answer, headers: [...answer.headers, 'Connection', 'close'] };
}

export function notAllowed({ headers }: IncomingMessage): Answer {
  const detail =
    'Files get here by being copied into packages/ on the server, by scp, rsync, sftp or cp; uploads over HTTP are switched off, or not taken here';
  const answer = failureAnswer(405, detail, headers.accept);
  const allowing = { ...answer, headers: [...answer.headers, 'Allow', METHODS] };
  return headers.expect === undefined ? allowing : closing(allowing); // the body may never come
}
