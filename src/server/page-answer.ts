import type { IncomingHttpHeaders } from 'node:http';
import { judgeConditions } from '../standards/http/conditions.ts';
import { OPEN_HEADERS } from '../standards/http/open-headers.ts';
import type { Coding } from '../standards/http/preferences.ts';
import { ALWAYS_ASK, type Answer, emptyAnswer, LASTING, quickBody } from './answer.ts';
import type { StoredPage } from './page-store.ts';

/** Which of the answers that a page may give. Made once for all pages: answers are remembered by it. */
export interface PageVariant {
  /** Content-Type. */
  type: string;
  coding: Coding;
  /** The same address has other forms: answers differ by Accept. */
  isNegotiated: boolean;
  /** Another content would have another name. */
  isLasting: boolean;
  /** Tells two types of the same bytes apart in the ETag; empty for the usual one. */
  mark: string;
  /** The page lies on disk in `coding`, as kho made it. */
  isPacked?: boolean;
}

interface PreparedAnswers {
  etag: string;
  whole: Answer;
  unchanged: Answer;
  failed: Answer;
}

/** Of plain lists, which have their style in them. */
const PLAIN_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** What a page says of itself; that no other page may stand around it, only a header can say. */
export function policyOf(head: string): string {
  const own = /<meta http-equiv="Content-Security-Policy" content="([^"]*)">/.exec(head)?.[1];
  return `${own?.replaceAll('&#39;', "'") ?? PLAIN_POLICY}; frame-ancestors 'none'`;
}

/** Pages that people wrote themselves may use what they like. */
const GENERATED = /<meta name="(?:generator" content="kho"|pypi:repository-version")/;

/**
 * The answer with a page: whole, or that it has not changed.
 *
 * @returns a promise only when the page still has to be packed
 */
export function pageAnswer(
  page: StoredPage,
  variant: PageVariant,
  headers: IncomingHttpHeaders,
): Answer | Promise<Answer> {
  const prepared = page.derived.get(variant) as PreparedAnswers | undefined;
  if (prepared !== undefined) return choose(prepared, page, headers);
  const coding = variant.isPacked ? variant.coding : page.codingFor(variant.coding);
  const use = (bytes: Buffer) => {
    const made = prepare(page, variant, coding, bytes);
    page.derived.set(variant, made);
    return choose(made, page, headers);
  };
  const packed = variant.isPacked ? page.bytes : page.packed(coding);
  return packed instanceof Promise ? packed.then(use) : use(packed);
}

function choose(prepared: PreparedAnswers, { lastModified }: StoredPage, headers: IncomingHttpHeaders): Answer {
  const verdict = judgeConditions(headers, { etag: prepared.etag, lastModified });
  if (verdict === 'send') return prepared.whole;
  return verdict === 'unchanged' ? prepared.unchanged : prepared.failed;
}

function prepare(
  page: StoredPage,
  { type, isNegotiated, isLasting, mark, isPacked = false }: PageVariant,
  coding: Coding,
  bytes: Buffer,
): PreparedAnswers {
  const etag = `"${page.hash}${mark}${coding === 'identity' ? '' : `-${coding}`}"`;
  const vary = isNegotiated ? 'Accept, Accept-Encoding' : 'Accept-Encoding';
  const always = [
    'ETag',
    etag,
    'Last-Modified',
    page.lastModified,
    'Vary',
    vary,
    ...(isLasting ? LASTING : ALWAYS_ASK),
    ...OPEN_HEADERS,
  ];
  const isHtml = type.includes('html');
  const head = isHtml && !isPacked ? page.bytes.toString('latin1', 0, 2000) : '';
  const about = ['Content-Type', type, 'Content-Length', String(bytes.length)];
  if (coding !== 'identity') about.push('Content-Encoding', coding);
  if (GENERATED.test(head) || (isHtml && isPacked))
    about.push('Content-Security-Policy', policyOf(head), 'Referrer-Policy', 'same-origin');
  return {
    etag,
    whole: { status: 200, headers: [...about, ...always], body: quickBody(bytes) },
    unchanged: emptyAnswer(304, always),
    failed: emptyAnswer(412, ['Content-Length', '0', ...always]),
  };
}
