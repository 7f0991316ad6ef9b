/**
 * WHEEL, what a wheel says of itself.
 *
 * Source: PyPA "Binary distribution format" (PEP 427), section "File contents".
 */

/** A `Tag` header with the lines that continue it, as Python's email package reads them. */
const TAG = /^tag:[^\r\n]*(?:\r\n|\n|\r|$)(?:[ \t][^\r\n]*(?:\r\n|\n|\r|$))*/gim;

/**
 * WHEEL with other tags. All else stays byte for byte.
 *
 * @param tags spelled out, each its line
 */
export function withTags(wheel: Uint8Array, tags: readonly string[]): Buffer {
  const text = Buffer.from(wheel).toString('latin1'); // one character for each byte: nothing gets lost
  const headersEnd = /(?:^|\r\n|\n|\r(?!\n))(?=\r\n|\n|\r)/.exec(text);
  const headersLength = headersEnd ? headersEnd.index + headersEnd[0].length : text.length;
  const headers = text.slice(0, headersLength);
  const newline = /\r\n|\n|\r/.exec(headers)?.[0] ?? '\n';
  const lines = tags.map((tag) => `Tag: ${tag}${newline}`).join('');
  const first = headers.search(TAG);
  const before = first < 0 ? headers : headers.slice(0, first);
  const gap = before === '' || /[\r\n]$/.test(before) ? '' : newline;
  const after = first < 0 ? '' : headers.slice(first).replace(TAG, '');
  return Buffer.from(`${before}${gap}${lines}${after}${text.slice(headersLength)}`, 'latin1');
}
