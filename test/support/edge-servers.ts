/** What kho prints for the edges of CDNs, as servers: each with what its maker runs around it, as far as clients can tell. */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { sentAs } from '../../src/publish/sent-as.ts';
import { parseByteRange } from '../../src/standards/http/byte-range.ts';
import { judgeConditions, mayAnswerInPart } from '../../src/standards/http/conditions.ts';
import { type LoopbackServer, startLoopbackServer } from './loopback-server.ts';
import { FakeR2, loadFunction, loadWorker, type StoredForR2, viewerRequest } from './run-edge.ts';

/** What lies in a bucket: files of a folder, what nobody may see among them. */
type Bucket = (key: string) => StoredForR2 | undefined;

/** @param keyPrefix with a slash at its end, or empty */
export function folderAsBucket(root: string, keyPrefix: string): Bucket {
  return (key) => {
    const path = key.slice(keyPrefix.length);
    const stats = key.startsWith(keyPrefix) ? fileAt(join(root, path)) : undefined;
    if (!stats?.isFile() || path.endsWith('/')) return undefined;
    const { type: contentType, cache: cacheControl } = sentAs(path, false);
    const uploaded = new Date(Math.floor(stats.mtimeMs / 1000) * 1000);
    return { body: readFileSync(join(root, path)), uploaded, httpMetadata: { contentType, cacheControl } };
  };
}

function fileAt(path: string) {
  try {
    return statSync(path);
  } catch {
    return undefined; // nothing, or a file where a folder would have to be
  }
}

function start(answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>): Promise<LoopbackServer> {
  return startLoopbackServer((request, response) => {
    answer(request, response).catch(() => response.writeHead(500).end());
  });
}

/** @param text of `kho config cloudflare` */
export function startWorker(text: string, bucket: Bucket): Promise<LoopbackServer> {
  const { worker } = loadWorker(text);
  return start(async ({ url = '', method = '', headers }, response) => {
    const address = `http://packages.example.org${url}`;
    if (!url.startsWith('/') || !URL.canParse(address) || ['TRACE', 'CONNECT'].includes(method))
      return void response.writeHead(400).end();
    const named = Object.entries(headers).filter((pair): pair is [string, string] => typeof pair[1] === 'string');
    const request = new Request(address, {
      method,
      headers: named.filter(([name]) => !/^(?:connection|content-length|expect|transfer-encoding)$/.test(name)),
    });
    const env = { BUCKET: new FakeR2(bucket) };
    const answer = await worker.fetch(request, env, { waitUntil: () => {} });
    const body = method === 'HEAD' ? undefined : Buffer.from(await answer.arrayBuffer());
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(body);
  });
}

interface HeaderPolicy {
  SecurityHeadersConfig: { ContentSecurityPolicy?: { ContentSecurityPolicy: string } };
  CustomHeadersConfig?: { Items: { Header: string; Value: string }[] };
}

/** Files that a script of `kho config cloudfront` writes. */
export function writtenFiles(script: string): Map<string, string> {
  const found = script.matchAll(
    /^cat >"\$WORK\/([\w.-]+)" <<(?:END|'END_OF_FUNCTION')\n([\s\S]*?)^END(?:_OF_FUNCTION)?$/gm,
  );
  return new Map([...found].map(([, name = '', content = '']) => [name, content]));
}

/** @param script that `kho config cloudfront` printed */
export function startCloudfront(script: string, bucket: Bucket): Promise<LoopbackServer> {
  const files = writtenFiles(script);
  const run = loadFunction(files.get('function.js') ?? '');
  const read = (name: string) => JSON.parse((files.get(`${name}.json`) ?? '').replace(/\$(?:NAMES|TLS)\b/g, '{}'));
  const { Origins, CacheBehaviors, CustomErrorResponses } = read('distribution');
  const policyOf = (path: string): HeaderPolicy => {
    const patterns: { PathPattern: string; ResponseHeadersPolicyId: string }[] = CacheBehaviors.Items;
    const first = patterns.find(({ PathPattern }) => path.includes(PathPattern.replaceAll('*', '')));
    return read((first?.ResponseHeadersPolicyId ?? '$OPEN').slice(1).toLowerCase());
  };
  const headersFor = (path: string) => {
    const { SecurityHeadersConfig, CustomHeadersConfig } = policyOf(path);
    const policy = SecurityHeadersConfig.ContentSecurityPolicy?.ContentSecurityPolicy;
    const custom = (CustomHeadersConfig?.Items ?? []).map(({ Header, Value }) => [Header, Value]);
    return {
      ...{ 'Access-Control-Allow-Origin': '*', 'X-Content-Type-Options': 'nosniff', ...Object.fromEntries(custom) },
      ...(policy !== undefined && { 'Content-Security-Policy': policy }),
    };
  };
  return start(async ({ url = '', method = '', headers }, response) => {
    if (!url.startsWith('/')) return void response.writeHead(400).end();
    if (!['GET', 'HEAD', 'OPTIONS'].includes(method)) return void response.writeHead(403).end(); // AllowedMethods
    const answer = run(viewerRequest(url, headers as Record<string, string>, method));
    if ('statusCode' in answer) {
      const said = Object.entries(answer.headers).map(([name, { value }]) => [name, value]);
      return void response
        .writeHead(answer.statusCode, Object.fromEntries(said))
        .end(method === 'HEAD' ? undefined : answer.body?.data);
    }
    const keyOf = (path: string) => decodeURIComponent(`${Origins.Items[0].OriginPath}${path}`.slice(1));
    const object = bucket(keyOf(answer.uri));
    if (!object) {
      const { ResponsePagePath, ResponseCode } = CustomErrorResponses.Items.find(
        ({ ErrorCode }: { ErrorCode: number }) => ErrorCode === 404,
      );
      const page = bucket(keyOf(ResponsePagePath));
      const about = {
        ...headersFor(ResponsePagePath),
        'Content-Type': 'text/html',
        'Cache-Control': page?.httpMetadata.cacheControl,
      };
      return void response.writeHead(Number(ResponseCode), about).end(method === 'HEAD' ? undefined : page?.body);
    }
    sendFromS3(object, { ...headersFor(url) }, { headers, method }, response);
  });
}

/** As S3 answers, and CloudFront from what it has of it. */
function sendFromS3(
  { body, uploaded, httpMetadata }: StoredForR2,
  more: Record<string, string>,
  { headers, method }: Pick<IncomingMessage, 'headers' | 'method'>,
  response: ServerResponse,
): void {
  const current = { etag: `"${createHash('md5').update(body).digest('hex')}"`, lastModified: uploaded.toUTCString() };
  const always = {
    ...more,
    ETag: current.etag,
    'Last-Modified': current.lastModified,
    'Cache-Control': httpMetadata.cacheControl,
    'Accept-Ranges': 'bytes',
  };
  const verdict = judgeConditions(headers, current);
  if (verdict !== 'send') return void response.writeHead(verdict === 'unchanged' ? 304 : 412, always).end();
  const about = { ...always, 'Content-Type': httpMetadata.contentType };
  const range = mayAnswerInPart(headers, current) ? parseByteRange(headers.range, body.length) : 'whole';
  if (range === 'unsatisfiable')
    return void response.writeHead(416, { ...always, 'Content-Range': `bytes */${body.length}` }).end();
  const { start: from, end } = range === 'whole' ? { start: 0, end: body.length } : range;
  const part = range === 'whole' ? {} : { 'Content-Range': `bytes ${from}-${end - 1}/${body.length}` };
  response.writeHead(range === 'whole' ? 200 : 206, { ...about, ...part, 'Content-Length': end - from });
  response.end(method === 'HEAD' ? undefined : body.subarray(from, end));
}
