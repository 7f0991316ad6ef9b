/** What is answered without a look at the site. */
import type { IncomingMessage } from 'node:http';
import { PREFLIGHT_HEADERS, READING_METHODS } from '../standards/http/open-headers.ts';
import { type Answer, emptyAnswer, failureAnswer, laterAnswer, NEVER_KEEP, textAnswer } from './answer.ts';

export const HEALTHY = textAnswer(200, 'ok', NEVER_KEEP);
export const STALLED = textAnswer(
  503,
  'The build has made no progress for a minute: nothing new is published',
  NEVER_KEEP,
);

/** Any page of the web may read what anybody may read. */
export const PREFLIGHT = emptyAnswer(204, PREFLIGHT_HEADERS);

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
  const allowing = { ...answer, headers: [...answer.headers, 'Allow', READING_METHODS] };
  return headers.expect === undefined ? allowing : closing(allowing); // the body may never come
}
