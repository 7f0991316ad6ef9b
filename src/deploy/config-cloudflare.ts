/**
 * A Worker of Cloudflare before a bucket of R2: the same logic as in CloudFront's function, and all of HTTP that R2 leaves to who asks it.
 *
 * Source: Cloudflare Developers, "Workers: Runtime APIs" (Fetch handler, Cache), "R2: Workers API reference"; RFC 9110 for conditions and ranges.
 */
import { LOST_PAGE, NAMED_BY_CONTENT } from '../render/web/places.ts';
import { CACHE_CONTROL } from '../standards/http/cache-control.ts';
import { contentType, TEXT_TYPE } from '../standards/http/media-types.ts';
import { OPEN_HEADERS, PREFLIGHT_HEADERS, READING_METHODS } from '../standards/http/open-headers.ts';
import { FORM_TYPES } from '../standards/simple-api/negotiate.ts';
import { BEFORE_PROJECT } from './address-shapes.ts';
import { edgeLogic } from './edge/edge-logic.ts';
import { type EdgeSite, resourceName } from './edge/edge-site.ts';
import { REFUSALS } from './edge/refusals.ts';

/** Since when Workers do all that is asked of them here: `encodeBody`, streams of the standard. */
const COMPATIBLE_SINCE = '2025-01-01';

/** @throws {KhoError} USAGE */
export function cloudflareConfig(edge: EdgeSite): string {
  const { site, bucket, keyPrefix } = edge;
  const name = resourceName(edge);
  const { host, prefix, isHostKnown } = site;
  // Without its zone: wrangler finds it, and which part of a name is one, as in example.com.vn, only Cloudflare knows.
  const route = prefix === '' ? `{ pattern = "${host}", custom_domain = true }` : `"${host}${prefix}*"`;
  return `// A site of Python packages in a bucket of R2, published by kho: a Worker that serves it.
//
// Save it as worker.js, and these lines beside it as wrangler.toml; then:  npx wrangler deploy
//
//   name = "${name}"
//   main = "worker.js"
//   compatibility_date = "${COMPATIBLE_SINCE}"
//   workers_dev = false
//   routes = [${route}]${isHostKnown ? '' : '  # CHANGE THIS to the name of your host'}
//
//   [[r2_buckets]]
//   binding = "BUCKET"
//   bucket_name = "${bucket}"
//
// Leave the bucket's own public address (r2.dev, or a domain of its own) switched off: it would pass all of this by.
// A new repository is a new folder in the bucket: nothing has to be changed here for it.

// What stands before each key in the bucket.
const KEY_PREFIX = ${JSON.stringify(keyPrefix)};

export default {
  async fetch(request, env, context) {
    if (request.method === 'OPTIONS') return new Response(null, { status: 204, headers: ${asHeaders(PREFLIGHT_HEADERS)} });
    if (request.method !== 'GET' && request.method !== 'HEAD') return refusal(405, { Allow: '${READING_METHODS}' });
    const { pathname, search } = new URL(request.url);
    const found = locate(pathname, search, request.headers.get('Accept') || '');
    if (found.status === 301) return refusal(301, { Location: found.location });
    if (found.status === 406) return refusal(406, { Vary: 'Accept' });
    if (found.status === 400) return refusal(400, {});
    const answer = found.status === 200 ? await keptOrStored(request, env, context, found) : undefined;
    return answer || missing(request, env);
  },
};

${edgeLogic(edge)}
// Style and script of pages, whose names change with their content.
const NAMED_BY_CONTENT = /^${NAMED_BY_CONTENT.replaceAll('/', '\\/')}$/;

// What is kept for a year need not be read from the bucket each time. Pages are: a release is seen at once.
async function keptOrStored(request, env, context, found) {
  const mayBeKept = found.isFile || NAMED_BY_CONTENT.test(found.key);
  if (request.method !== 'GET' || request.headers.has('Range') || !mayBeKept) return stored(request, env, found);
  const address = new URL(request.url);
  address.search = '';
  const key = new Request(address, request);  // the cache answers conditions itself
  const kept = await caches.default.match(key);
  if (kept) return kept;
  const answer = await stored(request, env, found);
  if (answer && answer.status === 200 && answer.headers.get('Cache-Control').includes('immutable')) {
    context.waitUntil(caches.default.put(key, answer.clone()));
  }
  return answer;
}

// The answer with what lies under that key; undefined where nothing does.
async function stored(request, env, found) {
  const key = KEY_PREFIX + found.key;
  const range = request.method === 'GET' && request.headers.get('Range');
  if (request.method === 'HEAD' || range) {
    const info = await env.BUCKET.head(key);
    if (!info) return undefined;
    const form = formOf(info, request, found);
    const verdict = judged(request.headers, form);
    if (verdict) return new Response(null, { status: verdict, headers: form.headers });
    if (request.method === 'HEAD') {
      if (!form.unpacks) form.headers.set('Content-Length', String(info.size));
      return new Response(null, { headers: form.headers, encodeBody: 'manual' });
    }
    const part = form.unpacks || !isOfSame(request.headers.get('If-Range'), form) ? undefined : partOf(range, info.size);
    if (part === null) {
      form.headers.set('Content-Range', 'bytes */' + info.size);
      return new Response(null, { status: 416, headers: form.headers });
    }
    if (part) {
      const read = await env.BUCKET.get(key, { range: part, onlyIf: { etagMatches: info.etag } });
      if (!read) return undefined;
      if (read.body) {
        form.headers.set('Content-Range', 'bytes ' + part.offset + '-' + (part.offset + part.length - 1) + '/' + info.size);
        form.headers.set('Content-Length', String(part.length));
        return new Response(read.body, { status: 206, headers: form.headers, encodeBody: 'manual' });
      }
      // Somebody has just replaced it: the whole of what there is now.
    }
  }
  const object = await env.BUCKET.get(key);
  if (!object) return undefined;
  const form = formOf(object, request, found);
  const verdict = judged(request.headers, form);
  if (verdict) {
    await object.body.cancel();
    return new Response(null, { status: verdict, headers: form.headers });
  }
  if (form.unpacks) return new Response(object.body.pipeThrough(new DecompressionStream('gzip')), { headers: form.headers });
  form.headers.set('Content-Length', String(object.size));
  return new Response(object.body, { headers: form.headers, encodeBody: 'manual' });
}

// Headers and validators of an object, as this client gets it.
function formOf(object, request, found) {
  const headers = new Headers(${asHeaders(OPEN_HEADERS)});
  object.writeHttpMetadata(headers);
  if (!headers.has('Cache-Control')) headers.set('Cache-Control', '${CACHE_CONTROL.ask}');
  let mark = '';
  if (found.form === 'v1+html') {
    headers.set('Content-Type', '${FORM_TYPES['v1+html']}');
    mark = '-v1';
  }
  // Pages that lie there packed (precompress in kho.toml) are unpacked for who cannot do it.
  const isPacked = headers.get('Content-Encoding') === 'gzip';
  const unpacks = isPacked && !takesGzip(request);
  if (unpacks) {
    headers.delete('Content-Encoding');
    mark += '-plain';
  }
  const vary = (found.form ? ['Accept'] : []).concat(isPacked ? ['Accept-Encoding'] : []);
  if (vary.length > 0) headers.set('Vary', vary.join(', '));
  if (found.isFile) headers.set('Accept-Ranges', 'bytes');
${policyLines(edge)}  const etag = object.httpEtag.replace(/"$/, mark + '"');
  headers.set('ETag', etag);
  const modified = object.uploaded.toUTCString();
  headers.set('Last-Modified', modified);
  return { headers, etag, modified, unpacks };
}

function takesGzip(request) {
  // Cloudflare writes a header of its own into the client's place.
  const accepts = (request.cf && request.cf.clientAcceptEncoding) || request.headers.get('Accept-Encoding') || '';
  return /(?:^|[\\s,])(?:gzip|\\*)(?!\\s*;\\s*q=0(?:\\.0*)?\\s*(?:,|$))/i.test(accepts);
}

// 304, 412, or nothing where the bytes are to be sent.
function judged(headers, { etag, modified }) {
  const match = headers.get('If-Match');
  const unmodified = headers.get('If-Unmodified-Since');
  if (match !== null ? !namesTag(match, etag, false) : Date.parse(unmodified || '') < Date.parse(modified)) return 412;
  const noneMatch = headers.get('If-None-Match');
  if (noneMatch !== null) return namesTag(noneMatch, etag, true) ? 304 : undefined;
  return Date.parse(headers.get('If-Modified-Since') || '') >= Date.parse(modified) ? 304 : undefined;
}

function namesTag(list, etag, isWeak) {
  if (list.trim() === '*') return true;
  // Tags may hold commas, so they are looked for as quoted texts.
  return (list.match(/(?:W\\/)?"[^"]*"/g) || []).some((tag) => tag === etag || (isWeak && tag === 'W/' + etag));
}

// Whether a part may be sent: of what the client has already.
function isOfSame(condition, { etag, modified }) {
  return condition === null || condition.trim() === etag || condition.trim() === modified;
}

// The one part asked for, in bytes; null where there is no such part, undefined where the whole is to be sent.
function partOf(range, size) {
  const found = /^\\s*bytes\\s*=\\s*(?:(\\d+)\\s*)?-\\s*(?:(\\d+)\\s*)?$/i.exec(range);
  if (!found || (found[1] === undefined && found[2] === undefined)) return undefined;
  if (found[1] === undefined) {
    const length = Math.min(Number(found[2]), size);
    return length === 0 ? null : { offset: size - length, length };
  }
  const offset = Number(found[1]);
  if (found[2] !== undefined && Number(found[2]) < offset) return undefined;
  const end = found[2] === undefined ? size : Math.min(Number(found[2]) + 1, size);
  return offset >= size ? null : { offset, length: end - offset };
}

// 404, and never 403, which would keep uv from looking at the next index.
async function missing(request, env) {
${lostLines(edge)}  return refusal(404, {});
}

const REFUSALS = ${JSON.stringify(REFUSALS, undefined, 2)};

function refusal(status, headers) {
  const all = { 'Content-Type': '${contentType(TEXT_TYPE)}', 'Cache-Control': '${CACHE_CONTROL.ask}', ...${asHeaders(OPEN_HEADERS)}, ...headers };
  return new Response(REFUSALS[status] + '\\n', { status, headers: all });
}
`;
}

/** That no other page may stand around a page, only a header can say. */
function policyLines({ site }: EdgeSite): string {
  if (site.pagePolicy === undefined) return '';
  return `  if (/${BEFORE_PROJECT.replaceAll('/', '\\/')}/.test('/' + found.key)) headers.set('Content-Security-Policy', ${JSON.stringify(site.pagePolicy)});\n`;
}

/** People who are lost find their way back; clients of the simple API are told the bare fact. */
function lostLines({ site }: EdgeSite): string {
  if (site.pagePolicy === undefined) return '';
  return `  if (/^(?!.*pypi\\.simple).*\\btext\\/html\\b/i.test(request.headers.get('Accept') || '')) {
    const page = await stored(new Request(request.url, { method: 'GET', headers: { 'Accept-Encoding': request.headers.get('Accept-Encoding') || '' } }), env, { key: '${LOST_PAGE}' });
    if (page) return new Response(request.method === 'HEAD' ? null : page.body, { status: 404, headers: page.headers, encodeBody: 'manual' });
  }
`;
}

function asHeaders(headers: readonly string[]): string {
  const pairs = headers.flatMap((name, place) => (place % 2 === 0 ? [`'${name}': '${headers[place + 1]}'`] : []));
  return `{ ${pairs.join(', ')} }`;
}
