const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** For text and for attributes in double quotes. HTML has no way to write control characters; they are shown as what they are: unknown. */
export function escapeText(text: string): string {
  return text
    .replace(/[&<>"]/g, (c) => ESCAPES[c] as string)
    .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd');
}
