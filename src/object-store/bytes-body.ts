import { createHash } from 'node:crypto';
import type { ObjectBody } from './object-store.ts';

/** Of what is in memory. @param content text as UTF-8 @param sha256 in hexadecimal, where somebody has computed it already */
export function bytesBody(content: Uint8Array | string, sha256?: string): ObjectBody {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return {
    size: bytes.length,
    sha256: sha256 ?? createHash('sha256').update(bytes).digest('hex'),
    read: (from, length) => bytes.subarray(from, from + length),
  };
}
