import type { IncomingHttpHeaders } from 'node:http';
import type { ByteRange } from '../standards/http/byte-range.ts';
import type { Validators } from '../standards/http/conditions.ts';
import { type FileRefusal, isRefusal, type UpstreamFileHead } from '../upstream/files/upstream-answer.ts';
import type { UpstreamFiles } from '../upstream/files/upstream-files.ts';
import { type Answer, failureAnswer, laterAnswer } from './answer.ts';
import type { Exchange } from './exchange.ts';
import { type FileAnswer, fileAnswerOf } from './package-answer.ts';
import { privately } from './private-access.ts';
import { type BufferPool, sendFile } from './send-file.ts';
import type { UpstreamAction } from './upstream-action.ts';

/**
 * A file of another index: from disk, or while it comes. The bytes of one name stay the same, so that clients ask for it once.
 *
 * @returns what is to be answered in its place
 */
export async function serveUpstream(
  exchange: Exchange,
  files: Pick<UpstreamFiles, 'find' | 'headOf' | 'bodyOf'>,
  { upstream, project, filename }: UpstreamAction,
  buffers: BufferPool,
): Promise<Answer | undefined> {
  const { request, response, isPrivate } = exchange;
  const asked = await files.find({ upstream, project }, filename);
  if (isRefusal(asked)) return refusal(asked, request.headers.accept);
  const isHead = request.method === 'HEAD';
  const known = await files.headOf(asked, isHead || request.headers.range !== undefined);
  if (isRefusal(known)) return refusal(known, request.headers.accept);
  const { status, headers, range } = headOf(filename, known, request.headers);
  const begin = () => response.writeHead(status, isPrivate ? privately(headers) : headers);
  if (isHead || range.start === range.end) {
    begin();
    response.end();
    exchange.done(status, 0);
    return undefined;
  }
  const body = known.body ?? (await files.bodyOf(asked, range));
  if (isRefusal(body)) return refusal(body, request.headers.accept);
  try {
    begin();
    const sent = await ('send' in body
      ? body.send(range, response)
      : sendFile(response, body.descriptor, { ...range, end: Math.min(range.end, body.size ?? range.end) }, buffers));
    exchange.done(status, sent);
    return undefined;
  } finally {
    body.close();
  }
}

/** One whose length nobody tells is sent whole, and ends where it ends. */
function headOf(filename: string, known: UpstreamFileHead, headers: IncomingHttpHeaders): FileAnswer {
  const { size, sha256, uploadTime, isHere } = known;
  const lastModified = uploadTime === undefined ? undefined : new Date(uploadTime).toUTCString();
  const validators: Validators = {
    etag: sha256 === undefined ? '' : `"${sha256}"`,
    lastModified: lastModified ?? '',
    ...(!isHere && { isWeak: true }), // what is cut off comes anew: it may have begun with what turned out wrong
  };
  const answer = fileAnswerOf(filename, size ?? 0, validators, size === undefined ? {} : headers, sha256 !== undefined);
  if (size !== undefined) return answer;
  const range: ByteRange = { start: 0, end: Number.POSITIVE_INFINITY };
  return { ...answer, headers: without(answer.headers, ['Content-Length', 'Accept-Ranges']), range };
}

function without(headers: readonly string[], names: readonly string[]): string[] {
  const kept: string[] = [];
  for (let at = 0; at + 1 < headers.length; at += 2) {
    if (!names.includes(headers[at] as string)) kept.push(...headers.slice(at, at + 2));
  }
  return kept;
}

function refusal({ status, detail }: FileRefusal, accept: string | undefined): Answer {
  return status === 503 ? laterAnswer(status, detail, accept) : failureAnswer(status, detail, accept);
}
