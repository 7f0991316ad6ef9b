/**
 * Names in headers as mail writes those that are not ASCII, `=?utf-8?q?Sebasti=C3=A1n?=`: some build tools put them into `Author-email`.
 *
 * Source: RFC 2047.
 */

const WORD = /=\?([\w-]+)(?:\*[\w-]+)?\?([bq])\?([^?\s]*)\?=/gi;

/** What it stands for; what is no such word, or in no known charset, stays as it is. */
export function decodeWords(text: string): string {
  // Blanks between two such words are none of the text's.
  return text
    .replace(/(\?=)\s+(?==\?[\w-]+(?:\*[\w-]+)?\?[bq]\?)/gi, '$1')
    .replace(WORD, (word, charset, encoding, encoded) => {
      try {
        return new TextDecoder(charset, { fatal: true }).decode(bytesOf(encoding, encoded));
      } catch {
        return word;
      }
    });
}

function bytesOf(encoding: string, encoded: string): Uint8Array {
  if (encoding.toLowerCase() === 'b') return Buffer.from(encoded, 'base64');
  const bytes = encoded
    .replaceAll('_', ' ')
    .replace(/=([0-9a-f]{2})/gi, (_, code) => String.fromCharCode(Number.parseInt(code, 16)));
  return Buffer.from(bytes, 'latin1');
}
