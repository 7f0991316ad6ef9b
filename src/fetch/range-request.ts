/**
 * A part of a file, and whether it is still the same file.
 *
 * Source: RFC 9110, sections 13.1.5 and 14.
 */
import type { Reply } from './http-client.ts';

/** What is known of the file that a server has by now. */
export interface FileState {
  /** Of the answer that the first bytes came with; undefined where it had none that tells byte for byte. */
  validator?: string;
  /** Other parts came than were asked for: none is asked for that need not be. */
  isMixedUp?: true;
}

/** With a validator, a server sends all of it when it is another file by now. @param to the last byte that is wanted; all where undefined */
export function rangeHeaders(from: number, { validator }: FileState, to?: number): Record<string, string> {
  return { Range: `bytes=${from}-${to ?? ''}`, ...(validator !== undefined && { 'If-Range': validator }) };
}

/** Weak ones do not tell whether it is the same byte for byte. */
export function setValidator(state: FileState, { headers }: Reply): void {
  const etag = headers.get('etag');
  const validator = etag !== undefined && !etag.startsWith('W/') ? etag : headers.get('last-modified');
  if (validator === undefined) delete state.validator;
  else state.validator = validator;
}

/** What part it is by its own word; undefined where it is none. @returns `to` is the last byte */
export function partOf({ status, headers }: Reply): { from: number; to: number; total: number } | undefined {
  const [, from, to, total] = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(headers.get('content-range') ?? '') ?? [];
  if (status !== 206 || from === undefined) return undefined;
  return { from: Number(from), to: Number(to), total: Number(total) };
}

/** Whether it is a part that begins after so many bytes, by its own word: a server that knows no ranges sends all of it again. */
export function beginsAt({ status, headers }: Pick<Reply, 'status' | 'headers'>, from: number): boolean {
  return status === 206 && headers.get('content-range')?.startsWith(`bytes ${from}-`) === true;
}

/** Of the whole file, in bytes, where its server tells. */
export function totalOf({ status, headers }: Pick<Reply, 'status' | 'headers'>): number | undefined {
  const text = status === 206 ? headers.get('content-range')?.split('/')[1] : headers.get('content-length');
  return /^\d{1,15}$/.test(text ?? '') ? Number(text) : undefined;
}
