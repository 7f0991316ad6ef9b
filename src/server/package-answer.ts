import type { Stats } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { fileType } from '../publish/sent-as.ts';
import { type ByteRange, parseByteRange } from '../standards/http/byte-range.ts';
import { judgeConditions, mayAnswerInPart, type Validators, writeTag } from '../standards/http/conditions.ts';
import { OPEN_HEADERS } from '../standards/http/open-headers.ts';
import { ALWAYS_ASK, LASTING } from './answer.ts';

/** The head of an answer with a file, and which of its bytes follow. */
export interface FileAnswer {
  status: 200 | 206 | 304 | 412 | 416;
  headers: string[];
  range: ByteRange;
}

const NO_BYTES: ByteRange = { start: 0, end: 0 };

/**
 * Pure but for what `stats` says of the disk.
 *
 * @param path of the file: its ending tells the type
 */
export function fileAnswer(
  path: string,
  stats: Pick<Stats, 'size' | 'mtimeMs' | 'ctimeMs' | 'ino'>,
  request: IncomingHttpHeaders,
  isImmutable: boolean,
): FileAnswer {
  const validators = { etag: fileTag(stats), lastModified: new Date(stats.mtimeMs).toUTCString() };
  return fileAnswerOf(path, stats.size, validators, request, isImmutable);
}

/** The same of a file that need not be on disk; a validator that is not known is empty. @param size in bytes */
export function fileAnswerOf(
  path: string,
  size: number,
  validators: Validators,
  request: IncomingHttpHeaders,
  isImmutable: boolean,
): FileAnswer {
  const { etag, lastModified } = validators;
  const always = [
    ...(etag === '' ? [] : ['ETag', writeTag(validators)]),
    ...(lastModified === '' ? [] : ['Last-Modified', lastModified]),
  ];
  always.push(...(isImmutable ? LASTING : ALWAYS_ASK), 'Accept-Ranges', 'bytes', ...OPEN_HEADERS);

  const verdict = judgeConditions(request, validators);
  if (verdict === 'unchanged') return { status: 304, headers: always, range: NO_BYTES };
  if (verdict === 'failed') return { status: 412, headers: ['Content-Length', '0', ...always], range: NO_BYTES };

  const range = mayAnswerInPart(request, validators) ? parseByteRange(request.range, size) : 'whole';
  if (range === 'unsatisfiable') {
    return {
      status: 416,
      headers: ['Content-Range', `bytes */${size}`, 'Content-Length', '0', ...always],
      range: NO_BYTES,
    };
  }
  const type = ['Content-Type', fileType(path)];
  if (range === 'whole') {
    return {
      status: 200,
      headers: [...type, 'Content-Length', String(size), ...always],
      range: { start: 0, end: size },
    };
  }
  const { start, end } = range;
  const part = ['Content-Length', String(end - start), 'Content-Range', `bytes ${start}-${end - 1}/${size}`];
  return { status: 206, headers: [...type, ...part, ...always], range };
}

/** The time of the last change (ctime) and not of the last modification, which copying programs set as they like. */
function fileTag({ size, ctimeMs, ino }: Pick<Stats, 'size' | 'ctimeMs' | 'ino'>): string {
  return `"${[size, Math.round(ctimeMs * 1000), ino].map((part) => part.toString(36)).join('-')}"`;
}
