/** Pages in the content codings of RFC 9110 that clients take: gzip (RFC 1952), br (RFC 7932). */
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** Good enough, and quick on the lists of big sites too: the best of each takes ten times as long for 5 % fewer bytes. */
const GZIP_LEVEL = 6;
const BROTLI_QUALITY = 5;

const compress = { gzip: promisify(gzip), br: promisify(brotliCompress) };

/** In another thread of zlib's. */
export function pack(bytes: Uint8Array, coding: 'gzip' | 'br'): Promise<Buffer> {
  if (coding === 'gzip') return compress.gzip(bytes, { level: GZIP_LEVEL });
  return compress.br(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
}
