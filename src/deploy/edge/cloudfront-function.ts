/**
 * The function that CloudFront runs before it looks for an answer: it writes the file that is meant into the address, so that JSON and HTML are
 * kept apart, and answers itself what no file is.
 *
 * Source: Amazon CloudFront Developer Guide, "JavaScript runtime 2.0 features", "CloudFront Functions event structure".
 */
import { KhoError } from '../../errors.ts';
import { CACHE_CONTROL } from '../../standards/http/cache-control.ts';
import { contentType, TEXT_TYPE } from '../../standards/http/media-types.ts';
import { OPEN_HEADERS, PREFLIGHT_HEADERS, READING_METHODS } from '../../standards/http/open-headers.ts';
import { edgeLogic } from './edge-logic.ts';
import type { EdgeSite } from './edge-site.ts';
import { REFUSALS } from './refusals.ts';

/** What CloudFront takes, comments and all. In bytes. */
export const LONGEST_FUNCTION = 10 * 1024;

/** Without its comments where it would be too long with them. @throws {KhoError} USAGE where it is even so */
export function cloudfrontFunction(site: EdgeSite): string {
  const whole = writtenOut(site);
  if (Buffer.byteLength(whole) <= LONGEST_FUNCTION) return whole;
  const bare = whole.replace(/^ *\/\/.*\n/gm, '');
  if (Buffer.byteLength(bare) <= LONGEST_FUNCTION) return bare;
  throw new KhoError(
    'USAGE',
    `Cannot write a function that CloudFront takes: it would be longer than ${LONGEST_FUNCTION} bytes`,
    {
      hint: 'the names of private repositories stand in it: give them shorter ones, or fewer',
    },
  );
}

function writtenOut(site: EdgeSite): string {
  return `${edgeLogic(site)}
function handler(event) {
  const request = event.request;
  if (request.method === 'OPTIONS') return answer(204, '', ${asHeaders(PREFLIGHT_HEADERS)});
  if (request.method !== 'GET' && request.method !== 'HEAD') return answer(405, REFUSALS[405], { allow: { value: '${READING_METHODS}' } });
  const found = locate(request.uri, queryOf(request.querystring), listOf(request.headers.accept));
  if (found.status === 301) return answer(301, REFUSALS[301], { location: { value: found.location } });
  if (found.status !== 200) return answer(found.status, REFUSALS[found.status], found.status === 406 ? { vary: { value: 'Accept' } } : {});
  request.uri = '/' + encoded(found.key);
  request.querystring = {};
  return request;
}

const REFUSALS = ${JSON.stringify(REFUSALS, undefined, 1)};

function answer(status, text, headers) {
  const all = ${asHeaders([...OPEN_HEADERS, 'Cache-Control', CACHE_CONTROL.ask])};
  for (const name in headers) all[name] = headers[name];
  if (text === '') return { statusCode: status, headers: all };
  all['content-type'] = { value: '${contentType(TEXT_TYPE)}' };
  return { statusCode: status, headers: all, body: { encoding: 'text', data: text + '\\n' } };
}

// A header that came several times is one list.
function listOf(header) {
  if (!header) return '';
  if (!header.multiValue) return header.value;
  const values = [];
  for (let i = 0; i < header.multiValue.length; i++) values.push(header.multiValue[i].value);
  return values.join(',');
}

function queryOf(querystring) {
  const parts = [];
  for (const name in querystring) parts.push(querystring[name].value === '' ? name : name + '=' + querystring[name].value);
  return parts.length > 0 ? '?' + parts.join('&') : '';
}
`;
}

function asHeaders(headers: readonly string[]): string {
  const pairs = headers.flatMap((name, place) =>
    place % 2 === 0 ? [`'${name.toLowerCase()}': { value: '${headers[place + 1]}' }`] : [],
  );
  return `{ ${pairs.join(', ')} }`;
}
