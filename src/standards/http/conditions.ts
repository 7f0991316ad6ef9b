/**
 * Conditional requests: does the client need the bytes?
 *
 * Source: RFC 9110, sections 8.8 (validators), 13.1 (preconditions), 13.2.2 (their order).
 */

/** Request headers as node:http gives them: names in lower case. */
interface ConditionHeaders {
  'if-match'?: string | undefined;
  'if-unmodified-since'?: string | undefined;
  'if-none-match'?: string | undefined;
  'if-modified-since'?: string | undefined;
  'if-range'?: string | undefined;
}

/** What is known of the bytes that would be sent. */
export interface Validators {
  /** Strong, with its quotes. */
  etag: string;
  /** Bytes that are sent now may turn out wrong, and others come under the same tag: nobody goes on with them. */
  isWeak?: true;
  /** As in Last-Modified, so in whole seconds. */
  lastModified: string;
}

/** @returns whether to send the bytes, to say that they have not changed (304), or that the condition fails (412) */
export function judgeConditions(headers: ConditionHeaders, current: Validators): 'send' | 'unchanged' | 'failed' {
  const { 'if-match': match, 'if-none-match': noneMatch } = headers;
  if (match !== undefined) {
    if (current.isWeak ? match.trim() !== '*' : !namesTag(match, current.etag, 'strong')) return 'failed';
  } else if (headers['if-unmodified-since'] !== undefined) {
    if (Date.parse(headers['if-unmodified-since']) < Date.parse(current.lastModified)) return 'failed';
  }
  if (noneMatch === undefined && headers['if-modified-since'] === undefined) return 'send';
  if (noneMatch !== undefined) return namesTag(noneMatch, current.etag, 'weak') ? 'unchanged' : 'send';
  const since = Date.parse(headers['if-modified-since'] ?? '');
  return since >= Date.parse(current.lastModified) ? 'unchanged' : 'send';
}

/** Whether a Range may be answered in part: without If-Range always, else if what the client has is still the same. */
export function mayAnswerInPart(headers: ConditionHeaders, current: Validators): boolean {
  const condition = headers['if-range'];
  if (condition === undefined) return true;
  if (current.isWeak) return false;
  return condition.trim().endsWith('"') ? condition.trim() === current.etag : condition.trim() === current.lastModified;
}

/** As the header says it. Source: RFC 9110, section 8.8.3 (`W/`), and 13.1.5: no If-Range holds by a weak one. */
export function writeTag({ etag, isWeak }: Validators): string {
  return isWeak ? `W/${etag}` : etag;
}

function namesTag(list: string, etag: string, comparison: 'weak' | 'strong'): boolean {
  if (list === etag) return true;
  if (list.trim() === '*') return true;
  // Tags may hold commas, so they are looked for as quoted texts.
  for (const [tag, weak] of list.matchAll(/(W\/)?"[\x21\x23-\x7e\x80-\xff]*"/g)) {
    if (weak === undefined ? tag === etag : comparison === 'weak' && tag.slice(2) === etag) return true;
  }
  return false;
}
